// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { parseSource } from '../../src/config/source.ts';
import { define } from '../support/define.ts';
import { makeRandom } from '../support/random.ts';

/** Text of a random document, with random white space. */
function randomText(random: (limit: number) => number, depth = 0): string {
  const blank = (): string => ['', ' ', '\n', '\t', '\r\n  '][random(5)] ?? '';
  const string = (): string =>
    JSON.stringify(
      Array.from({ length: random(5) }, () => ['a', '"', '\\', 'ü', '🐧', '\u2028', '\0', '/'][random(8)]).join(''),
    );
  const wrap = (text: string): string => blank() + text + blank();
  const list = (item: () => string): string => Array.from({ length: random(4) }, item).join(',') || blank();
  switch (random(depth > 3 ? 4 : 6)) {
    case 0:
      return wrap(string());
    case 1:
      return wrap(['0', '-1', '1.5', '1e3', '12345678901234567890', '-0.0E-5'][random(6)] ?? '0');
    case 2:
      return wrap(['true', 'false', 'null'][random(3)] ?? 'null');
    case 3:
      return wrap('{}');
    case 4:
      return wrap(`[${list(() => randomText(random, depth + 1))}]`);
    default:
      return wrap(`{${list(() => `${wrap(string())}:${randomText(random, depth + 1)}`)}}`);
  }
}

define('reading JSON', (test) => {
  test('gives the value and where each part stands', () => {
    const source = parseSource('{\n  "a": [1, {"b": "x"}]\n}\n');
    assert.deepEqual(source.value, { a: [1, { b: 'x' }] });
    assert.deepEqual(source.findings, []);
    const start = (path: (string | number)[], part: 'key' | 'value') => {
      const { line, column } = source.locate(path, part)?.start ?? assert.fail();
      return `${line}:${column}`;
    };
    assert.equal(start([], 'value'), '1:1');
    assert.equal(start(['a'], 'key'), '2:3');
    assert.equal(start(['a'], 'value'), '2:8');
    assert.equal(start(['a', 1, 'b'], 'key'), '2:13');
    assert.equal(start(['a', 1, 'b'], 'value'), '2:18');
    assert.equal(start(['a', 1, 'missing'], 'value'), '2:12');
  });

  test('random valid texts are understood as JSON.parse does, to the last place', () => {
    const random = makeRandom(7);
    for (let round = 0; round < 500; round++) {
      const text = randomText(random);
      const { value, findings, locate } = parseSource(text);
      assert.deepEqual(value, JSON.parse(text), text);
      assert.ok(
        findings.every(({ rule }) => rule === 'duplicate-key'),
        text,
      );
      const range = locate([], 'value');
      assert.deepEqual(JSON.parse([...text].slice(range?.start.offset, range?.end.offset).join('')), value);
    }
  });

  const wrong: [text: string, place: string, message: RegExp][] = [
    ['', '1:1', /not valid JSON/],
    ['{', '1:2', /a string or a name|a string.*end of the file/],
    ['{"a" 1}', '1:6', /expected ":", but got a number/],
    ['{"a": 1,\n "b": }', '2:7', /not valid JSON/],
    ['{} x', '1:4', /unexpected token 'x'/],
    ['{"a": 1,}', '1:8', /a comma after the last member/],
    ['[1, 2 ,\n]', '1:7', /a comma after the last member/],
    ['{a: 1}', '1:2', /the name a is not in double quotes/],
    ['{\n"a": \'x\'}', '2:6', /not in double quotes/],
    ['{"a": 0x10}', '1:7', /the number 0x10: put it in double quotes/],
    ['{"a": +1}', '1:7', /the number \+1/],
    ['// why\n{}', '1:1', /a comment/],
    ['{ /* why */ }', '1:3', /a comment/],
    ['{"a":\u00a01}', '1:6', /blank/],
    ['\ufeff{}', '1:1', /byte order mark|blank/],
    ['{"a": "x\ny"}', '1:7', /not valid JSON/],
  ];
  for (const [text, place, message] of wrong) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      const { value, findings } = parseSource(text);
      assert.equal(value, undefined);
      assert.equal(findings.length, 1);
      const [finding] = findings;
      assert.equal(finding?.rule, 'syntax');
      assert.match(`${finding?.message}; ${finding?.help}`, message);
      assert.equal(`${finding?.range?.start.line}:${finding?.range?.start.column}`, place);
    });
  }

  test('finds a key that stands twice, at its second place', () => {
    const { findings } = parseSource('{"a": 1, "b": [{"c": 1,\n"c": 2}], "a": 3}');
    assert.deepEqual(
      findings.map(({ path, range, message }) => [path.join('.'), range?.start.line, message]),
      [
        ['b.0.c', 2, 'the key stands twice, first in line 1'],
        ['a', 2, 'the key stands twice, first in line 1'],
      ],
    );
  });
});
