// SPDX-License-Identifier: GPL-2.0-or-later
//
// The short way through a configuration finds it sound exactly when the long way finds nothing.
import assert from 'node:assert/strict';
import { checkText } from '../../src/config/check.ts';
import { readSound } from '../../src/config/sound.ts';
import { define } from '../support/define.ts';
import { makeRandom } from '../support/random.ts';

const GOOD = `{
  "$schema": "a \\"b\\": c",
  "boot_cmdline": "x:\\\\",
  "interfaces": [
    { "type": "tap", "param": "tap0", "ip": "1.2.3.4", "masklen": "24" },
    { "type": "tap", "param": "a\\"b" , "mtu" : 1500 }
  ]
}`;

function agrees(text: string): boolean {
  const sound = readSound(text);
  const { findings, document } = checkText(text);
  assert.equal(sound !== undefined, findings.length === 0, text);
  if (sound !== undefined) {
    assert.deepEqual(sound, document);
  }
  return sound !== undefined;
}

define('sound configurations', (test) => {
  test('names in strings do not count as members', () => {
    assert.ok(agrees(GOOD));
    assert.ok(agrees('{}'));
  });

  test('a member that stands twice is seen at any depth', () => {
    assert.ok(!agrees('{"debug": "1", "debug": "1"}'));
    assert.ok(!agrees('{"debug": "1", "deb\\u0075g": "1"}'));
    assert.ok(!agrees('{"interfaces": [{"type": "tap", "param": "a", "param": "a"}]}'));
  });

  test('both ways agree on texts with random changes', () => {
    const random = makeRandom(3);
    let sound = 0;
    for (let round = 0; round < 2000; round++) {
      const at = random(GOOD.length);
      const change = ['', '"', ':', ',', '{', '}', ' ', '1', 'tap', '\\'][random(10)] ?? '';
      sound += agrees(GOOD.slice(0, at) + change + GOOD.slice(at + random(3))) ? 1 : 0;
    }
    assert.ok(sound > 0 && sound < 2000);
  });
});
