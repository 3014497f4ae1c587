// SPDX-License-Identifier: GPL-2.0-or-later
import { offloadBits } from '../offload.ts';
import { interfaceTypes } from '../types.ts';
import { perInterface, type Rule } from './rule.ts';

export const offloadBeyondType: Rule = {
  id: 'offload-beyond-type',
  severity: 'error',
  summary: 'An offload is named that this type of interface cannot do.',
  details:
    'Programs on the other end of a pipe, of a switch or of passt take whole packets with their checksums: only MRG_RXBUF and CTRL_GUEST_OFFLOADS, which are between LKL and its own device, can be had there. The start would be refused.',
  bad: '{ "interfaces": [{ "type": "passt", "offload": "0xc803" }] }',
  good: '{ "interfaces": [{ "type": "passt", "offload": "0x8000" }] }',
  check: perInterface(({ type, offload }, path) => {
    const most = type === undefined ? undefined : interfaceTypes[type]?.offloads;
    const beyond = most === undefined || offload === undefined ? 0n : offload & ~most;
    if (beyond === 0n) {
      return [];
    }
    const names = offloadBits(beyond).map(({ bit, name }) => name ?? `bit ${bit}`);
    return [
      {
        path: [...path, 'offload'],
        part: 'value',
        message: `a ${type} cannot do ${names.join(', ')}`,
        help: 'leave "offload" out for the best that it can do',
      },
    ];
  }),
};
