// SPDX-License-Identifier: GPL-2.0-or-later
import type { Rule } from './rule.ts';

/** With less the kernel panics while it boots: measured with one interface. */
const LEAST = 4n << 20n;

/** The receive buffers of an interface: 256 of a packet each. */
const OF_INTERFACE = 512n << 10n;

const UNITS: Readonly<Record<string, bigint>> = { '': 0n, k: 10n, m: 20n, g: 30n, t: 40n, p: 50n, e: 60n };

export const memorySize: Rule = {
  id: 'memory-size',
  severity: 'error',
  summary: 'What `mem=` on the command line says is no size of memory, or too small.',
  details:
    'The size is a number with K, M or G behind it (lib/cmdline.c of the kernel). With less than 4 MB it does not boot; the buffers of an interface are half a MB, and connections need some more. Without `mem=` it has 256 MB, and more for more than 128 interfaces.',
  bad: '{ "boot_cmdline": "mem=1M" }',
  good: '{ "boot_cmdline": "mem=64M" }',
  check: ({ configuration: { boot_cmdline = '', interfaces = [] } }) =>
    [...boot_cmdline.matchAll(/(?:^| )mem=(\S*)/g)].flatMap(([, size = '']) => {
      const bytes = parseSize(size);
      const needed = LEAST + BigInt(interfaces.length) * OF_INTERFACE;
      return bytes !== undefined && bytes >= needed
        ? []
        : [
            {
              path: ['boot_cmdline'],
              part: 'value' as const,
              message: bytes === undefined ? `mem=${size} is no size` : `mem=${size} is too small`,
              help:
                bytes === undefined || bytes < LEAST
                  ? 'write such as mem=64M or mem=1G'
                  : `the buffers of ${interfaces.length} interfaces alone are ${(needed - LEAST) >> 20n} MB`,
            },
          ];
    }),
};

function parseSize(text: string): bigint | undefined {
  const match = /^(0[xX][0-9a-fA-F]+|\d+)([kmgtpe]?)$/i.exec(text);
  const unit = UNITS[match?.[2]?.toLowerCase() ?? '-'];
  return match?.[1] === undefined || unit === undefined ? undefined : BigInt(match[1]) << unit;
}
