// SPDX-License-Identifier: GPL-2.0-or-later
//
// `npm test [-- NAME...]`: runs every test file in a process of its own, TypeScript and C alike, and ends with the
// line `N passed, N failed, N skipped`. Names select the files whose path contains one of them.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { findTests, type TestFile } from './support/discover.ts';
import { removeLeftNamespaces } from './support/namespace.ts';
import { type Outcome, runTestFile } from './support/runner.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { concurrency: { type: 'string', default: String(Math.min(2, availableParallelism())) } },
});

const files = findTests().filter(
  ({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)),
);
const totals = { passed: 0, failed: 0, skipped: 0 };

function report({ name }: TestFile, { passed, failed, skipped, problem, output, seconds }: Outcome): void {
  totals.passed += passed;
  totals.failed += failed;
  totals.skipped += skipped;
  const ran = passed + failed;
  const verdict = failed > 0 ? 'FAILED' : ran === 0 ? 'skipped' : 'ok';
  const left = skipped > 0 ? `, ${skipped} skipped` : '';
  const count = ran === 0 ? '' : `, ${passed} of ${ran}${left}`;
  process.stdout.write(`${verdict.padEnd(8)}${name}${count}, ${seconds.toFixed(1)} s\n`);
  if (problem !== undefined) {
    process.stdout.write(`        ${problem}\n`);
  }
  if (failed > 0) {
    // Of hundreds of TAP points, those that are not ok are looked for.
    const told = output.replaceAll(/^ok .*\n/gm, '').trimEnd();
    process.stdout.write(`${told.replaceAll(/^/gm, '    ')}\n`);
  }
}

/** Takes files from the queue until there are none. */
async function work(queue: Iterator<TestFile>): Promise<void> {
  for (let next = queue.next(); !next.done; next = queue.next()) {
    report(next.value, await runTestFile(next.value));
  }
}

const queue = files.values();
await Promise.all(Array.from({ length: Math.max(1, Number(values.concurrency)) }, () => work(queue)));
removeLeftNamespaces(process.pid);
if (files.length === 0) {
  process.stdout.write('there is no such test\n');
}
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);
process.exitCode = totals.failed > 0 || files.length === 0 ? 1 : 0;
