// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { parseEnvironment, preloadList } from '../../src/launcher/environment.ts';
import { define } from '../support/define.ts';

define('the environment', (test) => {
  test('entries that a shell can hold are told from those it would lose', () => {
    const { variables, strange } = parseEnvironment('A=1\0B=\0x.y=z\0C=a=b\nc\0BASH_FUNC_f%%=() { :; }\0nonsense\0');
    assert.deepEqual(
      [...variables],
      [
        ['A', '1'],
        ['B', ''],
        ['C', 'a=b\nc'],
      ],
    );
    assert.deepEqual(strange, ['x.y=z', 'BASH_FUNC_f%%=() { :; }']);
  });

  test('our library comes first, once, and the others stay', () => {
    assert.equal(preloadList('/l.so', undefined), '/l.so');
    assert.equal(preloadList('/l.so', ''), '/l.so');
    assert.equal(preloadList('/l.so', '/a.so:/b.so'), '/l.so:/a.so:/b.so');
    assert.equal(preloadList('/l.so', '/a.so /b.so'), '/l.so:/a.so:/b.so');
    assert.equal(preloadList('/l.so', '/l.so:/a.so'), '/l.so:/a.so');
    assert.equal(preloadList('/l.so', '/a.so:/l.so'), '/l.so:/a.so');
  });
});
