// SPDX-License-Identifier: GPL-2.0-or-later
import { setTimeout as delay } from 'node:timers/promises';

/** Waits until a condition holds, and gives what it gave. Fails after a while that no sound condition needs. */
export async function waitFor<T>(
  what: string,
  condition: () => T | Promise<T>,
  limit = 30_000,
): Promise<Exclude<T, undefined | false | null>> {
  const end = performance.now() + limit;
  for (let pause = 2; ; pause = Math.min(2 * pause, 100)) {
    const value = await condition();
    if (value !== undefined && value !== false && value !== null) {
      return value as Exclude<T, undefined | false | null>;
    }
    if (performance.now() > end) {
      throw new Error(`waited ${limit / 1000} s for ${what}`);
    }
    await delay(pause);
  }
}
