// SPDX-License-Identifier: GPL-2.0-or-later

/** Whole numbers below a limit, the same ones in every run: a linear congruential generator (Knuth's MMIX constants). */
export function makeRandom(seed: number): (limit: number) => number {
  let state = BigInt(seed);
  return (limit) => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return Number((state >> 33n) % BigInt(limit));
  };
}
