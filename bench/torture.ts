// SPDX-License-Identifier: GPL-2.0-or-later
import path from 'node:path';
import { ROOT } from '../test/support/discover.ts';
import { LIBRARY } from '../test/support/hijack.ts';
import { runTestFile } from '../test/support/runner.ts';
import type { Benchmark } from './benchmark.ts';

const SECONDS = Number(process.env.TORTURE_SECONDS ?? 300);

/** For its end; then it hangs. */
const PATIENCE = 120;

/** The long form of test/hijack/torture.c. */
export const torture: Benchmark = {
  name: 'torture',
  description: `failures in ${SECONDS} s of signals, cancelled threads, descriptors closed by others and forks, all at once`,
  onlyByName: true,
  run: async () => {
    const test = path.join(ROOT, 'build/Release/tests/hijack-torture');
    const { passed, failed, problem, output } = await runTestFile({
      name: 'test/hijack/torture.c',
      command: ['env', `TORTURE_SECONDS=${SECONDS}`, `LD_PRELOAD=${LIBRARY}`, test],
      limit: SECONDS + PATIENCE,
    });
    if (passed !== 1 || problem !== undefined) {
      throw new Error(`${problem ?? 'it failed'}\n${output}`);
    }
    // "12 blocks, 3 cancelled, ..."
    const counts = [...output.matchAll(/(\d+) ([a-z ]+)/g)];
    const notes = Object.fromEntries(counts.map(([, count, what]) => [what, Number(count)]));
    return { ours: failed, host: null, unit: 'failures', ratio: null, spread: 0, notes };
  },
};
