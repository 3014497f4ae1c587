// SPDX-License-Identifier: GPL-2.0-or-later
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { type CommandRow, Status } from './command.ts';

const MARKS = { good: 'ok     ', missing: 'missing', bad: 'FAILED ' } as const;

export const doctor: CommandRow = {
  name: 'doctor',
  description: 'look at this host for what lkl-hijack needs, and whether PROGRAMs can be hijacked',
  define: (command) => {
    command.argument('[programs...]', 'names or paths of programs').option('--json', 'tell the results as JSON');
  },
  run: (command) => look(command.args, command.opts<{ json?: true }>()),
};

async function look(programs: readonly string[], { json }: { readonly json?: true }): Promise<Status> {
  const { examine } = await import('../doctor.ts');
  const { userVariables } = await import('./input.ts');
  const root = path.dirname(path.dirname(realpathSync(process.argv[1] ?? '')));
  const results = examine({ variables: userVariables(), root, files: '/', programs });
  if (json) {
    process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  } else {
    const width = Math.max(...results.map(({ subject }) => subject.length));
    for (const { subject, state, message, remedy } of results) {
      process.stdout.write(`${MARKS[state]}  ${subject.padEnd(width)}  ${message}\n`);
      if (remedy !== undefined) {
        process.stdout.write(`${' '.repeat(width + 11)}${remedy}\n`);
      }
    }
  }
  return results.some(({ state }) => state === 'bad') ? Status.findings : Status.clean;
}
