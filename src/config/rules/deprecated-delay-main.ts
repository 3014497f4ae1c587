// SPDX-License-Identifier: GPL-2.0-or-later
import type { Rule } from './rule.ts';

export const deprecatedDelayMain: Rule = {
  id: 'deprecated-delay-main',
  severity: 'info',
  summary: 'The start of the program waits for a fixed time.',
  details:
    'It is too long on one host and too short on another. With `"auto"` main() starts when every address can be used; addresses of DHCP the kernel waits for by itself.',
  bad: '{ "delay_main": "500000", "interfaces": [{ "type": "tap", "param": "tap0" }] }',
  good: '{ "delay_main": "auto", "interfaces": [{ "type": "tap", "param": "tap0" }] }',
  check: ({ configuration: { delay_main, interfaces = [] } }) =>
    typeof delay_main !== 'number' || delay_main === 0 || interfaces.length === 0
      ? []
      : [
          {
            path: ['delay_main'],
            part: 'value',
            message: 'a fixed time is waited',
            help: '"auto" waits until every address can be used, and no longer',
          },
        ],
};
