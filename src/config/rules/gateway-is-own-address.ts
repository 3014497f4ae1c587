// SPDX-License-Identifier: GPL-2.0-or-later
import { allAssigned } from './addresses.ts';
import { parseAddress } from './net.ts';
import type { Rule } from './rule.ts';

export const gatewayIsOwnAddress: Rule = {
  id: 'gateway-is-own-address',
  severity: 'error',
  summary: 'The default gateway is an address of LKL itself.',
  details: 'The gateway is another host. On a tap it is mostly the address that the tap device has on the host.',
  bad: '{ "gateway": "192.168.0.2", "interfaces": [{ "type": "tap", "param": "tap0", "ip": "192.168.0.2", "masklen": "24" }] }',
  good: '{ "gateway": "192.168.0.1", "interfaces": [{ "type": "tap", "param": "tap0", "ip": "192.168.0.2", "masklen": "24" }] }',
  check: ({ configuration }) =>
    allAssigned(configuration).flatMap(({ family, address, path }) => {
      const gateway = configuration[family.gateway];
      return gateway === undefined || parseAddress(gateway).value !== address.value
        ? []
        : [
            {
              path: [family.gateway],
              part: 'value',
              message: `${gateway} is the address of LKL itself`,
              help: "take the address of another host; with a tap, the tap's own",
              related: [{ path, part: 'value', message: 'the same address' }],
            },
          ];
    }),
};
