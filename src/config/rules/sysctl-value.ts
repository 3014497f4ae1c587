// SPDX-License-Identifier: GPL-2.0-or-later
import { entryPath } from './lists.ts';
import type { Rule } from './rule.ts';
import { findSysctl, sysctlPath } from './sysctl-table.ts';

export const sysctlValue: Rule = {
  id: 'sysctl-value',
  severity: 'error',
  summary: 'A sysctl that holds numbers is given something else.',
  details: 'The kernel refuses text where it wants a number, and ignores numbers beyond those that there are.',
  bad: '{ "sysctl": "net.ipv4.ip_forward=yes" }',
  good: '{ "sysctl": "net.ipv4.ip_forward=1" }',
  check: ({ configuration: { sysctl = [] }, raw }) =>
    sysctl.flatMap(({ name, value }, index) => {
      const { numbers } = findSysctl(sysctlPath(name)) ?? { numbers: 0 };
      const given = value.split(/[ \t]+/).filter((word) => word !== '');
      const sound = given.every((word) => /^-?(0[xX][0-9a-fA-F]+|\d+)$/.test(word));
      if (numbers === 0 || (given.length > 0 && given.length <= numbers && sound)) {
        return [];
      }
      return [
        {
          path: entryPath(raw, 'sysctl', index, name),
          part: 'value' as const,
          message: `${name} holds ${numbers === 1 ? 'a number' : `${numbers} numbers`}, and ${JSON.stringify(value)} is not`,
          help: `write such as ${name}=${['4096', '87380', '2147483647'].slice(0, numbers).join(' ')}`,
        },
      ];
    }),
};
