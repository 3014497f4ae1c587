// SPDX-License-Identifier: GPL-2.0-or-later
import { suite } from 'uvu';

/** How a test is added to its file. */
export interface Test {
  (name: string, body: () => void | Promise<void>, options?: { timeout?: number }): void;
  /** One that cannot be run here: it is counted as skipped, and the reason is told. */
  readonly cannot: (name: string, reason: string) => void;
}

/** What the runner wants to know of a file (test/run.ts). */
export interface Totals {
  readonly defined: number;
  readonly passed: number;
  readonly failed: number;
  /** Why each of those that are not among the defined was left out. */
  readonly skipped: readonly string[];
}

/** Marks the line of totals in a file's output. */
export const TOTALS = '@totals ';

const DEFAULT_TIMEOUT = 60_000;

/** How long what a test has left running may keep its file from ending. */
const GRACE = 5_000;
let grace: NodeJS.Timeout | undefined;

// A test that is run by hand and interrupted cleans up as well: that is done when the process exits.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(1));
}

/**
 * The tests of a file, and running them: what `body` adds is run, without further ado. Nothing can be left out of a
 * run by mistake, for there is no `only`, and what is skipped needs a reason. The totals are counted here and written when the process
 * ends, so that one which ends too early is seen.
 */
export function define(name: string, body: (test: Test) => void): void {
  const tests = suite(name);
  let defined = 0;
  let passed = 0;
  let failed = 0;
  const skipped: string[] = [];
  const add = (title: string, run: () => void | Promise<void>, { timeout = DEFAULT_TIMEOUT } = {}): void => {
    defined++;
    tests(title, async () => {
      clearTimeout(grace);
      try {
        await within(timeout, run);
        passed++;
      } catch (error) {
        failed++;
        throw error;
      } finally {
        grace = setTimeout(() => process.exit(), GRACE).unref();
      }
    });
  };
  body(Object.assign(add, { cannot: (title: string, reason: string) => skipped.push(`${title}: ${reason}`) }));
  tests.run();
  process.on('exit', () => {
    const totals: Totals = { defined, passed, failed, skipped };
    process.stdout.write(`\n${TOTALS}${JSON.stringify(totals)}\n`);
  });
}

async function within(timeout: number, run: () => void | Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${timeout / 1000} s`)), timeout);
  });
  try {
    await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Ends a file whose tests cannot be run here, with the reason, in the way of the C tests: exit status 77. To be
 * called before `define`.
 */
export function skip(reason: string): never {
  process.stdout.write(`skip: ${reason}\n`);
  process.exit(77);
}
