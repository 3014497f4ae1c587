// SPDX-License-Identifier: GPL-2.0-or-later
import type { Rule } from './rule.ts';

/** In MB; with less the kernel panics while it boots. linux/lib/memory.c has the same. */
const KERNEL = 8;

/** Half of it is receive buffers. With less, one interface comes up and the next does not. */
const INTERFACE = 1;

const UNITS: Readonly<Record<string, bigint>> = { '': 0n, k: 10n, m: 20n, g: 30n, t: 40n, p: 50n, e: 60n };

export const memorySize: Rule = {
  id: 'memory-size',
  severity: 'error',
  fatal: true,
  summary: 'What `mem=` on the command line says is no size of memory, or too small.',
  details: `The size is a number with K, M or G behind it (lib/cmdline.c of the kernel); of several, the last one counts. The kernel needs ${KERNEL} MB to boot and ${INTERFACE} MB for each interface, and connections need some more. Without \`mem=\` it has 256 MB, and more for more than 128 interfaces.`,
  bad: '{ "boot_cmdline": "mem=1M" }',
  good: '{ "boot_cmdline": "mem=64M" }',
  check: ({ configuration: { boot_cmdline = '', interfaces = [] } }) => {
    const [, size] = [...boot_cmdline.matchAll(/(?:^| )mem=(\S*)/g)].at(-1) ?? [];
    if (size === undefined) {
      return [];
    }
    const bytes = parseSize(size);
    const needed = KERNEL + INTERFACE * interfaces.length;
    if (bytes !== undefined && bytes >= BigInt(needed) << 20n) {
      return [];
    }
    const many = interfaces.length === 1 ? '1 interface' : `${interfaces.length} interfaces`;
    return [
      {
        path: ['boot_cmdline'],
        part: 'value',
        message: bytes === undefined ? `mem=${size} is no size` : `mem=${size} is too small`,
        help:
          bytes === undefined
            ? 'write such as mem=64M or mem=1G'
            : `the kernel with ${many} needs mem=${needed}M or more`,
      },
    ];
  },
};

/** As strtoull() of base 0 and the kernel's memparse(). */
function parseSize(text: string): bigint | undefined {
  const match = /^(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)([kmgtpe]?)$/i.exec(text);
  const [, number, suffix] = match ?? [];
  const unit = UNITS[suffix?.toLowerCase() ?? '-'];
  return number === undefined || unit === undefined ? undefined : BigInt(number.replace(/^0(?=\d)/, '0o')) << unit;
}
