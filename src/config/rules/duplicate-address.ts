// SPDX-License-Identifier: GPL-2.0-or-later
import { FAMILIES } from './addresses.ts';
import { parseAddress } from './net.ts';
import { perPair, type Rule } from './rule.ts';

export const duplicateAddress: Rule = {
  id: 'duplicate-address',
  severity: 'error',
  summary: 'Two interfaces have one address.',
  details: 'Packets to it would arrive at either. IPv6 addresses are compared whichever way they are written.',
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ip": "10.0.0.2", "masklen": "24" }, { "type": "tap", "param": "tap1", "ip": "10.0.0.2", "masklen": "24" }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ip": "10.0.0.2", "masklen": "24" }, { "type": "tap", "param": "tap1", "ip": "10.0.1.2", "masklen": "24" }] }',
  check: perPair((later, earlier, path, earlierPath) =>
    FAMILIES.flatMap(({ address: key }) => {
      const [one, other] = [later[key], earlier[key]];
      return one === undefined || other === undefined || parseAddress(one).value !== parseAddress(other).value
        ? []
        : [
            {
              path: [...path, key],
              part: 'value',
              message: `${one} is the address of another interface too`,
              help: 'give each interface its own',
              related: [{ path: [...earlierPath, key], part: 'value', message: 'first used here' }],
            },
          ];
    }),
  ),
};
