// SPDX-License-Identifier: GPL-2.0-or-later
import type { Rule } from './rule.ts';

export const delayUnit: Rule = {
  id: 'delay-unit',
  severity: 'warning',
  summary: 'A delay is so short that another unit was probably meant.',
  details:
    '`delay_main` counts microseconds: 500000 is half a second. `"auto"` waits no longer than needed, and nothing has to be guessed.',
  bad: '{ "delay_main": "5" }',
  good: '{ "delay_main": "5000000" }',
  check: ({ configuration: { delay_main } }) =>
    typeof delay_main !== 'number' || delay_main === 0 || delay_main >= 1000
      ? []
      : [
          {
            path: ['delay_main'],
            part: 'value',
            message: `${delay_main} microseconds are no time`,
            help: `${delay_main} seconds are ${delay_main}000000`,
          },
        ],
};
