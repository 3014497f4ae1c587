// SPDX-License-Identifier: GPL-2.0-or-later
import type { Configuration } from '../model.ts';
import type { Complaint, Rule } from './rule.ts';

export const noEffect: Rule = {
  id: 'no-effect',
  severity: 'warning',
  summary: 'A key has no effect beside the others.',
  details: 'A gateway without any interface leads nowhere, and no address is waited for where none is given.',
  bad: '{ "delay_main": "auto", "interfaces": [{ "type": "tap", "param": "tap0" }] }',
  good: '{ "delay_main": "auto", "interfaces": [{ "type": "tap", "param": "tap0", "ipv6": "2001:db8::2", "masklen6": "64" }] }',
  check: ({ configuration, has }) => {
    const { delay_main, interfaces } = configuration;
    const complain = (key: keyof Configuration, why: string, help: string): Complaint[] =>
      configuration[key] !== undefined
        ? [{ path: [key], part: 'value', message: `it has no effect: ${why}`, help }]
        : [];
    if (interfaces === undefined || interfaces.length === 0) {
      const why = 'there is no interface';
      return (['gateway', 'gateway6'] as const).flatMap((key) =>
        complain(key, why, 'add one to "interfaces", or remove this'),
      );
    }
    const ipv6 = interfaces.some((_one, index) => has(['interfaces', index, 'ipv6']));
    return delay_main === 'auto' && !ipv6
      ? complain('delay_main', 'no interface has an IPv6 address to wait for', 'remove it')
      : [];
  },
};
