// SPDX-License-Identifier: GPL-2.0-or-later
import { interfaceTypes } from '../types.ts';
import { perInterface, type Rule } from './rule.ts';

export const paramSyntax: Rule = {
  id: 'param-syntax',
  severity: 'error',
  fatal: true,
  summary: 'A `param` is not what the type of the interface wants.',
  details:
    'A tap wants the name of a device, of at most 15 characters; an fd the number of a descriptor. Of published ports there are at most 64, and each port of the host is in the list once.',
  bad: '{ "interfaces": [{ "type": "tap", "param": "/dev/net/tun" }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0" }] }',
  check: perInterface(({ type, param }, path) => {
    const row = type === undefined ? undefined : interfaceTypes[type];
    if (row === undefined || param === undefined) {
      return [];
    }
    const { form, example, matches, problem } = row.param;
    const wrong = matches(param)
      ? problem?.(param)
      : [
          `${JSON.stringify(param)} is not ${form}`,
          example === undefined ? 'remove it' : `write "param": ${JSON.stringify(example)}`,
        ];
    if (wrong === undefined) {
      return [];
    }
    const [message = '', help = ''] = wrong;
    return [
      {
        path: [...path, 'param'],
        part: 'value',
        message,
        help,
        related: [{ path: [...path, 'type'], part: 'value', message: 'the type' }],
      },
    ];
  }),
};
