// SPDX-License-Identifier: GPL-2.0-or-later
import { isTunnel } from '../types.ts';
import { allAssigned, FAMILIES, interfaceConfigures, kernelConfigures } from './addresses.ts';
import type { Rule } from './rule.ts';

export const noDefaultRoute: Rule = {
  id: 'no-default-route',
  severity: 'info',
  summary: 'An interface has an address, and there is no default gateway.',
  details: 'LKL reaches only the hosts of its own subnets. That is right on a link between two hosts.',
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ip": "10.0.0.2", "masklen": "24" }] }',
  good: '{ "gateway": "10.0.0.1", "interfaces": [{ "type": "tap", "param": "tap0", "ip": "10.0.0.2", "masklen": "24" }] }',
  check: ({ configuration, has }) => {
    const gateways =
      FAMILIES.some(({ gateway }) => has([gateway])) ||
      kernelConfigures(configuration) ||
      interfaceConfigures(configuration);
    // With gateways of its interfaces LKL has ways to go.
    const own = (configuration.interfaces ?? []).some(({ ifgateway, ifgateway6 }) => ifgateway ?? ifgateway6);
    const [first] = allAssigned(configuration);
    // A tunnel's file may have one.
    return first === undefined || gateways || own || configuration.interfaces?.some(isTunnel)
      ? []
      : [
          {
            path: first.path,
            part: 'value',
            message: 'there is no default gateway',
            help: `add "${first.family.gateway}" to reach more than the subnet`,
          },
        ];
  },
};
