// SPDX-License-Identifier: GPL-2.0-or-later
import { perInterface, type Rule } from './rule.ts';

export const ipv6WithMasklen: Rule = {
  id: 'ipv6-with-masklen',
  severity: 'error',
  fatal: true,
  summary: 'The prefix length of an IPv6 address is written as `masklen`.',
  details:
    'The documentation of the first LKL hijack library has this slip in its samples. `masklen` is the prefix length of `ip`; that of `ipv6` is `masklen6`.',
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ipv6": "2001:db8::2", "masklen": "64" }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ipv6": "2001:db8::2", "masklen6": "64" }] }',
  check: perInterface((_one, path, { has, twice }) => {
    const masklen = [...path, 'masklen'];
    const masklen6 = [...path, 'masklen6'];
    const meant = has(masklen) && (!has([...path, 'ip']) || twice(masklen));
    if (!has([...path, 'ipv6']) || has(masklen6) || !meant) {
      return [];
    }
    return [
      {
        path: masklen,
        part: 'key',
        message: 'the prefix length of "ipv6" is "masklen6"',
        help: 'rename it',
        related: [{ path: [...path, 'ipv6'], part: 'value', message: 'this is the address' }],
        fix: { op: 'rename', path: masklen, name: 'masklen6', description: 'rename it to "masklen6"' },
        explains: [masklen, masklen6, [...path, 'ip']],
      },
    ];
  }),
};
