// SPDX-License-Identifier: GPL-2.0-or-later
import { type CommandRow, defineWhole, Status, UsageError, type WholeOptions } from './command.ts';

interface Options extends WholeOptions {
  readonly key?: string;
  readonly json?: true;
}

export const show: CommandRow = {
  name: 'show',
  description: 'show a configuration as it is in force, where each value comes from, and a drawing of its network',
  define: (command) => {
    defineWhole(command);
    command
      .option('--key <key>', 'show the value of this key alone: interfaces.0.mtu')
      .option('--json', 'show it as JSON');
  },
  run: (command) => showWhole(command.args, command.opts<Options>()),
};

async function showWhole(files: readonly string[], { set = [], key, json }: Options): Promise<Status> {
  const { complain, userVariables, wholeTexts } = await import('./input.ts');
  const { combineAndCheck } = await import('../combine.ts');
  const { effectiveValues } = await import('../effective.ts');
  const combined = combineAndCheck({ variables: userVariables(), texts: wholeTexts(files, true), assignments: set });
  complain(combined.found);
  if (combined.found.some(({ finding }) => finding.severity === 'error')) {
    return Status.findings;
  }
  const values = effectiveValues(combined);
  if (key !== undefined) {
    const found = values.find((value) => value.path.join('.') === key || value.key === key);
    if (found === undefined) {
      throw new UsageError(
        `${key}: it has no value and no default; lkl-config explain ${key.replace(/.*\./, '')} tells more`,
      );
    }
    process.stdout.write(`${valueText(found.value)}\n`);
    return Status.clean;
  }
  const { topologyOf } = await import('../topology.ts');
  const topology = topologyOf(combined.document);
  if (json) {
    const shown = values.map(({ path: _, ...value }) => value);
    process.stdout.write(`${JSON.stringify({ values: shown, topology }, null, 2)}\n`);
    return Status.clean;
  }
  const { drawTopology } = await import('../draw.ts');
  const keyWidth = Math.max(...values.map((value) => value.key.length));
  const valueWidth = Math.min(40, Math.max(...values.map(({ value }) => valueText(value).length)));
  for (const { key: name, value, origin } of values) {
    process.stdout.write(`${name.padEnd(keyWidth)}  ${valueText(value).padEnd(valueWidth)}  ${origin}\n`);
  }
  process.stdout.write(`\n${drawTopology(topology)}`);
  return Status.clean;
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
