// SPDX-License-Identifier: GPL-2.0-or-later
import { assigned, kernelConfigures } from './addresses.ts';
import { entryPath } from './lists.ts';
import { isLinkLocal, parseAddress, sameNetwork } from './net.ts';
import type { Complaint, Rule } from './rule.ts';

export const neighUnreachable: Rule = {
  id: 'neigh-unreachable',
  severity: 'warning',
  summary: 'A neighbour is in no subnet of its interface, or is the interface itself.',
  details:
    'Only what is sent directly looks for a neighbour. For other addresses the packets go to the gateway, and the entry is never used.',
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ip": "10.0.0.2", "masklen": "24", "neigh": "10.0.1.1|12:34:56:78:9a:bc" }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ip": "10.0.0.2", "masklen": "24", "neigh": "10.0.0.1|12:34:56:78:9a:bc" }] }',
  check: ({ configuration, raw, has }) =>
    (configuration.interfaces ?? []).flatMap((one, index) => {
      const path = ['interfaces', index];
      const subnets = assigned(one, path);
      return (one.neigh ?? []).flatMap(({ ip }, at): Complaint[] => {
        const address = parseAddress(ip);
        const [key, family] = address.bits === 32 ? ['ip', 'IPv4'] : ['ipv6', 'IPv6'];
        const own = subnets.find((subnet) => subnet.address.bits === address.bits);
        const unknown = own === undefined && (has([...path, key]) || (key === 'ip' && kernelConfigures(configuration)));
        const itself = own?.address.value === address.value;
        if (
          unknown ||
          isLinkLocal(address) ||
          (!itself && own !== undefined && sameNetwork(own.address, address, own.length))
        ) {
          return [];
        }
        return [
          {
            path: entryPath(raw, 'neigh', at, ip, path),
            part: 'value',
            message: itself
              ? `${ip} is the address of the interface itself`
              : own === undefined
                ? `the interface has no ${family} address to reach ${ip} from`
                : `${ip} is not in the subnet of the interface`,
            help: 'remove the entry, or correct its address',
            ...(own === undefined ? {} : { related: [{ path: own.path, part: 'value', message: 'the address' }] }),
          },
        ];
      });
    }),
};
