// SPDX-License-Identifier: GPL-2.0-or-later
import { interfaceTypes } from '../types.ts';
import { FAMILIES } from './addresses.ts';
import { parseAddress, sameNetwork } from './net.ts';
import { type Complaint, perInterface, type Rule } from './rule.ts';

export const addressBeyondNetwork: Rule = {
  id: 'address-beyond-network',
  severity: 'error',
  fatal: true,
  summary: 'An address is not in the network that the interface makes.',
  details:
    'The network of an interface of type user or slirp is 10.0.2.0/24 and fec0::/64, with the gateways 10.0.2.2 and fec0::2: it answers for no other addresses. Without addresses of its own, the interface gets those that fit.',
  bad: '{ "gateway": "10.1.1.2", "interfaces": [{ "type": "user", "ip": "10.1.1.1", "masklen": "24" }] }',
  good: '{ "gateway": "10.0.2.2", "interfaces": [{ "type": "user", "ip": "10.0.2.77", "masklen": "24" }] }',
  check: perInterface((one, path) => {
    const { subnets } = interfaceTypes[one.type ?? ''] ?? {};
    return FAMILIES.flatMap(({ address: key }): Complaint[] => {
      const text = one[key];
      const [own = '', length = ''] = subnets?.[key].split('/') ?? [];
      return text === undefined ||
        subnets === undefined ||
        sameNetwork(parseAddress(own), parseAddress(text), Number(length))
        ? []
        : [
            {
              path: [...path, key],
              part: 'value',
              message: `${text} is not in ${subnets[key]}, the network of a ${one.type} interface`,
              help: 'take an address of it, or leave this and its prefix length out',
              related: [{ path: [...path, 'type'], part: 'value', message: 'the type' }],
            },
          ];
    });
  }),
};
