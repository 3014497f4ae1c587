// SPDX-License-Identifier: GPL-2.0-or-later
// time limit: 600 s
/** The kernel's own tests (linux/tools/kunit), which run while their kernel boots. */
import path from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';

/** Parts of the kernel whose suites must be among those that ran. */
const PARTS = ['list-kunit-test', 'hash', 'time_test_cases', 'string', 'checksum', 'ext4_inode_test', 'mptcp-token'];

const { stdout, exitCode } = await execa(path.join(ROOT, 'build', 'Release', 'lkl-kunit'), {
  reject: false,
  timeout: 500_000,
  maxBuffer: 1 << 28,
});
const lines = stdout.split('\n').map((line) => line.replace(/^\[ *\d+\.\d+\] /, ''));

/** Tests from before KUnit, as they name themselves when they tell that they passed. */
const OLDER = [
  'atomic64_test',
  'crc32',
  'glob',
  'maple_tree',
  'min_heap_test',
  'prandom',
  'test_bitmap',
  'test_hexdump',
  'test_memcat_p',
  'test_printf',
  'test_scanf',
  'test_uuid',
  'XArray',
];

/** The suites, each a test point of the outermost level: Documentation/dev-tools/ktap.rst in the kernel's source. */
const suites = lines.flatMap((line) => {
  const [, not, name, skip] = /^(not )?ok \d+ (\S+)( # SKIP)?/.exec(line) ?? [];
  return name === undefined ? [] : [{ name, passed: not === undefined, skipped: skip !== undefined }];
});

define('kernel tests', (test) => {
  test('all suites of KUnit ran', () => {
    const plan = lines.map((line) => /^1\.\.(\d+)$/.exec(line)?.[1]).find((count) => count !== undefined);
    assert.ok(Number(plan) >= PARTS.length, 'there is a plan');
    assert.is(suites.length, Number(plan));
    const names = suites.map(({ name }) => name);
    assert.equal(
      PARTS.filter((part) => !names.includes(part)),
      [],
    );
  });

  // Without an MMU and FORTIFY_SOURCE, kunit_fault and fortify have no cases.
  for (const { name, passed } of suites.filter(({ skipped }) => !skipped)) {
    test(name, () => assert.ok(passed, reportOf(name)));
  }

  for (const name of OLDER) {
    const told = lines.filter((line) => line.startsWith(`${name}: `));
    test(name, () => {
      assert.ok(told.length > 0 && /passed/.test(told.at(-1) ?? ''), told.join('\n'));
      assert.equal(
        told.filter((line) => /\bfail/i.test(line) && !/\b0 failed/.test(line)),
        [],
      );
    });
  }

  test('none of them warned', () => {
    assert.equal(
      lines.filter((line) => /\bBUG\b|WARNING:|Oops|Kernel panic/.test(line)),
      [],
    );
  });

  test('the kernel ends in order', () => assert.is(exitCode, 0));
});

/** What a suite wrote, from its heading to its result. */
function reportOf(name: string): string {
  const start = lines.findIndex((line) => line.trim() === `# Subtest: ${name}`);
  const end = lines.findIndex((line) => new RegExp(`^(not )?ok \\d+ ${name}`).test(line));
  return lines.slice(start, end + 1).join('\n');
}
