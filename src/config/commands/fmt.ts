// SPDX-License-Identifier: GPL-2.0-or-later
import { type CommandRow, Status, writeOutput } from './command.ts';

interface Options {
  readonly check?: true;
  readonly diff?: true;
  readonly stdinFilename?: string;
}

export const fmt: CommandRow = {
  name: 'fmt',
  description: 'lay files out; - is standard input, whose result goes to standard output',
  define: (command) => {
    command
      .argument('<files...>')
      .option('--check', 'change nothing; name the files that would be changed, and exit with 1 if there are any')
      .option('--diff', 'change nothing; show what would be changed, and exit with 1 if there is something')
      .option('--stdin-filename <name>', 'what standard input is, such as x.json5', 'stdin.json');
  },
  run: (command) => formatFiles(command.args, command.opts<Options>()),
};

async function formatFiles(files: readonly string[], { check, diff, stdinFilename = '' }: Options): Promise<Status> {
  const { formatText } = await import('../format.ts');
  const { unifiedDiff } = await import('../diff.ts');
  const { isReadable, readInput } = await import('./input.ts');
  let status: Status = Status.clean;
  for (const file of files) {
    const name = file === '-' ? stdinFilename : file;
    const text = readInput(file);
    if (!isReadable(name, text)) {
      status = Status.usage;
      continue;
    }
    const formatted = formatText(text);
    if (check || diff) {
      if (formatted !== text) {
        process.stdout.write(diff ? unifiedDiff(name, text, formatted) : `${name}\n`);
        status = status === Status.clean ? Status.findings : status;
      }
    } else if (file === '-') {
      process.stdout.write(formatted);
    } else if (formatted !== text) {
      writeOutput(file, formatted);
    }
  }
  return status;
}
