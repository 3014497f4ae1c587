// SPDX-License-Identifier: GPL-2.0-or-later
//
// A step of the build: `node main.js DIRECTORY` writes manual pages and completions, which are made from the
// definitions of the command lines.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { shells } from '../config/completion/index.ts';
import { programWords } from '../config/completion/words.ts';
import { makeProgram } from '../config/program.ts';
import { makeCommand } from '../launcher/cli.ts';
import { manualPages } from './pages.ts';

/** The names under which shells look for completions. */
const COMPLETIONS = { bash: 'lkl-config.bash', zsh: '_lkl-config', fish: 'lkl-config.fish' } as const;

const [directory = '.'] = process.argv.slice(2);
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

function write(folder: string, name: string, text: string): void {
  mkdirSync(path.join(directory, folder), { recursive: true });
  writeFileSync(path.join(directory, folder, name), text);
}

for (const [name, text] of manualPages(version)) {
  write('man', name, text);
}
const programs = [makeProgram(() => undefined), makeCommand()].map(programWords);
for (const shell of ['bash', 'zsh', 'fish'] as const) {
  write('completion', COMPLETIONS[shell], shells[shell](programs));
}
