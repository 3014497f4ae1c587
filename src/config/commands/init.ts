// SPDX-License-Identifier: GPL-2.0-or-later
import { existsSync } from 'node:fs';
import { type CommandRow, Status, UsageError, writeOutput } from './command.ts';

interface Options {
  readonly type?: string;
  readonly param?: string;
  readonly tap?: string;
  readonly ip?: string;
  readonly ipv6?: string;
  readonly gateway?: string;
  readonly gateway6?: string;
  readonly mtu?: string;
  readonly mac?: string;
  readonly force?: true;
}

export const init: CommandRow = {
  name: 'init',
  description: 'write a new configuration: it asks on a terminal, or takes options',
  define: (command) => {
    command
      .argument('[file]', 'a name .json5 or .jsonc gets comments; - is standard output', 'lkl-hijack.json')
      .option('--type <type>', 'what the interface is on the host: tap and others, see lkl-config explain type')
      .option('--param <text>', 'which one of that type it is')
      .option('--tap <name>', 'the tap device of the host: --type tap --param NAME')
      .option('--ip <address/length>', 'IPv4 address of the interface: 192.168.13.2/24')
      .option('--ipv6 <address/length>', 'IPv6 address of the interface: fd13::2/64')
      .option('--gateway <address>', 'IPv4 default gateway')
      .option('--gateway6 <address>', 'IPv6 default gateway')
      .option('--mtu <bytes>', 'largest packet')
      .option('--mac <address>', 'MAC address of the interface')
      .option('--force', 'write over a file that is there');
  },
  run: (command) => start(command.args[0] ?? 'lkl-hijack.json', command.opts<Options>()),
};

async function start(file: string, { force, ...options }: Options): Promise<Status> {
  if (file !== '-' && existsSync(file) && !force) {
    throw new UsageError(`${file}: it exists; name another file, or write over it with --force`);
  }
  const { answersDocument, checkAnswer, initialText } = await import('../initial.ts');
  const answers = Object.keys(options).length === 0 ? await ask() : new Map<string, string>();
  for (const [name, answer] of Object.entries(options)) {
    const problem = checkAnswer(name, answer);
    if (problem !== undefined) {
      throw new UsageError(`--${name}: ${problem}`);
    }
    answers.set(name, answer);
  }
  const { complain } = await import('./input.ts');
  const { lintText } = await import('../lint.ts');
  const text = initialText(answersDocument(answers), file);
  const errors = lintText(text, file, { rules: new Map() }).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    complain(errors.map((finding) => ({ name: file, finding })));
    return Status.findings;
  }
  if (file === '-') {
    process.stdout.write(text);
  } else {
    writeOutput(file, text, { flag: force ? 'w' : 'wx' });
    process.stderr.write(`${file} is written; lkl-hijack -c ${file} PROGRAM uses it\n`);
  }
  return Status.clean;
}

/** Asks on the terminal until each answer is sound or empty. */
async function ask(): Promise<Map<string, string>> {
  if (!process.stdin.isTTY) {
    throw new UsageError('there is no terminal to ask on: use options, see lkl-config init --help');
  }
  const { createInterface } = await import('node:readline');
  const { checkAnswer, QUESTIONS } = await import('../initial.ts');
  const answers = new Map<string, string>();
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Lines that come before their question wait here.
  const lines = terminal[Symbol.asyncIterator]();
  try {
    for (const { name, question } of QUESTIONS) {
      const words = question(answers);
      for (let open = words !== undefined; open; ) {
        terminal.setPrompt(`${words}: `);
        terminal.prompt();
        const line = await lines.next();
        if (line.done) {
          throw new UsageError('no more answers; nothing is written');
        }
        const answer = line.value.trim();
        const problem = answer === '' ? undefined : checkAnswer(name, answer);
        open = problem !== undefined;
        if (problem !== undefined) {
          process.stderr.write(`  ${problem}\n`);
        } else if (answer !== '') {
          answers.set(name, answer);
        }
      }
    }
  } finally {
    terminal.close();
  }
  return answers;
}
