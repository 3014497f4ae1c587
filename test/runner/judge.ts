// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { define } from '../support/define.ts';
import { temporaryDirectory } from '../support/hijack.ts';
import { judge, runTestFile } from '../support/runner.ts';
import { waitFor } from '../support/wait.ts';

const ts = { name: 'test/x/y.ts' };
const program = { name: 'build/Release/tests/x' };
const ended = (code: number | null, output: string) => ({ code, signal: null, output });
const totals = (defined: number, passed: number, failed: number, skipped: readonly string[] = []) =>
  `x\n@totals ${JSON.stringify({ defined, passed, failed, skipped })}\n`;

/** A process that is dead but not yet waited for runs no more. */
function isRunning(pid: string): boolean {
  try {
    return !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

define('what the runner makes of a test file', (test) => {
  test('counts the tests that define() counted', () => {
    assert.deepEqual(judge(ts, ended(0, totals(3, 3, 0))), { passed: 3, failed: 0, skipped: 0 });
    assert.deepEqual(judge(ts, ended(1, totals(3, 2, 1))), { passed: 2, failed: 1, skipped: 0 });
    assert.deepEqual(judge(ts, ended(0, totals(3, 3, 0) + totals(2, 2, 0))), { passed: 5, failed: 0, skipped: 0 });
  });

  test('counts tests that cannot be run, each with its reason', () => {
    assert.deepEqual(judge(ts, ended(0, totals(3, 3, 0, ['a: no x', 'b: no y']))), {
      passed: 3,
      failed: 0,
      skipped: 2,
      problem: 'skipped a: no x\n        skipped b: no y',
    });
    assert.equal(judge(ts, ended(1, totals(3, 2, 1, ['a: no x']))).failed, 1);
    assert.equal(judge(ts, ended(0, totals(0, 0, 0, ['a: no x']))).failed, 1);
    const file = path.join(temporaryDirectory(), 'cannot.mjs');
    const defined = JSON.stringify(path.join(import.meta.dirname, '../support/define.js'));
    writeFileSync(
      file,
      `import { define } from ${defined}; define('x', (test) => { test('a', () => {}); test.cannot('b', 'no y'); });`,
    );
    const { stdout } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
    const { problem, ...counts } = judge(ts, ended(0, stdout));
    assert.deepEqual(counts, { passed: 1, failed: 0, skipped: 1 });
    assert.equal(problem, 'skipped b: no y');
  });

  test('fails a file that runs no test, or not by define()', () => {
    assert.equal(judge(ts, ended(0, totals(0, 0, 0))).failed, 1);
    assert.match(judge(ts, ended(0, 'all is well\n')).problem ?? '', /define/);
  });

  test('fails tests that did not end, and a bad exit status', () => {
    assert.equal(judge(ts, ended(0, totals(3, 1, 0))).failed, 2);
    assert.match(judge(ts, ended(1, totals(3, 3, 0))).problem ?? '', /exit status 1/);
    assert.match(judge(program, { code: null, signal: 'SIGSEGV', output: '' }).problem ?? '', /SIGSEGV/);
  });

  test('wants a reason for a skip', () => {
    assert.deepEqual(judge(program, ended(77, 'skip: no tap\n')), {
      passed: 0,
      failed: 0,
      skipped: 1,
      problem: 'skip: no tap',
    });
    assert.equal(judge(program, ended(77, '\n')).failed, 1);
  });

  test('takes a program for one test, or for the points of its TAP output', () => {
    assert.deepEqual(judge(program, ended(0, 'whatever\n')), { passed: 1, failed: 0, skipped: 0 });
    assert.equal(judge(program, ended(1, '')).failed, 1);
    const tap = '1..4\nok 1 - memory\nnot ok 2 - pipes\nok 3 # SKIP no mount\n';
    const verdict = judge(program, ended(1, tap));
    assert.deepEqual([verdict.passed, verdict.failed, verdict.skipped], [1, 2, 1]);
    assert.equal(judge(program, ended(0, '1..0\n')).failed, 1);
  });

  test('ends a file that takes too long, with all its processes', async () => {
    const script = "trap '' TERM; sleep 100 & echo $!; wait";
    const outcome = await runTestFile({ name: 'x', command: ['/bin/sh', '-c', script], limit: 1 });
    assert.equal(outcome.failed, 1);
    assert.match(outcome.problem ?? '', /not done after/);
    const pid = outcome.output.trim();
    assert.match(pid, /^\d+$/);
    await waitFor('its child to end', () => !isRunning(pid));
  });

  test('does not wait for what a test left running, and keeps the output', async () => {
    const file = path.join(temporaryDirectory(), 'left.sh');
    writeFileSync(file, 'sleep 100 &\necho "1..1"; echo "ok 1"\n');
    const outcome = await runTestFile({ name: 'x', command: ['/bin/sh', file], limit: 60 });
    assert.deepEqual([outcome.passed, outcome.failed], [1, 0]);
    assert.ok(outcome.seconds < 60);
  });
});
