// SPDX-License-Identifier: GPL-2.0-or-later
import { makeProgram } from '../config/program.ts';
import { otherVariables } from '../config/variables.ts';
import { makeCommand } from '../launcher/cli.ts';
import { type Extras, manualPage } from './page.ts';

const LAUNCHER: Extras = {
  sections: [
    {
      title: 'Exit status',
      text: [
        ['125', 'lkl-hijack itself failed: the configuration is wrong, or the network cannot be set up.'],
        ['126', 'The program cannot be executed, or could not be hijacked.'],
        ['127', 'The program is not found.'],
        ['else', "The program's own."],
      ],
    },
    {
      title: 'Environment',
      text: [
        ...Object.entries(otherVariables),
        ['LKL_HIJACK_*', 'Single values of a configuration; lkl-config explain tells of each.'],
      ],
    },
    {
      title: 'Files',
      text: [
        [
          'lkl-hijack.json',
          'In the current directory: the configuration, unless another is named. Also .jsonc, .json5.',
        ],
      ],
    },
  ],
  seeAlso: ['lkl-config(1)', 'ip(8)', 'ld.so(8)'],
};

const CONFIG: Extras = {
  sections: [
    {
      title: 'Exit status',
      text: [
        ['0', 'Clean.'],
        ['1', 'There are findings.'],
        ['2', 'Wrong usage, or input that cannot be read.'],
        ['3', 'Internal error.'],
      ],
    },
  ],
  seeAlso: ['lkl-hijack(1)'],
};

/** The manual pages by the names of their files. */
export function manualPages(version: string): ReadonlyMap<string, string> {
  return new Map([
    ['lkl-hijack.1', manualPage(makeCommand(), version, LAUNCHER)],
    [
      'lkl-config.1',
      manualPage(
        makeProgram(() => undefined),
        version,
        CONFIG,
      ),
    ],
  ]);
}
