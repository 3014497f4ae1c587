// SPDX-License-Identifier: GPL-2.0-or-later
import { perInterface } from './rule.ts';

/** RFC 8200, section 5. */
const IPV6_MINIMUM = 1280;

/** IPv6 works on no link with a smaller MTU than its minimum. */
export const mtuBelowIpv6Minimum = perInterface(({ mtu, ipv6 }, path) =>
  ipv6 !== undefined && mtu !== undefined && mtu < IPV6_MINIMUM
    ? [
        {
          path: [...path, 'mtu'],
          part: 'value',
          message: `${mtu} is too small for IPv6`,
          help: `IPv6 needs ${IPV6_MINIMUM} (RFC 8200); raise it or remove "ipv6"`,
        },
      ]
    : [],
);
