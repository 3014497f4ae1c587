// SPDX-License-Identifier: GPL-2.0-or-later
import { perInterface, type Rule } from './rule.ts';

/** RFC 8200, section 5. */
const IPV6_MINIMUM = 1280;

export const mtuBelowIpv6Minimum: Rule = {
  id: 'mtu-below-ipv6-minimum',
  severity: 'error',
  fatal: true,
  summary: 'The MTU is too small for IPv6.',
  details: 'IPv6 works on no link that carries less than 1280 bytes (RFC 8200, section 5).',
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ipv6": "2001:db8::2", "masklen6": "64", "mtu": "576" }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ipv6": "2001:db8::2", "masklen6": "64", "mtu": "1280" }] }',
  check: perInterface(({ mtu, ipv6 }, path) =>
    ipv6 !== undefined && mtu !== undefined && mtu < IPV6_MINIMUM
      ? [
          {
            path: [...path, 'mtu'],
            part: 'value',
            message: `${mtu} is too small for IPv6`,
            help: `IPv6 needs ${IPV6_MINIMUM} (RFC 8200); raise it or remove "ipv6"`,
            related: [{ path: [...path, 'ipv6'], part: 'value', message: 'the IPv6 address' }],
          },
        ]
      : [],
  ),
};
