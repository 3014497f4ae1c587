// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unifiedDiff } from '../../src/config/diff.ts';
import { define } from '../support/define.ts';
import { temporaryDirectory } from '../support/hijack.ts';
import { makeRandom } from '../support/random.ts';

/** What patch(1) makes of a text by a difference. */
function patched(text: string, diff: string): string {
  const file = path.join(temporaryDirectory(), 'patched');
  writeFileSync(file, text);
  const { status, stdout, stderr } = spawnSync('patch', ['--fuzz=0', file], { input: diff, encoding: 'utf8' });
  assert.equal(status, 0, `${stdout}${stderr}\n${diff}`);
  return readFileSync(file, 'utf8');
}

define('differences', (test) => {
  test('equal texts have none', () => {
    assert.equal(unifiedDiff('f', 'a\nb\n', 'a\nb\n'), '');
    assert.equal(unifiedDiff('f', '', ''), '');
  });

  test('are in the unified format', () => {
    assert.equal(
      unifiedDiff('f', '1\n2\n3\n4\n5\n6\n7\n8\n9\n', '1\n2\n3\n4\nx\n6\n7\n8\n9\n'),
      '--- f\n+++ f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n',
    );
    assert.equal(unifiedDiff('f', 'a', 'a\n'), '--- f\n+++ f\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n');
    assert.equal(unifiedDiff('f', '', 'a\n'), '--- f\n+++ f\n@@ -0,0 +1,1 @@\n+a\n');
  });

  test('make one text of the other, by patch(1)', () => {
    const random = makeRandom(11);
    const lines = (count: number) => Array.from({ length: count }, () => `${random(6)}\n`);
    for (let round = 0; round < 60; round++) {
      const before = lines(1 + random(40));
      const after = before.flatMap((line) => (random(10) < 8 ? [line] : lines(random(3))));
      const end = random(3) === 0 ? 'end' : '';
      const [one, other] = [`${before.join('')}${end}`, `${after.join('')}${random(2) === 0 ? end : ''}x`];
      assert.equal(patched(one, unifiedDiff('patched', one, other)), other);
    }
  });
});
