// SPDX-License-Identifier: GPL-2.0-or-later
import { type CommandRow, Status, UsageError } from './command.ts';

export const explain: CommandRow = {
  name: 'explain',
  description: 'explain a key, a variable, a rule, or a value: explain mtu, explain offload 0xc803, explain 0xc803',
  define: (command) => {
    command.argument('<subject>', 'KEY, VARIABLE, RULE or VALUE').argument('[values...]', 'values of the key');
  },
  run: async ({ args: [subject = '', ...values] }) => {
    const { explainKey, explainRule, explainValue, explainVariable, nearestSubject } = await import('../explain.ts');
    const explanation =
      explainKey(subject, values) ??
      (values.length === 0 ? (explainVariable(subject) ?? explainRule(subject) ?? explainValue(subject)) : undefined);
    if (explanation === undefined) {
      const near = nearestSubject(subject);
      const hint = near === undefined ? 'lkl-config explain interfaces lists keys' : `did you mean ${near}?`;
      throw new UsageError(`${subject}: there is no such key, variable, rule or value; ${hint}`);
    }
    process.stdout.write(explanation.text);
    return explanation.sound ? Status.clean : Status.findings;
  },
};
