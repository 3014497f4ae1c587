// SPDX-License-Identifier: GPL-2.0-or-later
//
// lkl-config.
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { checkText } from './check.ts';
import { findingLine } from './report.ts';
import { schemaText } from './schema.ts';

const Status = { clean: 0, findings: 1, usage: 2, internal: 3 } as const;

/** Prints all findings of all files to standard output, and how many there are to standard error. */
function lint(files: readonly string[]): number {
  let status: number = Status.clean;
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

function main(): void {
  const command = new Command('lkl-config')
    .description('Works on configuration files of lkl-hijack.')
    .helpCommand(false)
    .addHelpText('after', '\nExit status: 0 clean, 1 findings, 2 usage or unreadable input, 3 internal error.');
  // Before the subcommands, which inherit it.
  command.exitOverride();
  command
    .command('lint')
    .alias('check')
    .description('check configuration files; - is standard input')
    .argument('<files...>')
    .action((files: string[]) => {
      process.exitCode = lint(files);
    });
  command
    .command('schema')
    .description('print the JSON Schema of configuration files')
    .action(() => {
      process.stdout.write(schemaText());
    });
  try {
    command.parse();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? Status.clean : Status.usage;
      return;
    }
    process.stderr.write(`lkl-config: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = Status.internal;
  }
}

main();
