// SPDX-License-Identifier: GPL-2.0-or-later
import type { Interface } from '../model.ts';
import { isTunnel } from '../types.ts';
import { perInterface, type Rule } from './rule.ts';

/** What only devices with a link have. */
const OF_DEVICES: readonly (readonly [key: keyof Interface, given: (one: Interface) => boolean])[] = [
  ['mac', ({ mac }) => mac !== undefined],
  ['neigh', ({ neigh = [] }) => neigh.length > 0],
  ['offload', ({ offload }) => offload !== undefined],
];

export const keyBeyondType: Rule = {
  id: 'key-beyond-type',
  severity: 'error',
  fatal: true,
  summary: 'A key is for another type of interface.',
  details:
    'A wireguard interface carries IP packets to its peers: it has no MAC address, no neighbours with such addresses, and no device that could work for it.',
  bad: '{ "interfaces": [{ "type": "passt" }, { "type": "wireguard", "param": "wg0.conf", "mac": "12:34:56:78:9a:bc" }] }',
  good: '{ "interfaces": [{ "type": "passt", "mac": "12:34:56:78:9a:bc" }, { "type": "wireguard", "param": "wg0.conf" }] }',
  check: perInterface((one, path) =>
    OF_DEVICES.filter(([, given]) => isTunnel(one) && given(one)).map(([key]) => ({
      path: [...path, key],
      part: 'key' as const,
      message: `a ${one.type} interface has none, for it is no device with a link`,
      help: 'remove it',
      fix: { description: `remove "${key}"`, path: [...path, key], op: 'remove' as const },
    })),
  ),
};
