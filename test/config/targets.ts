// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which files an argument of lint means.
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expandTarget, globPattern } from '../../src/config/targets.ts';
import { define } from '../support/define.ts';
import { temporaryDirectory } from '../support/hijack.ts';

const top = path.join(temporaryDirectory(), 'tree');
for (const file of [
  'lkl-hijack.json',
  'lkl-hijack-2.json5',
  'a/lkl-hijack.jsonc',
  'a/b/lkl-hijack.json',
  'a/b/other.json',
  'a/b/lkl-hijack.txt',
  'node_modules/x/lkl-hijack.json',
  '.git/lkl-hijack.json',
  'odd[1].json',
]) {
  mkdirSync(path.dirname(path.join(top, file)), { recursive: true });
  writeFileSync(path.join(top, file), '{}');
}
symlinkSync('nowhere', path.join(top, 'lkl-hijack-gone.json'));

const inTop = (argument: string): string[] =>
  expandTarget(path.join(top, argument)).map((file) => path.relative(top, file));

define('arguments of lint', (test) => {
  test('a file is itself, whatever its name, and if it is missing', () => {
    assert.deepEqual(inTop('a/b/other.json'), ['a/b/other.json']);
    assert.deepEqual(inTop('odd[1].json'), ['odd[1].json']);
    assert.deepEqual(inTop('missing.json'), ['missing.json']);
    assert.deepEqual(expandTarget('-'), ['-']);
  });

  test('a directory is searched', () => {
    assert.deepEqual(inTop(''), ['a/b/lkl-hijack.json', 'a/lkl-hijack.jsonc', 'lkl-hijack-2.json5', 'lkl-hijack.json']);
  });

  test('a pattern is', () => {
    assert.deepEqual(inTop('**/*.json'), ['a/b/lkl-hijack.json', 'a/b/other.json', 'lkl-hijack.json', 'odd[1].json']);
    assert.deepEqual(inTop('*/*.{json,jsonc}'), ['a/lkl-hijack.jsonc']);
    assert.deepEqual(inTop('lkl-hijack-?.json5'), ['lkl-hijack-2.json5']);
    assert.deepEqual(inTop('x*'), []);
    const here = process.cwd();
    try {
      process.chdir(top);
      assert.deepEqual(expandTarget('*.json5'), ['lkl-hijack-2.json5']);
      assert.deepEqual(expandTarget('./a/**'), [
        'a/b/lkl-hijack.json',
        'a/b/lkl-hijack.txt',
        'a/b/other.json',
        'a/lkl-hijack.jsonc',
      ]);
    } finally {
      process.chdir(here);
    }
  });

  test('patterns as regular expressions', () => {
    const cases: [glob: string, match: string[], no: string[]][] = [
      ['a.json', ['a.json'], ['axjson', 'a.jsons']],
      ['[ab].json', ['a.json'], ['c.json', '[ab].json']],
      ['[!ab].json', ['c.json'], ['a.json']],
      ['**/x', ['x', 'a/x', 'a/b/x'], ['xx', 'a/xx']],
      ['a,b}', ['a,b}'], ['a']],
      ['{a,{b,c}d}', ['a', 'bd', 'cd'], ['b', 'ad']],
      ['a{b', ['ab'], []],
      ['(a|b)+', ['(a|b)+'], ['a']],
    ];
    for (const [glob, match, no] of cases) {
      for (const name of match) {
        assert.ok(globPattern(glob).test(name), `${glob} ${name}`);
      }
      for (const name of no) {
        assert.ok(!globPattern(glob).test(name), `${glob} ${name}`);
      }
    }
  });
});
