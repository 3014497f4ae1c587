// SPDX-License-Identifier: GPL-2.0-or-later
import { perInterface, type Rule } from './rule.ts';

export const macNotLocal: Rule = {
  id: 'mac-not-local',
  severity: 'info',
  summary: 'A MAC address is of the range that makers of hardware are given.',
  details:
    'Addresses that nobody is given have the second lowest bit of their first octet set (IEEE 802, 8.4): the second digit is 2, 6, a or e.',
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0", "mac": "10:34:56:78:9a:bc" }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0", "mac": "12:34:56:78:9a:bc" }] }',
  check: perInterface(({ mac }, path) => {
    const first = mac === undefined ? 2 : Number.parseInt(mac.slice(0, 2), 16);
    return first & 2
      ? []
      : [
          {
            path: [...path, 'mac'],
            part: 'value',
            message: `${mac} may be the address of a real device`,
            help: `write ${(first | 2).toString(16).padStart(2, '0')}${mac?.slice(2)}, which is nobody's`,
          },
        ];
  }),
};
