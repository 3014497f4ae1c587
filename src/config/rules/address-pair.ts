// SPDX-License-Identifier: GPL-2.0-or-later
import { perInterface, type Rule } from './rule.ts';

const PAIRS = [
  ['ip', 'masklen'],
  ['ipv6', 'masklen6'],
] as const;

export const addressPair: Rule = {
  id: 'address-pair',
  severity: 'error',
  fatal: true,
  summary: 'An address has no prefix length, or a prefix length no address.',
  details: '`ip` and `masklen` belong together, and so do `ipv6` and `masklen6`.',
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ip": "192.168.0.2" }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ip": "192.168.0.2", "masklen": "24" }] }',
  check: perInterface((_one, path, { has }) =>
    PAIRS.flatMap(([address, length]) => {
      const present = has([...path, address]);
      if (present === has([...path, length])) {
        return [];
      }
      const [missing, other] = present ? [length, address] : [address, length];
      const related = [{ path: [...path, other], part: 'key' as const, message: `"${other}" is here` }];
      const help = `"${address}" and "${length}" belong together`;
      return [{ path: [...path, missing], part: 'value' as const, message: 'missing', help, related }];
    }),
  ),
};
