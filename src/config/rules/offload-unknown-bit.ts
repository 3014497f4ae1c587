// SPDX-License-Identifier: GPL-2.0-or-later
import { OFFLOAD_BITS, offloadBits } from '../offload.ts';
import { perInterface, type Rule } from './rule.ts';

const KNOWN = OFFLOAD_BITS.reduce((mask, { bit }) => mask | (1n << BigInt(bit)), 0n);

export const offloadUnknownBit: Rule = {
  id: 'offload-unknown-bit',
  severity: 'error',
  fatal: true,
  summary: 'A bit of `offload` is no offload.',
  details:
    'The mask holds feature bits of virtio-net (OASIS virtio 1.2, section 5.1.3): 0 to 2, and 7 to 15. `lkl-config explain offload MASK` names them.',
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0", "offload": "0x10001" }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0", "offload": "0x8001" }] }',
  check: perInterface(({ offload }, path) => {
    if (offload === undefined || (offload & ~KNOWN) === 0n) {
      return [];
    }
    const unknown = offloadBits(offload).filter(({ name }) => name === undefined);
    const rest = unknown.reduce((mask, { bit }) => mask & ~(1n << BigInt(bit)), offload);
    const bits = unknown.map(({ bit }) => bit).join(', ');
    return [
      {
        path: [...path, 'offload'],
        part: 'value',
        message: `bit ${bits} is no offload of virtio-net`,
        help: `without it the mask is 0x${rest.toString(16)}`,
      },
    ];
  }),
};
