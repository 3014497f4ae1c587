// SPDX-License-Identifier: GPL-2.0-or-later
import { perPair, type Rule } from './rule.ts';

/** What only one interface at a time can have of the host. */
const EXCLUSIVE = ['tap', 'macvtap', 'fd', 'pipe', 'passt', 'dpdk', 'wireguard'];

export const duplicateBackend: Rule = {
  id: 'duplicate-backend',
  severity: 'error',
  summary: 'Two interfaces use one device of the host.',
  details:
    'A tap, a descriptor or a pipe has one other end: the second interface would fail to open it. Two tunnels of one file would be one and the same to their peers.',
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0" }, { "type": "tap", "param": "tap0" }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0" }, { "type": "tap", "param": "tap1" }] }',
  check: perPair(({ type = '', param = '' }, earlier, path, earlierPath) =>
    !EXCLUSIVE.includes(type) || param === '' || type !== earlier.type || param !== earlier.param
      ? []
      : [
          {
            path: [...path, 'param'],
            part: 'value',
            message: `${type} ${param} is in use by another interface`,
            help: 'name another one',
            related: [{ path: [...earlierPath, 'param'], part: 'value', message: 'first used here' }],
          },
        ],
  ),
};
