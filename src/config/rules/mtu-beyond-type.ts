// SPDX-License-Identifier: GPL-2.0-or-later
import { interfaceTypes } from '../types.ts';
import { perInterface, type Rule } from './rule.ts';

export const mtuBeyondType: Rule = {
  id: 'mtu-beyond-type',
  severity: 'error',
  summary: 'An MTU is larger than this type of interface carries.',
  details:
    'A FIFO takes 4096 bytes in one piece (PIPE_BUF, see pipe(7)), and the header of Ethernet is 14 of them. The start would be refused.',
  bad: '{ "interfaces": [{ "type": "pipe", "param": "/tmp/rx|/tmp/tx", "mtu": "9000" }] }',
  good: '{ "interfaces": [{ "type": "pipe", "param": "/tmp/rx|/tmp/tx", "mtu": "4082" }] }',
  check: perInterface(({ type, mtu }, path) => {
    const most = type === undefined ? undefined : interfaceTypes[type]?.mtu;
    return most === undefined || mtu === undefined || mtu <= most
      ? []
      : [
          {
            path: [...path, 'mtu'],
            part: 'value',
            message: `a ${type} carries at most ${most}`,
            help: 'use that or less',
          },
        ];
  }),
};
