// SPDX-License-Identifier: GPL-2.0-or-later
import { isTunnel } from '../types.ts';
import { allAssigned, FAMILIES, interfaceConfigures, kernelConfigures } from './addresses.ts';
import { entryPath } from './lists.ts';
import { isLinkLocal, parseAddress, sameNetwork } from './net.ts';
import type { Rule } from './rule.ts';

export const nameserverUnreachable: Rule = {
  id: 'nameserver-unreachable',
  severity: 'warning',
  summary: 'No route leads to a name server.',
  details:
    'The server is asked over LKL: its address must be in a subnet of an interface, or there must be a gateway of its family.',
  bad: '{ "nameserver": "192.0.2.53", "interfaces": [{ "type": "tap", "param": "tap0", "ip": "10.0.0.2", "masklen": "24" }] }',
  good: '{ "nameserver": "192.0.2.53", "gateway": "10.0.0.1", "interfaces": [{ "type": "tap", "param": "tap0", "ip": "10.0.0.2", "masklen": "24" }] }',
  check: ({ configuration, raw, has }) =>
    (configuration.nameserver ?? []).flatMap((text, index) => {
      const address = parseAddress(text);
      const family = FAMILIES[address.bits === 32 ? 0 : 1];
      const { interfaces = [] } = configuration;
      // An address that is not sound may be in the right subnet, and the file of a tunnel may have a way to any.
      const open = interfaces.some((_one, at) => has(['interfaces', at, family.address]));
      const subnets = allAssigned(configuration).filter((one) => one.family === family);
      const local =
        (address.bits === 32 ? address.value >> 24n === 127n : address.value === 1n) || isLinkLocal(address);
      return local ||
        has([family.gateway]) ||
        interfaces.length === 0 ||
        interfaces.some(isTunnel) ||
        interfaceConfigures(configuration) ||
        (family.name === 'IPv4' && kernelConfigures(configuration)) ||
        (open && subnets.length === 0) ||
        subnets.some((one) => sameNetwork(one.address, address, one.length))
        ? []
        : [
            {
              path: entryPath(raw, 'nameserver', index),
              part: 'value' as const,
              message: `no route leads to ${text}`,
              help: `add "${family.gateway}", or name a server of a subnet`,
            },
          ];
    }),
};
