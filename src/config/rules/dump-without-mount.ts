// SPDX-License-Identifier: GPL-2.0-or-later
import { entryPath } from './lists.ts';
import type { Rule } from './rule.ts';

/** Directories that are only there once something is mounted on them. */
const MOUNTED = ['proc', 'sysfs', 'devtmpfs', 'ramfs', 'tmpfs'];

export const dumpWithoutMount: Rule = {
  id: 'dump-without-mount',
  severity: 'warning',
  summary: 'A file to be printed is in a file system that is not mounted.',
  details: '`dump` reads files inside LKL, where `/sysfs` is there only if `mount` has `sysfs`.',
  bad: '{ "dump": "/sysfs/class/net/lo/mtu" }',
  good: '{ "mount": "sysfs", "dump": "/sysfs/class/net/lo/mtu" }',
  check: ({ configuration: { dump = [], mount = [] }, raw, has }) =>
    dump.flatMap((file, index) => {
      const top = file.split('/')[1] ?? '';
      return !MOUNTED.includes(top) || mount.includes(top) || (has(['mount']) && mount.length === 0)
        ? []
        : [
            {
              path: entryPath(raw, 'dump', index),
              part: 'value' as const,
              message: `nothing is mounted on /${top}`,
              help: `add ${top} to "mount"`,
            },
          ];
    }),
};
