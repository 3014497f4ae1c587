// SPDX-License-Identifier: GPL-2.0-or-later
import type { Rule } from './rule.ts';

export const noEffect: Rule = {
  id: 'no-effect',
  severity: 'warning',
  summary: 'A key has no effect beside the others.',
  details: 'No address is waited for where none is given.',
  bad: '{ "delay_main": "auto", "interfaces": [{ "type": "tap", "param": "tap0" }] }',
  good: '{ "delay_main": "auto", "interfaces": [{ "type": "tap", "param": "tap0", "ipv6": "2001:db8::2", "masklen6": "64" }] }',
  check: ({ configuration, has }) => {
    const { delay_main, interfaces = [] } = configuration;
    const ipv6 = interfaces.some((_one, index) => has(['interfaces', index, 'ipv6']));
    return delay_main === 'auto' && interfaces.length > 0 && !ipv6
      ? [
          {
            path: ['delay_main'],
            part: 'value',
            message: 'it has no effect: no interface has an IPv6 address to wait for',
            help: 'remove it',
          },
        ]
      : [];
  },
};
