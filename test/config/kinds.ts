// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { isIPv4, isIPv6 } from 'node:net';
import { addresses, commandLine, integer, ipv4, ipv6, type Kind, mac, mask, oneOf } from '../../src/config/kinds.ts';
import { define } from '../support/define.ts';
import { makeRandom } from '../support/random.ts';

interface Case {
  readonly kind: Kind<string> | Kind<number> | Kind<bigint>;
  readonly good: Readonly<Record<string, string | number | bigint>>;
  readonly bad: readonly string[];
}

const same = (...texts: string[]): Record<string, string> => Object.fromEntries(texts.map((text) => [text, text]));

const cases: Readonly<Record<string, Case>> = {
  integer: {
    kind: integer('', 1, 4096),
    good: { 1: 1, '0x10': 16, '0X1f': 31, '010': 8, 4096: 4096 },
    bad: ['', '0', '4097', '-1', '+1', ' 1', '1 ', '08', '0x', '1e3', '1.0', 'ten', '99999999999999999999999'],
  },
  mask: {
    kind: mask(''),
    good: { 0: 0n, '0xc803': 0xc803n, '0xffffffffffffffff': 0xffffffffffffffffn },
    bad: ['', '-1', '0x10000000000000000', 'all'],
  },
  ipv4: {
    kind: ipv4,
    good: same('192.168.0.1', '0.0.0.0', '255.255.255.255'),
    bad: ['', '1.2.3', '1.2.3.256', '01.2.3.4', '1.2.3.4/24', ' 1.2.3.4', '::1', '1.2.3.4.5'],
  },
  ipv6: {
    kind: ipv6,
    good: same('::', '::1', '2001:DB8::2', '::ffff:1.2.3.4', 'fe80::1'),
    bad: ['', '1.2.3.4', 'fe80::1%eth0', '::1/64', ':::', '2001:db8::1::2', '[::1]'],
  },
  mac: {
    kind: mac,
    good: same('12:34:56:78:9a:bc', '02:00:00:00:00:00', 'FE:ff:ff:ff:ff:ff'),
    bad: [
      '',
      '12:34:56:78:9a',
      '12-34-56-78-9a-bc',
      '1:34:56:78:9a:bc',
      '01:00:5e:00:00:01',
      'ff:ff:ff:ff:ff:ff',
      '00:00:00:00:00:00',
      '12:34:56:78:9a:bc:de',
      '12:34:56:78:9a:bg',
    ],
  },
  commandLine: {
    kind: commandLine,
    good: same('', 'mem=1G ip=dhcp', 'x'.repeat(3072)),
    bad: ['a\nb', 'ü', 'x'.repeat(3073)],
  },
  oneOf: { kind: oneOf('a type', ['tap', 'raw']), good: same('tap', 'raw'), bad: ['', 'TAP', 'tap '] },
};

define('kinds of values', (test) => {
  for (const [name, { kind, good, bad }] of Object.entries(cases)) {
    test(`${name}: accepts`, () => {
      for (const [text, value] of Object.entries(good)) {
        assert.equal(kind.decode(text), value, text);
      }
    });
    test(`${name}: refuses`, () => {
      for (const text of bad) {
        assert.equal(kind.decode(text), undefined, text);
      }
    });
  }

  test('addresses are those that node:net knows', () => {
    const random = makeRandom(11);
    const pieces = [
      '0',
      '1',
      '25',
      '256',
      '00',
      'ff',
      'FFFF',
      '12345',
      'g',
      ':',
      ':',
      ':',
      '::',
      '.',
      '.',
      '.',
      '1.2.3.4',
    ];
    const seen = { ipv4: 0, ipv6: 0 };
    const pattern = new RegExp(String(addresses.piece.schema.pattern));
    for (let round = 0; round < 100_000; round++) {
      const text = Array.from({ length: 1 + random(16) }, () => pieces[random(pieces.length)]).join('');
      assert.equal(ipv4.decode(text) !== undefined, isIPv4(text), text);
      assert.equal(ipv6.decode(text) !== undefined, isIPv6(text), text);
      assert.equal(pattern.test(text), isIPv4(text) || isIPv6(text), text);
      seen.ipv4 += isIPv4(text) ? 1 : 0;
      seen.ipv6 += isIPv6(text) ? 1 : 0;
    }
    assert.ok(seen.ipv4 > 100 && seen.ipv6 > 100, JSON.stringify(seen));
  });

  test('numbers are written as they are read', () => {
    const number = integer('', 0, 99);
    assert.equal(number.decode(number.encode(42)), 42);
    const bits = mask('');
    assert.equal(bits.decode(bits.encode(0xc803n)), 0xc803n);
  });
});
