// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { checkText } from '../../src/config/check.ts';
import { combineAndCheck } from '../../src/config/combine.ts';
import { checkVariables } from '../../src/config/environment.ts';
import { globalKeys } from '../../src/config/keys.ts';
import { findingLine } from '../../src/config/report/line.ts';
import { define } from '../support/define.ts';

const GOOD = {
  $schema: './lkl-hijack.schema.json',
  gateway: '192.168.0.1',
  gateway6: '2001:db8:0:f101::1',
  debug: '0x1',
  boot_cmdline: 'mem=1G',
  interfaces: [
    {
      type: 'tap',
      param: 'tap7',
      mac: '12:34:56:78:9a:bc',
      mtu: '1500',
      ip: '192.168.0.2',
      masklen: '24',
      ipv6: '2001:db8:0:f101::2',
      masklen6: '64',
      offload: '0xc803',
    },
  ],
};

function lines(document: unknown): string[] {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  return checkText(text).findings.map((finding) => findingLine('f', finding));
}

/** The good configuration with other members in its interface; null removes one. */
function interfaceWith(change: Record<string, unknown>): unknown {
  const members = Object.entries({ ...GOOD.interfaces[0], ...change }).filter(([, value]) => value !== undefined);
  return { interfaces: [Object.fromEntries(members)] };
}

/** One finding, whose line without the place is this. */
function finds(document: unknown, expected: string): void {
  assert.deepEqual(
    lines(document).map((line) => line.replace(/^f:\d+:\d+: /, '')),
    [expected],
  );
}

define('checking a configuration', (test) => {
  test('everything right', () => {
    assert.deepEqual(lines(GOOD), []);
    assert.deepEqual(lines({}), []);
    assert.deepEqual(lines({ interfaces: [] }), []);
    assert.deepEqual(lines({ debug: 1 }), []);
    assert.deepEqual(lines({ debug: true }), []);
    assert.deepEqual(lines(interfaceWith({ mtu: 9000, masklen: 24 })), []);
  });

  const wrong: [document: unknown, line: string][] = [
    [{ gateway: 'x' }, 'gateway: "x" is not an IPv4 address, such as 192.168.0.2'],
    [{ gateway: 7 }, 'gateway: 7 is not an IPv4 address, such as 192.168.0.2'],
    [{ gateway6: '1.2.3.4' }, 'gateway6: "1.2.3.4" is not an IPv6 address, such as 2001:db8::2'],
    [{ debug: 'yes' }, 'debug: "yes" is not a number, such as 1 or 0x100'],
    [{ debug: 1.5 }, 'debug: 1.5 is not a number, such as 1 or 0x100'],
    [{ debug: null }, 'debug: null is not a number, such as 1 or 0x100'],
    [{ debug: ['1'] }, 'debug: ["1"] is not a number, such as 1 or 0x100'],
    [{ boot_cmdline: 'a\tb' }, 'boot_cmdline: "a\\tb" is not printable ASCII text of at most 3072 characters'],
    [{ gatway: '1.2.3.4' }, 'gatway: there is no such key; did you mean "gateway"?'],
    [{ xyz: '1' }, `xyz: there is no such key; the keys here are: ${Object.keys(globalKeys).join(', ')}, interfaces`],
    [{ interfaces: {} }, 'interfaces: not an array of objects; write "interfaces": [ { ... } ]'],
    [{ interfaces: [7] }, 'interfaces[0]: not an object; write { "type": "tap", "param": "tap0" }'],
    [[], 'not a JSON object; a configuration is { "interfaces": [ ... ] }'],
    ['7', 'not a JSON object; a configuration is { "interfaces": [ ... ] }'],
    [
      interfaceWith({ type: 'tun' }),
      'interfaces[0].type: "tun" is not a known interface type: tap, macvtap, raw, pipe, fd, vde, dpdk, user, passt, slirp, loop, wireguard',
    ],
    [interfaceWith({ type: undefined }), 'interfaces[0].type: missing; write "type": "tap"'],
    [
      interfaceWith({ param: undefined }),
      'interfaces[0].param: missing; a tap needs the name of the device on the host, such as "param": "tap0"',
    ],
    [interfaceWith({ mtu: '67' }), 'interfaces[0].mtu: "67" is not a number of bytes from 68 to 65535'],
    [
      interfaceWith({ mtu: '1279' }),
      'interfaces[0].mtu: 1279 is too small for IPv6; IPv6 needs 1280 (RFC 8200); raise it or remove "ipv6"',
    ],
    [
      interfaceWith({ mac: '01:00:5e:00:00:01' }),
      'interfaces[0].mac: "01:00:5e:00:00:01" is not the six octets of a unicast MAC address, such as 12:34:56:78:9a:bc',
    ],
    [interfaceWith({ masklen: '33' }), 'interfaces[0].masklen: "33" is not a prefix length from 1 to 32'],
    [interfaceWith({ masklen6: '0' }), 'interfaces[0].masklen6: "0" is not a prefix length from 1 to 128'],
    [interfaceWith({ masklen: undefined }), 'interfaces[0].masklen: missing; "ip" and "masklen" belong together'],
    [interfaceWith({ ipv6: undefined }), 'interfaces[0].ipv6: missing; "ipv6" and "masklen6" belong together'],
    [interfaceWith({ maclen: '24' }), 'interfaces[0].maclen: there is no such key; did you mean "masklen"?'],
    [
      interfaceWith({ offload: 'all' }),
      'interfaces[0].offload: "all" is not a mask of virtio-net feature bits, such as 0xc803',
    ],
  ];
  for (const [document, line] of wrong) {
    test(line, () => finds(document, line));
  }

  test('all at once, in the order of the text', () => {
    const text = `{
  "gatewy": "1.2.3.4",
  "interfaces": [
    { "type": "tap", "param": "tap0", "mtu": "900", "ipv6": "fe80::1" },
    { "type": "tap", "param": "tap1", "ip": "1.2.3" }
  ],
  "debug": "x"
}`;
    assert.deepEqual(
      lines(text).map((line) => line.split(' ').slice(0, 2).join(' ')),
      [
        'f:2:3: gatewy:',
        'f:4:5: interfaces[0].masklen6:',
        'f:4:46: interfaces[0].mtu:',
        'f:5:5: interfaces[1].masklen:',
        'f:5:45: interfaces[1].ip:',
        'f:7:12: debug:',
      ],
    );
  });
});

