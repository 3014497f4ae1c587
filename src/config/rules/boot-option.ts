// SPDX-License-Identifier: GPL-2.0-or-later
import type { Rule } from './rule.ts';

export const bootOption: Rule = {
  id: 'boot-option',
  severity: 'error',
  fatal: true,
  summary: 'An option on the command line that the kernel does not start with.',
  details:
    'With `rdinit=` the kernel looks for another first program than the one of LKL, and with `kernelcore=` or `movablecore=` it keeps memory from itself that it needs: it would panic.',
  bad: '{ "boot_cmdline": "rdinit=/sbin/init" }',
  good: '{ "boot_cmdline": "mem=64M" }',
  check: ({ configuration: { boot_cmdline = '' } }) => {
    // linux/lib/command_line.c has the same.
    const [option] = /(?<=^| )(?:rdinit|kernelcore|movablecore)=\S*/.exec(boot_cmdline) ?? [];
    return option === undefined
      ? []
      : [
          {
            path: ['boot_cmdline'],
            part: 'value',
            message: `the kernel does not start with ${option}`,
            help: 'leave it out',
          },
        ];
  },
};
