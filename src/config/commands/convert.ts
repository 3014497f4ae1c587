// SPDX-License-Identifier: GPL-2.0-or-later
import { type CommandRow, defineWhole, Status, UsageError, type WholeOptions } from './command.ts';

interface Options extends WholeOptions {
  readonly fromEnv?: true;
  readonly toEnv?: true;
  readonly substitute?: true;
}

export const convert: CommandRow = {
  name: 'convert',
  description: 'write a configuration as strict JSON, or as environment variables',
  define: (command) => {
    defineWhole(command);
    command
      .option('--from-env', 'take what the variables LKL_HIJACK_* say')
      .option('--to-env', 'write variables, as shell code')
      .option('--substitute', 'put values in place of ${VAR}; else the launcher does that at each start');
  },
  run: (command) => write(command.args, command.opts<Options>()),
};

async function write(files: readonly string[], { set = [], fromEnv, toEnv, substitute }: Options): Promise<Status> {
  const { complain, userVariables, wholeTexts } = await import('./input.ts');
  const { combine, combineAndCheck } = await import('../combine.ts');
  if (fromEnv && files.length > 0) {
    throw new UsageError('--from-env and files exclude each other');
  }
  const variables = [...userVariables()].filter(([name]) => fromEnv || !name.startsWith('LKL_HIJACK_'));
  // Variables have a value for every reference.
  const references = substitute === true || toEnv === true;
  const parts = {
    variables: new Map(variables),
    texts: fromEnv ? [] : wholeTexts(files, references),
    assignments: set,
  };
  // A reference is no address yet: what still has some is not judged.
  const { document, found } = fromEnv || references ? combineAndCheck(parts) : combine(parts);
  const errors = found.filter(({ finding }) => finding.severity === 'error');
  complain(errors);
  if (errors.length > 0) {
    return Status.findings;
  }
  if (!toEnv) {
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return Status.clean;
  }
  const { toVariables } = await import('../convert.ts');
  const { quote } = await import('../../launcher/shell.ts');
  const form = toVariables(document);
  for (const reason of form.lost) {
    process.stderr.write(`lkl-config: ${reason}\n`);
  }
  if (form.lost.length > 0) {
    return Status.findings;
  }
  for (const [name, value] of form.variables) {
    process.stdout.write(`export ${name}=${quote(value)}\n`);
  }
  return Status.clean;
}
