// SPDX-License-Identifier: GPL-2.0-or-later
import { existsSync } from 'node:fs';
import type { Effective } from '../effective.ts';
import { type CommandRow, defineWhole, Status, UsageError, type WholeOptions } from './command.ts';

interface Options extends WholeOptions {
  readonly key?: string;
  readonly json?: true;
}

export const show: CommandRow = {
  name: 'show',
  description: 'show a configuration as it is in force, where each value comes from, and a drawing of its network',
  define: (command) => {
    defineWhole(command, '; and keys, such as gateway or interfaces.0, to be shown alone');
    command
      .option('--key <key>', 'show the value of this key alone: interfaces.0.mtu')
      .option('--json', 'show it as JSON');
  },
  run: (command) => showWhole(command.args, command.opts<Options>()),
};

async function showWhole(args: readonly string[], { set = [], key, json }: Options): Promise<Status> {
  const { globalKeys } = await import('../keys.ts');
  const isKey = (argument: string): boolean =>
    /^interfaces(?:$|[.[])/.test(argument) || Object.hasOwn(globalKeys, argument.replace(/\..*/, ''));
  const { complain, userVariables, wholeTexts } = await import('./input.ts');
  const { combineAndCheck } = await import('../combine.ts');
  const { effectiveValues } = await import('../effective.ts');
  // A file of the name of a key is a file.
  const keys = args.filter((argument) => isKey(argument) && !existsSync(argument));
  const files = args.filter((argument) => !keys.includes(argument));
  const combined = combineAndCheck({ variables: userVariables(), texts: wholeTexts(files, true), assignments: set });
  complain(combined.found);
  if (combined.found.some(({ finding }) => finding.severity === 'error')) {
    return Status.findings;
  }
  const values = effectiveValues(combined);
  const rows = values.flatMap((value) => value.members ?? [value]);
  if (key !== undefined) {
    const found = [...values, ...rows].find((value) => value.path.join('.') === key || value.key === key);
    if (found === undefined) {
      throw noValue(key);
    }
    process.stdout.write(`${valueText(found.value)}\n`);
    return Status.clean;
  }
  if (keys.length > 0) {
    print(keys.flatMap((one) => rowsOf(one, rows)));
    return Status.clean;
  }
  const { topologyOf } = await import('../topology.ts');
  const topology = topologyOf(combined.document);
  if (json) {
    const shown = rows.map(({ key: name, value, origin }) => ({ key: name, value, origin }));
    process.stdout.write(`${JSON.stringify({ values: shown, topology }, null, 2)}\n`);
    return Status.clean;
  }
  const { drawTopology } = await import('../draw.ts');
  print(rows);
  process.stdout.write(`\n${drawTopology(topology)}`);
  return Status.clean;
}

/** The rows of a key, or of all in it. */
function rowsOf(key: string, rows: readonly Effective[]): Effective[] {
  const name = key.replace(/^interfaces\.(\d+)/, 'interfaces[$1]');
  const found = rows.filter(
    (row) => row.key === name || row.key.startsWith(`${name}.`) || row.key.startsWith(`${name}[`),
  );
  if (found.length === 0) {
    throw noValue(key);
  }
  return found;
}

function noValue(key: string): UsageError {
  return new UsageError(
    `${key}: it has no value and no default; lkl-config explain ${key.replace(/.*\./, '')} tells more`,
  );
}

function print(rows: readonly Effective[]): void {
  const keyWidth = Math.max(...rows.map(({ key }) => key.length));
  const valueWidth = Math.min(40, Math.max(...rows.map(({ value }) => valueText(value).length)));
  for (const { key, value, origin } of rows) {
    process.stdout.write(`${key.padEnd(keyWidth)}  ${valueText(value).padEnd(valueWidth)}  ${origin}\n`);
  }
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
