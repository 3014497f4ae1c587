// SPDX-License-Identifier: GPL-2.0-or-later
import { perInterface, type Rule } from './rule.ts';

const PAIRS = [
  ['ifgateway', 'ip', 'masklen'],
  ['ifgateway6', 'ipv6', 'masklen6'],
] as const;

export const policyWithoutAddress: Rule = {
  id: 'policy-without-address',
  severity: 'error',
  fatal: true,
  summary: 'A gateway of an interface has no address that it could be for.',
  details: '`ifgateway` is the gateway of what comes from `ip`, and `ifgateway6` of what comes from `ipv6`.',
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ifgateway": "192.168.0.1" }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0", "ip": "192.168.0.2", "masklen": "24", "ifgateway": "192.168.0.1" }] }',
  check: perInterface((_one, path, { has }) =>
    PAIRS.filter(([gateway, address]) => has([...path, gateway]) && !has([...path, address])).map(
      ([gateway, address, length]) => ({
        path: [...path, gateway],
        part: 'key' as const,
        message: `it is for what comes from "${address}", which is missing`,
        help: `add "${address}" and "${length}"`,
      }),
    ),
  ),
};
