// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { formatText } from '../../src/config/format.ts';
import { parseSource } from '../../src/config/source.ts';
import { define } from '../support/define.ts';
import { makeRandom } from '../support/random.ts';

/** A text is laid out as another one, which stays as it is. */
function formats(text: string, expected: string): void {
  assert.equal(formatText(text), expected);
  assert.equal(formatText(expected), expected);
}

define('formatting', (test) => {
  test('plain JSON is laid out as JSON.stringify does', () => {
    for (const value of [
      {},
      [],
      { a: 1 },
      { a: [1, [], {}, { b: null }], c: 'x: [1, 2]' },
      [[[]]],
      'x',
      { '': '//' },
    ]) {
      formats(JSON.stringify(value), `${JSON.stringify(value, null, 2)}\n`);
    }
  });

  test('comments stay where they are', () => {
    formats(
      '// first\n{a:1,// one\n // of b\n"b":[/* none */],}/* last */',
      '// first\n{\n  a: 1, // one\n  // of b\n  "b": [ /* none */ ],\n} /* last */\n',
    );
    formats('{\n  "a": 1 // x\n  , "b": 2}', '{\n  "a": 1 // x\n  ,\n  "b": 2\n}\n');
    formats('{"a": 1, /* b */ "b": 2, /* end */\n"c": 3}', '{\n  "a": 1,\n  /* b */ "b": 2, /* end */\n  "c": 3\n}\n');
    formats('{ // x   \n}', '{ // x\n}\n');
  });

  test('one empty line between members is kept, of several one', () => {
    formats('{\n\n"a": 1,\n\n\n\n"b": 2,\n"c": 3\n\n}', '{\n  "a": 1,\n\n  "b": 2,\n  "c": 3\n}\n');
  });

  test('line ends of other systems and a byte order mark go', () => {
    formats('\uFEFF{\r\n"a": 1,\r\n\r\n"b": 2}\r\n', '{\n  "a": 1,\n\n  "b": 2\n}\n');
  });

  test('what a text means never changes', () => {
    const random = makeRandom(7);
    const pick = <T>(...all: readonly T[]): T => all[random(all.length)] ?? assert.fail();
    const blank = () => pick('', '', ' ', '\n', '\n\n\n', '\t', '// c\n', '/* c */', '\n/* a\n b */\n');
    const value = (depth: number): string => {
      const inner = () => blank() + value(depth + 1) + blank();
      switch (pick('scalar', 'array', 'object')) {
        case 'array':
          return depth > 3 ? '[]' : `[${[inner(), inner()].slice(0, pick(1, 2)).join(',')}${pick('', ',')}${blank()}]`;
        case 'object':
          return depth > 3
            ? '{}'
            : `{${blank()}a${blank()}:${inner()},${blank()}'b':${inner()}${pick('', ',')}${blank()}}`;
        default:
          return pick('1', '"x // y"', "'/* z'", 'null', 'true', '0x1F');
      }
    };
    for (let round = 0; round < 500; round++) {
      const text = blank() + value(0) + blank();
      const formatted = formatText(text);
      assert.deepEqual(parseSource(formatted, 'json5').value, parseSource(text, 'json5').value, text);
      assert.equal(formatText(formatted), formatted, text);
      const comments = (one: string) => one.match(/\/\/ c|\/\* c \*\/|\/\* a/g)?.length ?? 0;
      assert.equal(comments(formatted), comments(text));
    }
  });
});
