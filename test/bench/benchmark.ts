// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { compare, inTurns, median, spread } from '../../bench/benchmark.ts';
import { benchmarks } from '../../bench/index.ts';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';

/** The names that the architecture gives the figures to reach. */
const NAMES = [
  'null-syscall',
  'tcp-rr-tap',
  'tcp-bulk-tap-tx',
  'tcp-bulk-tap-rx',
  'loopback',
  'boot',
  'memory',
  'passthrough',
  'launch',
];

function bench(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(ROOT, 'dist', 'bench', 'run.js'), ...args],
    {
      encoding: 'utf8',
    },
  );
  return { status, stdout, stderr };
}

define('benchmarks', (test) => {
  test('--help tells the names, and an option that does not exist is a message', () => {
    const { status, stdout, stderr } = bench('--help');
    assert.deepEqual([status, stderr], [0, '']);
    for (const { name } of benchmarks) {
      assert.ok(stdout.includes(name), name);
    }
    const unknown = bench('--nonsense');
    assert.deepEqual([unknown.status, unknown.stdout], [2, '']);
    assert.ok(unknown.stderr.startsWith("Unknown option '--nonsense'"), unknown.stderr);
    assert.doesNotMatch(unknown.stderr, /^ {4}at /m);
  });

  test('median and spread of samples', () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 2, 3]), 2.5);
    assert.equal(spread([1, 2, 3, 4, 5]), 2 / 3);
    assert.equal(spread([7]), 0);
  });

  test('samples are taken in turns, and the first round does not count', async () => {
    let calls = '';
    const sample = (name: string, values: number[]) => () => {
      calls += name;
      return values.shift() ?? assert.fail();
    };
    const samples = await inTurns(2, sample('a', [100, 1, 2]), sample('b', [100, 3, 4]));
    assert.deepEqual(samples, { ours: [1, 2], host: [3, 4] });
    assert.equal(calls, 'ababab');
  });

  test('a comparison is ours by the host', async () => {
    const result = await compare(
      'us',
      3,
      () => 2,
      () => 4,
    );
    assert.deepEqual(result, { ours: 2, host: 4, unit: 'us', ratio: 0.5, spread: 0 });
  });

  test('there is each that has a figure to reach', () => {
    const present = benchmarks.map(({ name }) => name);
    for (const name of NAMES) {
      assert.ok(present.includes(name), name);
    }
    assert.equal(new Set(present).size, present.length);
  });

  test('--json is one object a line, and a name selects', () => {
    const { status, stdout } = bench('--json', 'launch');
    assert.equal(status, 0);
    const [line = '', ...more] = stdout.trim().split('\n');
    assert.deepEqual(more, []);
    const result: Record<string, unknown> = JSON.parse(line);
    assert.deepEqual(Object.keys(result).slice(0, 6), ['name', 'ours', 'host', 'unit', 'ratio', 'spread']);
    assert.equal(result.name, 'launch');
    assert.equal(result.host, null);
  });

  test('an unknown name is refused with the known ones', () => {
    const { status, stderr } = bench('lunch');
    assert.equal(status, 2);
    assert.match(stderr, /lunch.*launch/);
  });
});
