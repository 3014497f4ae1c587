// SPDX-License-Identifier: GPL-2.0-or-later
import { fileURLToPath } from 'node:url';
import { runTestFile } from '../test/support/runner.ts';
import type { Benchmark } from './benchmark.ts';

/** How often on each type of file system. */
const ROUNDS = process.env.LKL_KILL_ROUNDS ?? '100';

/** Seconds after which it hangs. */
const LIMIT = 24 * 3600;

/** The long form of test/linux/copy-killed.ts. */
export const killed: Benchmark = {
  name: 'copy-killed',
  description: `types of file system that were not clean after each of ${ROUNDS} copies ended by SIGKILL`,
  onlyByName: true,
  run: async () => {
    const test = fileURLToPath(new URL('../test/linux/copy-killed.js', import.meta.url));
    const command = ['env', `LKL_KILL_ROUNDS=${ROUNDS}`, process.execPath, test] as const;
    const { passed, failed, problem, output } = await runTestFile({
      name: 'test/linux/copy-killed.ts',
      command,
      limit: LIMIT,
    });
    if (failed > 0 || problem !== undefined) {
      throw new Error(`${problem ?? `${failed} failed`}\n${output}`);
    }
    return { ours: failed, host: null, unit: 'types', ratio: null, spread: 0, notes: { passed } };
  },
};
