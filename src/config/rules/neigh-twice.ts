// SPDX-License-Identifier: GPL-2.0-or-later
import { entryPath } from './lists.ts';
import { parseAddress } from './net.ts';
import { perInterface, type Rule } from './rule.ts';

export const neighTwice: Rule = {
  id: 'neigh-twice',
  severity: 'warning',
  summary: 'A neighbour is given twice.',
  details: 'They are set in their order: the MAC address of the last one counts.',
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ipv6": "fd00::2", "masklen6": "64", "neigh": "fd00::1|12:34:56:78:9a:bc;FD00:0::1|12:34:56:78:9a:bd" }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ipv6": "fd00::2", "masklen6": "64", "neigh": "fd00::1|12:34:56:78:9a:bc" }] }',
  check: perInterface(({ neigh = [] }, path, { raw }) => {
    const ids = neigh.map(({ ip }) => {
      const { bits, value } = parseAddress(ip);
      return `${bits} ${value}`;
    });
    return neigh.flatMap(({ ip }, index) =>
      ids.indexOf(ids[index] ?? '') === index
        ? []
        : [
            {
              path: entryPath(raw, 'neigh', index, ip, path),
              part: 'value' as const,
              message: `${ip} is given twice`,
              help: 'remove one of them',
            },
          ],
    );
  }),
};
