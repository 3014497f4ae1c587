// SPDX-License-Identifier: GPL-2.0-or-later
//
// The judge that lint asks, made of the published schema when it is built, and the model agree: on the examples of all
// rules, and on whatever these become by small changes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { checkDocument } from '../../src/config/document.ts';
import { refusedPaths } from '../../src/config/judge.ts';
import { Configuration } from '../../src/config/model.ts';
import { rules } from '../../src/config/rules/index.ts';
import { parseSource } from '../../src/config/source.ts';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { makeRandom } from '../support/random.ts';

const TEXTS = [
  readFileSync(path.join(ROOT, 'examples', 'tap', 'lkl-hijack.json'), 'utf8'),
  '{ "singlecpu": 1, "mount": ["proc"], "dump": "/a,/b", "nameserver": ["::1"], "delay_main": "auto" }',
  '{ "sysctl": { "net.ipv4.ip_forward": true }, "interfaces": [{ "type": "fd", "param": "5", "qdisc": "root|fq" }] }',
  ...rules.flatMap(({ bad, good }) => [bad, good]),
];

/** What came of a document: neither may refuse what the other lets pass, but for the size of numbers. */
function judge(document: unknown): 'sound' | 'range' | 'wrong' {
  const text = JSON.stringify(document);
  const refused = refusedPaths(document);
  const { success } = Configuration.safeParse(document);
  assert.ok(!success || refused.length === 0, `${text}: the schema refuses ${JSON.stringify(refused)}`);
  const found = checkDocument(document, { rules: [], judge: refusedPaths });
  assert.equal(found.length === 0, success, text);
  for (const { message, rule } of found) {
    assert.doesNotMatch(message, /JSON Schema/, text);
    assert.ok(refused.length > 0 || rule === 'value-range', `${text}: the schema allows what is ${rule}`);
  }
  return success ? 'sound' : refused.length === 0 ? 'range' : 'wrong';
}

define('the judge and the model', (test) => {
  test('agree on the examples of all rules', () => {
    const seen = new Set(TEXTS.map((text) => judge(parseSource(text, 'json5').value)));
    assert.deepEqual([...seen].sort(), ['range', 'sound', 'wrong']);
  });

  test('agree on random changes of them', () => {
    const random = makeRandom(5);
    const pieces = [
      '',
      '0',
      '9',
      'x',
      '.',
      ':',
      '|',
      ';',
      ',',
      ' ',
      '-',
      'f',
      '/',
      '=',
      'null',
      '7',
      '{}',
      '[]',
      '"a"',
    ];
    const seen = { sound: 0, range: 0, wrong: 0 };
    for (let round = 0; round < 20_000; round++) {
      const text = TEXTS[random(TEXTS.length)] ?? '';
      const at = random(text.length);
      const changed = text.slice(0, at) + (pieces[random(pieces.length)] ?? '') + text.slice(at + random(3));
      let document: unknown;
      try {
        document = JSON.parse(changed);
      } catch {
        continue;
      }
      seen[judge(document)]++;
    }
    assert.ok(seen.sound > 500 && seen.range > 20 && seen.wrong > 500, JSON.stringify(seen));
  });
});
