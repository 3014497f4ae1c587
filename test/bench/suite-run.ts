// SPDX-License-Identifier: GPL-2.0-or-later
/** The suite measures what it is asked to in every column, in its quick form. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { execa } from 'execa';
import { columns } from '../../bench/suite/columns.ts';
import { define, skip } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { noHosts } from '../support/namespace.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

const RUN = path.join(ROOT, 'dist', 'bench', 'run.js');

function suite(...args: string[]) {
  return execa(process.execPath, [RUN, '--suite', ...args], { reject: false });
}

define('a run of the suite', (test) => {
  test('--quick --json is one object for each row and column', async () => {
    const { exitCode, stdout, stderr } = await suite('--quick', '--json', 'tcp-rr', 'udp-receive-1-1500', 'boot');
    assert.equal(exitCode, 0, `${stderr}${stdout}`);
    const cells = stdout.split('\n').map((line): Record<string, unknown> => JSON.parse(line));
    const names = columns.map(({ name }) => name);
    assert.deepEqual(
      cells.map(({ row, column }) => `${row} ${column}`),
      [...names.map((name) => `udp-receive-1-1500 ${name}`), ...names.map((name) => `tcp-rr ${name}`), 'boot lkl-tap'],
    );
    for (const cell of cells) {
      const keys = ['row', 'column', 'value', 'ratio', 'spread', 'cpu', 'rounds', 'unit', 'better'];
      assert.deepEqual(Object.keys(cell), keys);
      assert.ok(Number(cell.value) > 0, JSON.stringify(cell));
    }
  });

  test('an unknown row is refused with the known ones', async () => {
    const { exitCode, stderr } = await suite('tcp-round-trip');
    assert.equal(exitCode, 2);
    assert.match(stderr, /tcp-round-trip.*tcp-rr/);
  });
});
