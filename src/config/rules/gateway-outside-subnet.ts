// SPDX-License-Identifier: GPL-2.0-or-later
import { isTunnel } from '../types.ts';
import { allAssigned, FAMILIES, interfaceConfigures, kernelConfigures } from './addresses.ts';
import { isLinkLocal, parseAddress, sameNetwork, subnetText } from './net.ts';
import type { Complaint, Rule } from './rule.ts';

export const gatewayOutsideSubnet: Rule = {
  id: 'gateway-outside-subnet',
  severity: 'error',
  summary: 'The default gateway is in the subnet of no interface.',
  details:
    'LKL reaches its gateway directly, over one of its interfaces: the address must be in a subnet that one of them has. The kernel refuses the route otherwise. A tunnel comes later, over the gateway; what goes through it, AllowedIPs of its file say.',
  bad: '{ "gateway": "10.0.0.1", "interfaces": [{ "type": "tap", "param": "tap0", "ip": "192.168.0.2", "masklen": "24" }] }',
  good: '{ "gateway": "192.168.0.1", "interfaces": [{ "type": "tap", "param": "tap0", "ip": "192.168.0.2", "masklen": "24" }] }',
  check: ({ configuration, has }) =>
    FAMILIES.flatMap((family): Complaint[] => {
      const text = configuration[family.gateway];
      const { interfaces = [] } = configuration;
      // An address that is not sound, or comes from elsewhere, may be in the right subnet.
      const open =
        interfaceConfigures(configuration) ||
        (family.name === 'IPv4' && kernelConfigures(configuration)) ||
        interfaces.some((one, index) =>
          [family.address, family.length].some((key) => one[key] === undefined && has(['interfaces', index, key])),
        );
      if (text === undefined || (configuration.interfaces === undefined && has(['interfaces']))) {
        return [];
      }
      if (interfaces.length === 0) {
        return [
          {
            path: [family.gateway],
            part: 'value',
            message: `there is no interface to reach ${text} by`,
            help: 'add one to "interfaces", or remove this',
          },
        ];
      }
      if (open) {
        return [];
      }
      const gateway = parseAddress(text);
      const subnets = allAssigned({ interfaces: interfaces.map((one) => (isTunnel(one) ? {} : one)) }).filter(
        (one) => one.family === family,
      );
      if (isLinkLocal(gateway) || subnets.some(({ address, length }) => sameNetwork(address, gateway, length))) {
        return [];
      }
      return [
        {
          path: [family.gateway],
          part: 'value',
          message:
            subnets.length === 0
              ? `no interface has an ${family.name} address to reach ${text} from`
              : `${text} is in the subnet of no interface`,
          help:
            subnets.length === 0
              ? `give one "${family.address}" and "${family.length}"`
              : 'take an address of one of the subnets, or correct the prefix length',
          related: subnets.map(({ path, address, length }) => ({
            path,
            part: 'value',
            message: subnetText(address, length),
          })),
        },
      ];
    }),
};
