// SPDX-License-Identifier: GPL-2.0-or-later
import { nearest } from '../nearest.ts';
import { entryPath } from './lists.ts';
import type { Rule } from './rule.ts';
import { findSysctl, sysctlNames, sysctlPath } from './sysctl-table.ts';

export const sysctlUnknown: Rule = {
  id: 'sysctl-unknown',
  severity: 'error',
  summary: "LKL's kernel has no such sysctl.",
  details:
    'Setting it stops the start. Names below `net` are compared with those of the kernel that lkl-hijack is built with; others are not known here.',
  bad: '{ "sysctl": "net.ipv4.tcp_wmen=4096 87380 2147483647" }',
  good: '{ "sysctl": "net.ipv4.tcp_wmem=4096 87380 2147483647" }',
  check: ({ configuration: { sysctl = [] }, raw }) =>
    sysctl.flatMap(({ name }, index) => {
      const path = sysctlPath(name);
      if (!path.startsWith('net/') || findSysctl(path) !== undefined) {
        return [];
      }
      const near = nearest(path, sysctlNames())?.replaceAll('/', '.');
      return [
        {
          path: entryPath(raw, 'sysctl', index, name),
          part: 'value' as const,
          message: `there is no sysctl ${name}`,
          help: near === undefined ? 'correct the name' : `did you mean ${near}?`,
        },
      ];
    }),
};
