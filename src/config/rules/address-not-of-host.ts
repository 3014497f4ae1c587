// SPDX-License-Identifier: GPL-2.0-or-later
import { FAMILIES } from './addresses.ts';
import { isMulticast, parseAddress } from './net.ts';
import { perInterface, type Rule } from './rule.ts';

export const addressNotOfHost: Rule = {
  id: 'address-not-of-host',
  severity: 'error',
  summary: 'An address is none that a host on a network can have.',
  details: 'Multicast, loopback, unspecified and reserved addresses (RFC 6890) are not for interfaces.',
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ip": "127.0.0.2", "masklen": "8" }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ip": "10.0.0.2", "masklen": "8" }] }',
  check: perInterface((one, path) =>
    FAMILIES.flatMap(({ address: key }) => {
      const text = one[key];
      const what = text === undefined ? undefined : special(text);
      return what === undefined
        ? []
        : [
            {
              path: [...path, key],
              part: 'value',
              message: `${text} is ${what}`,
              help: `take an address of a host, such as ${key === 'ip' ? '192.168.0.2' : '2001:db8::2'}`,
            },
          ];
    }),
  ),
};

function special(text: string): string | undefined {
  const address = parseAddress(text);
  const { bits, value } = address;
  if (isMulticast(address)) {
    return 'a multicast address';
  }
  if (bits === 128) {
    return value === 0n ? 'the unspecified address' : value === 1n ? 'the loopback address' : undefined;
  }
  const first = value >> 24n;
  return first === 127n
    ? 'a loopback address'
    : first === 0n
      ? 'an address of "this network"'
      : first >= 240n
        ? 'a reserved address'
        : undefined;
}