define('checking the older variables', (test) => {
  const check = (variables: Record<string, string>, file?: unknown): string[] =>
    checkVariables(new Map(Object.entries(variables)), file).map((finding) => findingLine('environment', finding));

  test('everything right', () => {
    assert.deepEqual(check({ HOME: '/', LKL_HIJACK_DEBUG: '1' }), []);
    const one = { LKL_HIJACK_NET_IFTYPE: 'tap', LKL_HIJACK_NET_IFPARAMS: 'tap0', LKL_HIJACK_NET_IP: '1.2.3.4' };
    assert.deepEqual(check({ ...one, LKL_HIJACK_NET_NETMASK_LEN: '24' }), []);
  });

  test('the oldest form of an interface, with a warning', () => {
    const [line = '', ...more] = check({ LKL_HIJACK_NET_TAP: 'tap0' });
    assert.match(line, /^environment: warning: LKL_HIJACK_NET_TAP: .* set LKL_HIJACK_NET_IFTYPE=tap, and /);
    assert.deepEqual(more, []);
  });

  test('names the variable', () => {
    assert.deepEqual(check({ LKL_HIJACK_NET_GATEWAY: 'x' }), [
      'environment: LKL_HIJACK_NET_GATEWAY: "x" is not an IPv4 address, such as 192.168.0.2',
    ]);
    assert.deepEqual(check({ LKL_HIJACK_NET_IFTYPE: 'loop', LKL_HIJACK_NET_MTU: '1' }), [
      'environment: LKL_HIJACK_NET_MTU: "1" is not a number of bytes from 68 to 65535',
    ]);
  });

  test('an interface has a type, and one alone', () => {
    const missing =
      'environment: LKL_HIJACK_NET_IFTYPE: missing; set it, as to tap, or unset the other variables of the interface';
    const twice =
      'environment: LKL_HIJACK_NET_TAP: it is for a tap, and LKL_HIJACK_NET_IFTYPE is "loop"; unset one of them';
    const wrong: readonly (readonly [Record<string, string>, string])[] = [
      [{ LKL_HIJACK_NET_MTU: '1400' }, missing],
      [{ LKL_HIJACK_NET_TAP: 'tap0', LKL_HIJACK_NET_IFTYPE: 'loop' }, twice],
    ];
    for (const [variables, message] of wrong) {
      assert.equal(check(variables)[0], message);
      const map = new Map(Object.entries(variables));
      const { found } = combineAndCheck({ variables: map, texts: [], assignments: [] });
      assert.equal(found.map(({ name, finding }) => findingLine(name, finding))[0], message);
      assert.ok(check(variables, { interfaces: [] }).every((line) => line.includes(': warning: ')));
    }
    const both = { LKL_HIJACK_NET_TAP: 'tap0', LKL_HIJACK_NET_IFTYPE: 'tap' };
    assert.ok(check(both).every((line) => line.includes(': warning: ')));
  });

  test('what the file says overrides, with a warning', () => {
    assert.deepEqual(check({ LKL_HIJACK_NET_GATEWAY: 'x', LKL_HIJACK_DEBUG: '1' }, { gateway: '1.2.3.4' }), [
      'environment: warning: the configuration file overrides LKL_HIJACK_NET_GATEWAY; unset what the file says',
    ]);
    assert.deepEqual(check({ LKL_HIJACK_NET_TAP: 'tap0', LKL_HIJACK_NET_MTU: '1' }, { interfaces: [] }), [
      'environment: warning: the configuration file overrides LKL_HIJACK_NET_TAP, LKL_HIJACK_NET_MTU; unset what the file says',
    ]);
  });
});
