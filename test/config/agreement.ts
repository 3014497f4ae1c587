// SPDX-License-Identifier: GPL-2.0-or-later
//
// The library reads configurations by itself; what the model here accepts, it accepts, and what one refuses, the other
// refuses. Its reader is Release/config-reader, with sanitizers; the texts are the corpus that its fuzzer has too.
import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { checkText } from '../../src/config/check.ts';
import { readSound } from '../../src/config/sound.ts';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { makeRandom } from '../support/random.ts';

const READER = path.join(ROOT, 'build', 'Release', 'config-reader');
const CORPUS = path.join(ROOT, 'test', 'fuzz', 'corpus');

/** What the library's reader says of each text: "ok" or its message. */
function verdicts(texts: readonly Buffer[]): string[] {
  const framed = texts.flatMap((text) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    return [length, text];
  });
  const input = Buffer.concat(framed);
  const lines = execFileSync(READER, { input, maxBuffer: 1 << 28, encoding: 'utf8' })
    .trimEnd()
    .split('\n');
  assert.equal(lines.length, texts.length);
  return lines;
}

/** Those of which one reader thinks otherwise than the other. */
function disagreements(texts: readonly Buffer[]): string[] {
  return verdicts(texts).flatMap((verdict, index) => {
    const bytes = texts[index] ?? Buffer.alloc(0);
    const text = bytes.toString('utf8');
    const sound = isUtf8(bytes) && readSound(text) !== undefined;
    return sound === (verdict === 'ok') ? [] : [`${text}\n  here ${sound}, there ${verdict}`];
  });
}

function corpus(kind: 'valid' | 'invalid'): Buffer[] {
  return readdirSync(path.join(CORPUS, kind)).map((name) => readFileSync(path.join(CORPUS, kind, name)));
}

/** Pieces that values and JSON are made of. */
const PIECES = [
  ...[
    '"',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '\\',
    '\\u0000',
    '\\ud800',
    ' ',
    '\n',
    '\t',
    '0',
    '1',
    '9',
    '-',
    '.',
    '/',
    '|',
    ';',
  ],
  ...[
    '=',
    'e',
    'x',
    '0x',
    'true',
    'null',
    '""',
    '{}',
    '[]',
    'tap',
    'root|fq',
    '::',
    '1.2.3.4',
    '12:34:56:78:9a:bc',
    '\xff',
  ],
];

define('the library and the model', (test) => {
  const valid = corpus('valid');
  const invalid = corpus('invalid');

  test('agree on the corpus, which says who is right', () => {
    assert.ok(valid.length >= 150 && invalid.length >= 150);
    assert.deepEqual(disagreements([...valid, ...invalid]), []);
    assert.deepEqual(
      verdicts(valid).filter((verdict) => verdict !== 'ok'),
      [],
    );
    assert.ok(verdicts(invalid).every((verdict) => verdict !== 'ok'));
  });

  test('the long way through a text finds something exactly where the library refuses it', () => {
    for (const [texts, sound] of [
      [valid, true],
      [invalid, false],
    ] as const) {
      for (const text of texts) {
        assert.equal(checkText(text.toString('utf8')).findings.length === 0, sound, text.toString('utf8'));
      }
    }
  });

  test('agree on how much memory the kernel needs', () => {
    const texts = [
      '0',
      '07M',
      '08M',
      '0x7M',
      '0xM',
      'M',
      '',
      '-8M',
      '+8M',
      '8MB',
      '8m',
      '8191K',
      '8192K',
      '99999999999E',
    ]
      .concat(Array.from({ length: 64 }, (_, mib) => `${mib}M`))
      .flatMap((size) =>
        [0, 1, 2, 7, 40].map((length) => ({
          boot_cmdline: `quiet mem=64M mem=${size} x`,
          interfaces: Array.from({ length }, () => ({ type: 'loop' })),
        })),
      )
      .map((document) => Buffer.from(JSON.stringify(document)));
    assert.deepEqual(disagreements(texts), []);
    const taken = verdicts(texts).filter((verdict) => verdict === 'ok').length;
    assert.ok(taken > 100 && taken < texts.length - 100, String(taken));
  });

  test('agree on texts with random changes', () => {
    const random = makeRandom(7);
    const seeds = [...valid, ...valid, ...invalid].filter(({ length }) => length < 2000);
    const texts = Array.from({ length: 10_000 }, () => {
      let text = seeds[random(seeds.length)] ?? Buffer.alloc(0);
      for (let change = 0; change <= random(3); change++) {
        const at = random(text.length + 1);
        const piece = Buffer.from(PIECES[random(PIECES.length)] ?? '', 'latin1');
        text = Buffer.concat([
          text.subarray(0, at),
          random(4) === 0 ? Buffer.alloc(0) : piece,
          text.subarray(at + random(3)),
        ]);
      }
      return text;
    });
    assert.deepEqual(disagreements(texts), []);
    const taken = verdicts(texts).filter((verdict) => verdict === 'ok').length;
    assert.ok(taken > 300 && taken < 9_700, String(taken));
  });
});
