// SPDX-License-Identifier: GPL-2.0-or-later
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { TOTALS } from '../test/support/define.ts';
import type { Benchmark } from './benchmark.ts';

/** How often on each type of file system. */
const ROUNDS = process.env.LKL_KILL_ROUNDS ?? '100';

/** The long form of test/linux/copy-killed.ts. */
export const killed: Benchmark = {
  name: 'copy-killed',
  description: `types of file system that were not clean after each of ${ROUNDS} copies ended by SIGKILL`,
  onlyByName: true,
  run: async () => {
    const test = fileURLToPath(new URL('../test/linux/copy-killed.js', import.meta.url));
    const { all } = await execa(process.execPath, [test], {
      env: { LKL_KILL_ROUNDS: ROUNDS },
      all: true,
      reject: false,
    });
    const totals = all.split(TOTALS)[1];
    if (totals === undefined) {
      throw new Error(all);
    }
    const { failed, passed } = JSON.parse(totals) as { failed: number; passed: number };
    if (failed > 0) {
      throw new Error(all);
    }
    return { ours: failed, host: null, unit: 'types', ratio: null, spread: 0, notes: { passed } };
  },
};
