// SPDX-License-Identifier: GPL-2.0-or-later
import { perPair, type Rule } from './rule.ts';

export const duplicateMac: Rule = {
  id: 'duplicate-mac',
  severity: 'warning',
  summary: 'Two interfaces have one MAC address.',
  details: 'On one bridge they take the packets of each other. Without `mac` each interface gets one of its own.',
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0", "mac": "12:34:56:78:9a:bc" }, { "type": "tap", "param": "tap1", "mac": "12:34:56:78:9A:BC" }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0", "mac": "12:34:56:78:9a:bc" }, { "type": "tap", "param": "tap1", "mac": "12:34:56:78:9a:bd" }] }',
  check: perPair((later, earlier, path, earlierPath) =>
    later.mac === undefined || later.mac.toLowerCase() !== earlier.mac?.toLowerCase()
      ? []
      : [
          {
            path: [...path, 'mac'],
            part: 'value',
            message: `${later.mac} is the MAC address of another interface too`,
            help: 'change one of them, or leave it out',
            related: [{ path: [...earlierPath, 'mac'], part: 'value', message: 'first used here' }],
          },
        ],
  ),
};
