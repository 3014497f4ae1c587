// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync } from 'node:fs';
import { type CommandRow, Status } from './command.ts';

export const lint: CommandRow = {
  name: 'lint',
  alias: 'check',
  description: 'check configuration files; - is standard input',
  define: (command) => {
    command.argument('<files...>');
  },
  run: ({ args }) => lintFiles(args),
};

/** Prints all findings of all files to standard output, and how many there are to standard error. */
async function lintFiles(files: readonly string[]): Promise<Status> {
  const { checkText } = await import('../check.ts');
  const { findingLine } = await import('../report.ts');
  let status: Status = Status.clean;
  let count = 0;
  for (const file of files) {
    let text: string;
    try {
      text = readFileSync(file === '-' ? 0 : file, 'utf8');
    } catch (error) {
      process.stderr.write(`lkl-config: ${file}: ${error instanceof Error ? error.message : String(error)}\n`);
      status = Status.usage;
      continue;
    }
    const { findings } = checkText(text);
    count += findings.length;
    for (const finding of findings) {
      process.stdout.write(`${findingLine(file, finding)}\n`);
    }
  }
  if (count > 0) {
    process.stderr.write(`${count} ${count === 1 ? 'finding' : 'findings'}\n`);
  }
  return status === Status.clean && count > 0 ? Status.findings : status;
}
