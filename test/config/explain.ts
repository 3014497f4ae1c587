// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  allKeys,
  explainKey,
  explainRule,
  explainValue,
  explainVariable,
  nearestSubject,
} from '../../src/config/explain.ts';
import { meanings } from '../../src/config/meanings.ts';
import { rules } from '../../src/config/rules/index.ts';
import { otherVariables } from '../../src/config/variables.ts';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';

/** The lines that say what a value of a key means. */
function meaning(key: string, value: string): string[] {
  const { text, sound } = explainKey(key, [value]) ?? assert.fail(key);
  assert.ok(sound, text);
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
}

define('explaining', (test) => {
  test('every key and variable', () => {
    for (const { name, info } of allKeys()) {
      const text = explainKey(name, [])?.text ?? assert.fail(name);
      assert.ok(text.includes(info.description), name);
      assert.ok(text.includes(info.kind.form), name);
      if (info.variable !== undefined) {
        assert.ok(explainKey(info.variable, [])?.text.startsWith(`${name},`), info.variable);
      }
    }
    assert.match(explainKey('interfaces[0].mtu', [])?.text ?? '', /^mtu, of an interface\n/);
    assert.match(explainKey('interfaces.1.mtu', [])?.text ?? '', /^mtu, of an interface\n/);
    assert.match(explainKey('interfaces', [])?.text ?? '', /type, param, mtu/);
    assert.equal(explainKey('no such', []), undefined);
  });

  test('every variable that stands for no key', () => {
    for (const [name, text] of Object.entries(otherVariables)) {
      assert.equal(explainVariable(name)?.text, `${name}, a variable\n  ${text}\n`);
    }
    assert.match(explainVariable('LKL_HIJACK_NET_TAP')?.text ?? '', /tap device/);
    assert.equal(explainVariable('LKL_HIJACK_NO'), undefined);
    assert.equal(nearestSubject('LKL_HIJACK_TRACE_FIL'), 'LKL_HIJACK_TRACE_FILE');
    const source = readFileSync(path.join(ROOT, 'hijack', 'config.c'), 'utf8');
    const [, table = ''] = /other_variables\[\] = \{(.*?)\}/s.exec(source) ?? [];
    const known = [...table.matchAll(/"(LKL_\w+)"/g)].map(([, name = '']) => name);
    const defined = [...source.matchAll(/#define (?:FILE|NAME)_VARIABLE "(\w+)"/g)].map(([, name = '']) => name);
    assert.deepEqual([...defined, ...known].sort(), [...Object.keys(otherVariables), 'LKL_HIJACK_NET_TAP'].sort());
  });

  test('every rule', () => {
    for (const { id, summary } of rules) {
      assert.ok(explainRule(id)?.text.includes(summary), id);
    }
    assert.equal(explainRule('no such'), undefined);
  });

  test('every example has a meaning', () => {
    for (const { name, info } of allKeys()) {
      for (const example of info.examples.filter((one) => typeof one === 'string')) {
        assert.ok(
          meaning(name, example).every((line) => line !== ''),
          `${name} ${example}`,
        );
      }
    }
  });

  test('sysctls by name, offloads by names, and lists', () => {
    assert.deepEqual(meaning('sysctl', 'net.ipv4.tcp_sack'), ['/proc/sys/net/ipv4/tcp_sack of LKL']);
    assert.deepEqual(meaning('sysctl', 'net/ipv4/nope=1'), [
      '1 is written to /proc/sys/net/ipv4/nope of LKL, which does not exist',
    ]);
    assert.deepEqual(meaning('sysctl', 'kernel.x=1'), ['1 is written to /proc/sys/kernel/x of LKL']);
    assert.equal(explainKey('offload', ['CSUM,HOST_TSO4'])?.text.split('\n')[0], 'offload 0x801');
    assert.equal(explainKey('offload', ['CSUM,NOPE'])?.sound, false);
    assert.deepEqual(meaning('qdisc', 'root|fq'), ['fq at root, see tc-fq(8)']);
    assert.deepEqual(meaning('mount', 'proc, sysfs'), ['proc on /proc of LKL', 'sysfs on /sysfs of LKL']);
  });

  test('every meaning is of a key that there is', () => {
    const names = allKeys().map(({ name }) => name);
    assert.deepEqual(
      Object.keys(meanings).filter((name) => !names.includes(name)),
      [],
    );
  });

  test('offload names the bits of virtio-net', () => {
    const bits = (mask: string) =>
      meaning('offload', mask).map((line) => /bit (\d+) +(\w+)/.exec(line)?.slice(1).join(' '));
    assert.deepEqual(bits('0xc803'), ['0 CSUM', '1 GUEST_CSUM', '11 HOST_TSO4', '14 HOST_UFO', '15 MRG_RXBUF']);
    assert.deepEqual(bits('0x8002'), ['1 GUEST_CSUM', '15 MRG_RXBUF']);
    assert.deepEqual(meaning('offload', '0'), ['no feature']);
    assert.match(meaning('offload', '0x80')[0] ?? '', /GUEST_TSO4 .*; needs GUEST_CSUM too$/);
    assert.match(meaning('offload', '0x202')[1] ?? '', /GUEST_ECN .*; needs GUEST_TSO4 or GUEST_TSO6 too$/);
    assert.match(meaning('offload', '0x10000')[0] ?? '', /bit 16 .*no feature/);
  });

  test('addresses, prefix lengths and the like', () => {
    assert.deepEqual(meaning('ip', '192.168.0.2'), ['an IPv4 address, private (RFC 1918)']);
    assert.deepEqual(meaning('ip', '8.8.8.8'), ['a global IPv4 address']);
    assert.deepEqual(meaning('ipv6', 'fe80::1'), ['an IPv6 address, link-local (RFC 4291)']);
    assert.deepEqual(meaning('gateway6', '2001:db8::1'), ['an IPv6 address, for documentation (RFC 3849)']);
    assert.deepEqual(meaning('masklen', '24'), ['netmask 255.255.255.0: 254 hosts']);
    assert.deepEqual(meaning('masklen', '0x1f'), ['netmask 255.255.255.254: 2 hosts']);
    assert.deepEqual(meaning('masklen', '32'), ['netmask 255.255.255.255: 1 host']);
    assert.deepEqual(meaning('masklen', '1'), ['netmask 128.0.0.0: 2147483646 hosts']);
    assert.match(meaning('mac', '12:34:56:78:9a:bc')[0] ?? '', /^locally administered/);
    assert.match(meaning('mac', '00:1b:21:00:00:01')[0] ?? '', /00:1B:21/);
    assert.deepEqual(meaning('debug', '0'), ['nothing is told']);
    assert.match(meaning('debug', '0x101')[1] ?? '', /^0x100: /);
  });

  test('a wrong value is told what it should be', () => {
    const { text, sound } = explainKey('masklen', ['33', '24']) ?? assert.fail();
    assert.equal(sound, false);
    assert.match(text, /^masklen 33\n {2}is not a prefix length from 1 to 32\nmasklen 24\n/);
  });

  test('a value by itself', () => {
    assert.match(explainValue('0xc803')?.text ?? '', /0xc803 as offload\n.*CSUM/);
    assert.match(explainValue('10.0.0.1')?.text ?? '', /^10\.0\.0\.1 as gateway, ip/);
    assert.equal(explainValue('nothing at all'), undefined);
  });

  test('what was probably meant', () => {
    assert.equal(nearestSubject('gatewy'), 'gateway');
    assert.equal(nearestSubject('LKL_HIJACK_NET_MTV'), 'LKL_HIJACK_NET_MTU');
    assert.equal(nearestSubject('duplicate-kez'), 'duplicate-key');
    assert.equal(nearestSubject('xyzzy'), undefined);
  });
});
