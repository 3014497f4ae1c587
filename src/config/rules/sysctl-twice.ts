// SPDX-License-Identifier: GPL-2.0-or-later
import { entryPath } from './lists.ts';
import type { Rule } from './rule.ts';
import { sysctlPath } from './sysctl-table.ts';

export const sysctlTwice: Rule = {
  id: 'sysctl-twice',
  severity: 'warning',
  summary: 'A sysctl is set twice.',
  details: 'They are written in their order: the last one counts.',
  bad: '{ "sysctl": "net.ipv4.ip_forward=1;net/ipv4/ip_forward=0" }',
  good: '{ "sysctl": "net.ipv4.ip_forward=0" }',
  check: ({ configuration: { sysctl = [] }, raw }) => {
    const paths = sysctl.map(({ name }) => sysctlPath(name));
    return sysctl.flatMap(({ name }, index) => {
      const first = paths.indexOf(paths[index] ?? '');
      return first === index
        ? []
        : [
            {
              path: entryPath(raw, 'sysctl', index, name),
              part: 'value' as const,
              message: `${name} is set twice`,
              help: 'remove one of them',
              related: [
                {
                  path: entryPath(raw, 'sysctl', first, sysctl[first]?.name ?? ''),
                  part: 'value' as const,
                  message: 'first set here',
                },
              ],
            },
          ];
    });
  },
};
