// SPDX-License-Identifier: GPL-2.0-or-later
import { assigned } from './addresses.ts';
import { isLinkLocal, sameNetwork, subnetText } from './net.ts';
import { perPair, type Rule } from './rule.ts';

export const overlappingSubnets: Rule = {
  id: 'overlapping-subnets',
  severity: 'warning',
  summary: 'The subnets of two interfaces overlap.',
  details:
    'What is sent to an address in both goes out of only one of them, whichever has the longer prefix or came first. Where that is meant, policy routing is needed (`ifgateway`).',
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ip": "10.0.0.2", "masklen": "8" }, { "type": "tap", "param": "tap1", "ip": "10.0.1.2", "masklen": "24" }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ip": "10.0.0.2", "masklen": "24" }, { "type": "tap", "param": "tap1", "ip": "10.0.1.2", "masklen": "24" }] }',
  check: perPair((later, earlier, path, earlierPath) =>
    assigned(later, path).flatMap((one) =>
      assigned(earlier, earlierPath)
        .filter(
          (other) =>
            sameNetwork(one.address, other.address, Math.min(one.length, other.length)) &&
            !isLinkLocal(one.address) &&
            one.address.value !== other.address.value,
        )
        .map((other) => ({
          path: one.path,
          part: 'value' as const,
          message: `${subnetText(one.address, one.length)} overlaps ${subnetText(other.address, other.length)} of another interface`,
          help: 'give them different subnets, or longer prefixes',
          related: [{ path: other.path, part: 'value' as const, message: subnetText(other.address, other.length) }],
        })),
    ),
  ),
};
