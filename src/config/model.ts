// SPDX-License-Identifier: GPL-2.0-or-later
import * as z from 'zod/mini';
import { type KeyInfo, keyInfo } from './key.ts';
import { globalKeys, interfaceKeys } from './keys.ts';

export const INTERFACES_DESCRIPTION =
  'The interfaces of LKL in this order, eth0, eth1 and so on, tunnels wg0, wg1 and so on: an array of objects, as many as are needed.';

export const Interface = z.strictObject(interfaceKeys);
export type Interface = z.output<typeof Interface>;

/** A whole configuration. Its input is what stands in a file, its output has numbers where the file has their text. */
export const Configuration = z.strictObject({
  ...globalKeys,
  interfaces: z.optional(z.array(Interface)),
});
export type Configuration = z.output<typeof Configuration>;

type Keys = typeof globalKeys | typeof interfaceKeys;

/** The rows of one of the tables with what is known of each. */
export function rows(keys: Keys): [name: string, info: KeyInfo][] {
  return Object.entries(keys).map(([name, type]) => {
    const info = keyInfo.get(type._zod.def.innerType);
    if (info === undefined) {
      throw new Error(`the key ${name} has no description`);
    }
    return [name, info];
  });
}
