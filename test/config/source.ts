// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { fixText } from '../../src/config/fix.ts';
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
  test('what is nested too deeply is not followed', () => {
    const [open, close] = ['['.repeat(5000), ']'.repeat(5000)];
    for (const text of [open + close, open, `{"debug": "1", "interfaces": ${open}${close}}`]) {
      const source = parseSource(text);
      assert.equal(source.value, undefined);
      assert.deepEqual(
        source.findings.map(({ rule, message, range }) => [rule, message, range?.start.offset]),
        [
          [
            'syntax',
            'not valid: nested more than 64 levels deep',
            text.indexOf('[') + (text.startsWith('{') ? 63 : 64),
          ],
        ],
      );
    }
    assert.notEqual(parseSource(`{"debug": "${open}"}`).value, undefined);
  });

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

  const wrong: [text: string, place: string, message: RegExp, repaired?: string][] = [
    ['', '1:1', /not valid: the file is empty/],
    ['{', '1:2', /the closing brace is missing/, '{}'],
    ['{"a": [1', '1:9', /the closing bracket is missing/, '{"a": [1]}'],
    ['{"a" 1}', '1:5', /the colon is missing/, '{"a": 1}'],
    ['{"a": 1,\n "b": }', '2:6', /the value is missing/],
    ['{} x', '1:4', /nothing may follow/],
    ['{"a": 1,}', '1:8', /a comma after the last member/, '{"a": 1}'],
    ['[1, 2 ,\n]', '1:7', /a comma after the last member/, '[1, 2 \n]'],
    ['[1,, 2]', '1:4', /a comma too many/, '[1, 2]'],
    ['[1 "2"]', '1:3', /the comma is missing/, '[1, "2"]'],
    ['{"a": "1"\n "b": "2"}', '1:10', /the comma is missing/, '{"a": "1",\n "b": "2"}'],
    ['"a": "1", "b": 2', '1:1', /the braces around/, '{"a": "1", "b": 2}'],
    ['{"a": tap}', '1:7', /tap is not in quotes/, '{"a": "tap"}'],
    ['{a: 1}', '1:2', /strict JSON: the name a is not in quotes/, '{"a": 1}'],
    ['{1: 1}', '1:2', /1 is not in quotes/, '{"1": 1}'],
    ['{"a": \'x"\'}', '1:7', /a string in single quotes/, '{"a": "x\\""}'],
    ['{"a": 0x10}', '1:7', /strict JSON: the number 0x10/, '{"a": "0x10"}'],
    ['{"a": +1}', '1:7', /the number \+1/, '{"a": "+1"}'],
    ['// why\n{}', '1:1', /a comment/],
    ['{ /* why */ }', '1:3', /a comment/],
    ['{"a":\u00a01}', '1:6', /blank/, '{"a": 1}'],
    ['\ufeff{}', '1:1', /byte order mark/, '{}'],
    ['{"a": "x\ny"}', '1:9', /the closing quote is missing/],
    ['{"a": "x, "b": 1}', '1:12', /missing/],
    ['{"a": @1}', '1:7', /the character "@" means nothing/],
    ['{ : 1}', '1:3', /the name of the member is missing/],
    ['{"a": "\\q"}', '1:7', /a string with escapes/, '{"a": "q"}'],
  ];
  for (const [text, place, message, repaired] of wrong) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      const { findings } = parseSource(text);
      const [finding] = findings;
      assert.match(finding?.message ?? '', message);
      assert.equal(`${finding?.range?.start.line}:${finding?.range?.start.column}`, place);
      if (repaired !== undefined) {
        const after = fixText(text, (now) => parseSource(now).findings);
        assert.equal(after.text, repaired);
        JSON.parse(repaired);
      }
    });
  }

  test('all slips of a text, with the places that they have there', () => {
    const { value, findings, locate } = parseSource('{\n"🐧": 1 b: \'x\',\n// c\n"c": [1 2 {"d": 0x1}],}\n');
    assert.deepEqual(value, { '🐧': 1, b: 'x', c: [1, 2, { d: 1 }] });
    assert.deepEqual(
      findings.map(({ range }) => `${range?.start.line}:${range?.start.column}-${range?.end.column}`),
      ['2:7-7', '2:8-9', '2:11-14', '3:1-5', '4:8-8', '4:10-10', '4:17-20', '4:22-23'],
    );
    const at = locate(['c', 2, 'd'], 'value')?.start;
    assert.deepEqual([at?.line, at?.column], [4, 17]);
  });

  test('JSON5 and JSONC have what they have', () => {
    const five = `\ufeff// why\n{ a: 'x', "b": +0x10, /* c */ c: [1,], }`;
    assert.deepEqual(parseSource(five, 'json5').findings, []);
    assert.deepEqual(parseSource(five, 'json5').value, { a: 'x', b: 16, c: [1] });
    assert.deepEqual(parseSource(String.raw`['\x41\v\q\'\u0041\0', "\'"]`, 'json5').value, ["A\vq'A\0", "'"]);
    assert.deepEqual(parseSource('// why\n{ "a": "x", }', 'jsonc').findings, []);
    assert.equal(parseSource(five, 'jsonc').findings.length, 4);
    assert.deepEqual(
      parseSource(five, 'json5').comments.map(({ text, range }) => [text, range.end.line]),
      [
        ['// why', 1],
        ['/* c */', 2],
      ],
    );
  });

  test('reads anything to an end', () => {
    const random = makeRandom(11);
    const good = '{\n  "gateway": "1.2.3.4", // c\n  "interfaces": [ { type: \'tap\', "mtu": 0x10, } ]\n}';
    const pieces = ['', '"', "'", ':', ',', '{', '}', '[', ']', '/*', '//', '\n', '@', '+', '0x', 'null', '\\', '🐧'];
    for (let round = 0; round < 3000; round++) {
      let text = good;
      for (let change = random(4); change >= 0; change--) {
        const at = random(text.length);
        text = text.slice(0, at) + (pieces[random(pieces.length)] ?? '') + text.slice(at + random(3));
      }
      const { value, findings } = parseSource(text, 'json5');
      assert.ok(value !== undefined || findings.length > 0, text);
      for (const { range } of findings) {
        assert.ok(range && range.start.offset <= range.end.offset && range.end.offset <= text.length, text);
      }
    }
  });

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
