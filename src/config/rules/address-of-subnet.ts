// SPDX-License-Identifier: GPL-2.0-or-later
import { assigned } from './addresses.ts';
import { subnetText } from './net.ts';
import { perInterface, type Rule } from './rule.ts';

export const addressOfSubnet: Rule = {
  id: 'address-of-subnet',
  severity: 'error',
  summary: 'The first or the last address of a subnet is used for a host.',
  details:
    'In an IPv4 subnet the first address is the network itself and the last one its broadcast address (RFC 1122, section 3.2.1.3; those with prefix lengths of 31 and 32 have neither). In an IPv6 subnet the first one means its routers (RFC 4291, section 2.6.1).',
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ip": "192.168.0.255", "masklen": "24" }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ip": "192.168.0.254", "masklen": "24" }] }',
  check: perInterface((one, path) =>
    assigned(one, path).flatMap(({ family, text, address, length, path: at }) => {
      const bits = address.bits - length;
      const host = address.value & ((1n << BigInt(bits)) - 1n);
      const last = family.name === 'IPv4' && host === (1n << BigInt(bits)) - 1n;
      if (bits < 2 || (host !== 0n && !last)) {
        return [];
      }
      const what = last ? 'broadcast address' : family.name === 'IPv4' ? 'network address' : 'address of the routers';
      return [
        {
          path: at,
          part: 'value',
          message: `${text} is the ${what} of ${subnetText(address, length)}`,
          help: 'take another address, or correct the prefix length',
          related: [{ path: [...path, family.length], part: 'value', message: 'the prefix length' }],
        },
      ];
    }),
  ),
};
