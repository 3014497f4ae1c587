// SPDX-License-Identifier: GPL-2.0-or-later
import { perInterface } from './rule.ts';

const PAIRS = [
  ['ip', 'masklen'],
  ['ipv6', 'masklen6'],
] as const;

/** An address comes with its prefix length. */
export const addressPair = perInterface((_one, path, has) =>
  PAIRS.flatMap(([address, length]) => {
    const present = has([...path, address]);
    if (present === has([...path, length])) {
      return [];
    }
    const missing = present ? length : address;
    const help = `"${address}" and "${length}" belong together`;
    return [{ path: [...path, missing], part: 'value' as const, message: 'missing', help }];
  }),
);
