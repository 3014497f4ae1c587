// SPDX-License-Identifier: GPL-2.0-or-later
import { assigned } from './addresses.ts';
import { isLinkLocal, parseAddress, sameNetwork, subnetText } from './net.ts';
import { perInterface, type Rule } from './rule.ts';

export const ifgatewayOutsideSubnet: Rule = {
  id: 'ifgateway-outside-subnet',
  severity: 'error',
  summary: "The gateway of an interface is not in the interface's subnet, or is its own address.",
  details:
    'Its routing table has the way to the subnet and a default route by the gateway: the kernel refuses that one.',
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ip": "192.168.0.2", "masklen": "24", "ifgateway": "192.168.1.1" }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ip": "192.168.0.2", "masklen": "24", "ifgateway": "192.168.0.1" }] }',
  check: perInterface((one, path) =>
    assigned(one, path).flatMap(({ family, address, length, path: at }) => {
      const key = family.name === 'IPv4' ? 'ifgateway' : 'ifgateway6';
      const text = one[key];
      const gateway = text === undefined ? undefined : parseAddress(text);
      if (gateway === undefined) {
        return [];
      }
      const own = gateway.value === address.value;
      if (!own && (isLinkLocal(gateway) || sameNetwork(address, gateway, length))) {
        return [];
      }
      const subnet = subnetText(address, length);
      return [
        {
          path: [...path, key],
          part: 'value',
          message: own ? `${text} is the address of the interface itself` : `${text} is not in ${subnet}`,
          help: `take the address of another host of ${subnet}`,
          related: [{ path: at, part: 'value', message: own ? 'the same address' : subnet }],
        },
      ];
    }),
  ),
};
