// SPDX-License-Identifier: GPL-2.0-or-later
import { type Command, InvalidArgumentError, Option } from 'commander';
import { append, type CommandRow } from './command.ts';

const FORMATS = ['auto', 'pretty', 'unix', 'json', 'sarif', 'github', 'junit'] as const;

/** What the command line says. */
export interface LintOptions {
  readonly format: (typeof FORMATS)[number];
  readonly output?: string;
  readonly fix?: true;
  readonly live?: true;
  readonly maxWarnings?: number;
  readonly quiet?: true;
  readonly rule: readonly string[];
  readonly stdinFilename?: string;
  readonly watch?: true;
}

export const lint: CommandRow = {
  name: 'lint',
  alias: 'check',
  description: 'check configuration files',
  define: (command) => {
    command
      .argument(
        '[files...]',
        'files, patterns, directories to search for lkl-hijack*.json and .json5, - for standard input',
        ['.'],
      )
      .addOption(new Option('-f, --format <format>', 'how findings are told').choices(FORMATS).default('auto'))
      .option('-o, --output <file>', 'write them to a file')
      .option('--fix', 'put right what safely can be')
      .option('--live', 'look also whether this host has what is named')
      .option('--max-warnings <number>', 'fail if there are more warnings', wholeNumber)
      .option('-q, --quiet', 'tell errors only')
      .option('--rule <id=level>', 'off, info, warn or error for a rule; may be repeated', append, [])
      .option('--stdin-filename <name>', 'what standard input is called')
      .option('-w, --watch', 'check again whenever a file changes, until it is interrupted')
      .addHelpText(
        'after',
        `
The format auto is github in a GitHub workflow, pretty on a terminal, else unix.
Settings for a project are in package.json: { "lkl-hijack": { "lint": { "rules": { "ID": "warn" }, "maxWarnings": 0 } } }
In JSON5 a comment is against a finding: // lkl-config-disable-next-line ID`,
      );
  },
  run: async (command: Command) => {
    const options = command.opts<LintOptions>();
    const [targets] = command.processedArgs;
    if (options.watch) {
      const { watchFiles } = await import('../watch.ts');
      return watchFiles(targets, options);
    }
    const { lintFiles } = await import('../lint-files.ts');
    return lintFiles(targets, options);
  },
};

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new InvalidArgumentError('It is not a number.');
  }
  return Number(text);
}
