// SPDX-License-Identifier: GPL-2.0-or-later
import { OFFLOAD_BITS } from '../offload.ts';
import { perInterface, type Rule } from './rule.ts';

export const offloadDependency: Rule = {
  id: 'offload-dependency',
  severity: 'error',
  fatal: true,
  summary: 'An offload is named without one that it needs.',
  details:
    'Segmentation leaves checksums to the other side, and so needs CSUM for what LKL sends and GUEST_CSUM for what it takes; ECN needs TSO (OASIS virtio 1.2, section 5.1.3.1). The driver would ignore the bit.',
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0", "offload": "0x800" }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0", "offload": "0x801" }] }',
  check: perInterface(({ offload }, path) => {
    if (offload === undefined || offload === 0n) {
      return [];
    }
    const has = (bit: number): boolean => ((offload >> BigInt(bit)) & 1n) === 1n;
    const nameOf = (bit: number): string => OFFLOAD_BITS.find((known) => known.bit === bit)?.name ?? String(bit);
    const lacking = OFFLOAD_BITS.filter(({ bit, needs }) => has(bit) && needs !== undefined && !needs.some(has));
    if (lacking.length === 0) {
      return [];
    }
    const text = lacking
      .map(({ name, needs = [] }) => `${name} needs ${needs.map(nameOf).join(' or ')}`)
      .join(', and ');
    // A bit that is added may need another one.
    let whole = offload;
    for (const { bit, needs } of OFFLOAD_BITS.toReversed()) {
      const present = (one: number): boolean => ((whole >> BigInt(one)) & 1n) === 1n;
      if (needs?.[0] !== undefined && present(bit) && !needs.some(present)) {
        whole |= 1n << BigInt(needs[0]);
      }
    }
    return [
      {
        path: [...path, 'offload'],
        part: 'value',
        message: text,
        help: `with all of them the mask is 0x${whole.toString(16)}`,
      },
    ];
  }),
};
