// SPDX-License-Identifier: GPL-2.0-or-later
import { spawn } from 'node:child_process';
import { TOTALS, type Totals } from './define.ts';
import { ROOT, type TestFile } from './discover.ts';
import { removeLeftNamespaces } from './namespace.ts';

/** What came of a test file. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Why it failed as a whole or was skipped. */
  readonly problem?: string;
  readonly output: string;
  readonly seconds: number;
}

/** What is known when its process has ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

type Verdict = Pick<Outcome, 'passed' | 'failed' | 'skipped' | 'problem'>;

/** By convention, a test that cannot be run here. */
const SKIPPED = 77;

/** Runs a file in a process group of its own, and leaves nothing of it behind. */
export async function runTestFile(file: TestFile): Promise<Outcome> {
  const started = performance.now();
  const [program, ...args] = file.command;
  const child = spawn(program, args, { cwd: ROOT, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    killGroup(child.pid);
  }, file.limit * 1000);
  const { code, signal } = await new Promise<Omit<Ended, 'output'>>((resolve) => {
    child.on('error', (error) => {
      output += String(error);
      resolve({ code: 1, signal: null });
    });
    // Something that the test left running may hold its output open: the exit counts, not the end of the output.
    child.on('exit', (exitCode, exitSignal) => setImmediate(() => resolve({ code: exitCode, signal: exitSignal })));
  });
  clearTimeout(timer);
  killGroup(child.pid);
  await closed(child.stdout);
  if (child.pid !== undefined) {
    removeLeftNamespaces(child.pid);
  }
  const seconds = (performance.now() - started) / 1000;
  const verdict = late
    ? { passed: 0, failed: 1, skipped: 0, problem: `not done after ${file.limit} s` }
    : judge(file, { code, signal, output });
  return { ...verdict, output, seconds };
}

/** What is still in the pipe belongs to the output, for as long as nobody outside the group keeps it open. */
async function closed(stream: NodeJS.ReadableStream): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, 1000);
    stream.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  if ('destroy' in stream && typeof stream.destroy === 'function') {
    stream.destroy();
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group.
  }
}

/** Counts what a file says of its tests, and does not believe it when that does not fit how it ended. */
export function judge(file: Pick<TestFile, 'name'>, ended: Ended): Verdict {
  if (ended.code === SKIPPED) {
    const reason = skipReason(ended.output);
    return reason === undefined
      ? failure('skipped without a reason')
      : { passed: 0, failed: 0, skipped: 1, problem: reason };
  }
  const counted = file.name.endsWith('.ts') ? countTests(ended.output) : countTap(ended.output);
  if (typeof counted === 'string') {
    return failure(counted);
  }
  if (ended.code !== 0 && counted.failed === 0) {
    const how = ended.signal === null ? `exit status ${ended.code}` : ended.signal;
    return { ...counted, failed: 1, problem: `ended with ${how}` };
  }
  return counted;
}

function failure(problem: string): Verdict {
  return { passed: 0, failed: 1, skipped: 0, problem };
}

/** The last line of a test that exits with 77 says why. */
function skipReason(output: string): string | undefined {
  const last = output.trimEnd().split('\n').at(-1)?.trim();
  return last === '' ? undefined : last;
}

/** The totals that each define() of a file writes. */
function countTests(output: string): Verdict | string {
  const lines = output.split('\n').filter((line) => line.startsWith(TOTALS));
  if (lines.length === 0) {
    return 'it told no totals: are its tests made with define()?';
  }
  const all = lines.map((line): Totals => JSON.parse(line.slice(TOTALS.length)));
  const sum = (part: 'defined' | 'passed' | 'failed'): number => all.reduce((count, totals) => count + totals[part], 0);
  const { defined, passed, failed } = { defined: sum('defined'), passed: sum('passed'), failed: sum('failed') };
  if (defined === 0) {
    return 'it has no test';
  }
  const unrun = defined - passed - failed;
  const skipped = all.flatMap((totals) => totals.skipped);
  const reasons = skipped.length === 0 ? {} : { problem: `skipped ${skipped.join('\n        skipped ')}` };
  const verdict = { passed, failed: failed + unrun, skipped: skipped.length, ...reasons };
  return unrun === 0 ? verdict : { ...verdict, problem: `${unrun} of its tests did not end` };
}

/** A C test is one test, unless it writes TAP (testanything.org): then each point is one. */
function countTap(output: string): Verdict | string {
  const plan = /^1\.\.(\d+)/m.exec(output)?.[1];
  if (plan === undefined) {
    return { passed: 1, failed: 0, skipped: 0 };
  }
  const points = [...output.matchAll(/^(not )?ok\b.*$/gm)];
  const skipped = points.filter(([line]) => /# skip\b/i.test(line)).length;
  const failed = points.filter(([, not]) => not !== undefined).length;
  const unreported = Number(plan) - points.length;
  if (Number(plan) === 0 || unreported < 0) {
    return `its plan is ${plan} tests, and it told of ${points.length}`;
  }
  const verdict = { passed: points.length - failed - skipped, failed: failed + unreported, skipped };
  return unreported === 0 ? verdict : { ...verdict, problem: `${unreported} of its tests did not end` };
}
