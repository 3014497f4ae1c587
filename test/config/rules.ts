// SPDX-License-Identifier: GPL-2.0-or-later
//
// Each rule finds something in its own bad example and nothing in its good one, and what it says is this.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../../src/config/finding.ts';
import { fixText } from '../../src/config/fix.ts';
import { lintText } from '../../src/config/lint.ts';
import { findingLine } from '../../src/config/report/line.ts';
import { fatalRules } from '../../src/config/rules/fatal.ts';
import { rules } from '../../src/config/rules/index.ts';
import { QDISCS } from '../../src/config/rules/qdisc-unknown.ts';
import { rulesPage } from '../../src/config/rules-page.ts';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';

const settings = { rules: new Map() };

function lint(document: unknown, file = 'f.json', live = false): Finding[] {
  return lintText(typeof document === 'string' ? document : JSON.stringify(document), file, settings, live);
}

/** The file whose comments the rule is about, or one of plain JSON. */
const fileOf = (rule: string): string => (rule === 'unknown-rule' ? 'f.json5' : 'f.json');

define('the rules', (test) => {
  for (const { id, severity, bad, good, summary, details, fatal, live } of rules) {
    test(id, () => {
      const found = lint(bad, fileOf(id), live).filter(({ rule }) => rule === id);
      assert.ok(found.length > 0, bad);
      for (const finding of found) {
        assert.equal(finding.severity, severity);
        assert.ok(finding.range && finding.range.end.offset >= finding.range.start.offset);
      }
      const left = lint(good, fileOf(id), live).filter(
        (finding) => finding.rule === id || finding.severity === 'error',
      );
      assert.deepEqual(left, []);
      assert.ok(!fatal || severity === 'error');
      for (const text of [summary, details]) {
        assert.match(text, /^[A-Z`].*[.]$/s);
      }
    });
  }

  test('are described in docs/rules.md (else: npm run generate)', () => {
    assert.equal(readFileSync(path.join(ROOT, 'docs', 'rules.md'), 'utf8'), rulesPage());
  });

  test('that the library has too are those of the launcher', () => {
    assert.deepEqual(new Set(fatalRules), new Set(rules.filter(({ fatal, check }) => fatal && check !== undefined)));
  });

  test('have names of their own', () => {
    assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
    assert.ok(rules.every(({ id }) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)));
  });

  test('what is fixed is not found again', () => {
    let fixes = 0;
    for (const { bad, id } of rules) {
      const fixable = lint(bad, fileOf(id)).filter(({ fix }) => fix !== undefined);
      const { text, fixed } = fixText(bad, (now) => lint(now, fileOf(id)));
      assert.equal(fixed > 0, fixable.length > 0, id);
      assert.deepEqual(
        lint(text, fileOf(id)).filter(({ fix }) => fix !== undefined),
        [],
      );
      fixes += fixed;
    }
    assert.ok(fixes > 5);
  });
});

type Members = Record<string, unknown>;

/** A configuration with these interfaces: the first is tap0. */
function taps(...interfaces: Members[]): Members {
  return { interfaces: interfaces.map((members, index) => ({ type: 'tap', param: `tap${index}`, ...members })) };
}

function tunnel(members: Members = {}): Members {
  return { type: 'wireguard', param: 'wg0.conf', ...members };
}

const v4 = { ip: '10.0.0.2', masklen: '24' };
const v6 = { ipv6: 'fd00::2', masklen6: '64' };

/** Rule, configuration, and what is said; nothing for what comes close and is right. */
const CASES: readonly [rule: string, document: Members, ...messages: string[]][] = [
  ['gateway-outside-subnet', { gateway: '10.0.0.1', ...taps(v4) }],
  ['gateway-outside-subnet', { gateway: '10.0.0.1', interfaces: 7 }],
  [
    'gateway-outside-subnet',
    { gateway: '10.0.0.1' },
    'gateway: there is no interface to reach 10.0.0.1 by; add one to "interfaces", or remove this',
  ],
  [
    'gateway-outside-subnet',
    { gateway6: 'fe80::1', interfaces: [] },
    'gateway6: there is no interface to reach fe80::1 by; add one to "interfaces", or remove this',
  ],
  ['gateway-outside-subnet', { gateway: '10.0.0.1', ...taps({ ip: '1.2', masklen: '24' }) }],
  ['gateway-outside-subnet', { gateway: '10.0.0.1', boot_cmdline: 'quiet ip=dhcp', ...taps(v6) }],
  ['gateway-outside-subnet', { gateway6: 'fe80::1', ...taps(v6) }],
  ['gateway-outside-subnet', { gateway6: 'FD00:0:0:0:1::1', ...taps(v6) }],
  [
    'gateway-outside-subnet',
    { gateway6: 'fd00:0:0:1::1', ...taps(v6) },
    'gateway6: fd00:0:0:1::1 is in the subnet of no interface; take an address of one of the subnets, or correct the prefix length',
  ],
  [
    'gateway-outside-subnet',
    { gateway: '10.0.0.1', ...taps(v6) },
    'gateway: no interface has an IPv4 address to reach 10.0.0.1 from; give one "ip" and "masklen"',
  ],
  ['param-syntax', { interfaces: [{ type: 'user', param: '8081:80,8081:80/udp,127.0.0.1:8082:80,[::1]:8082:80' }] }],
  [
    'param-syntax',
    { interfaces: [{ type: 'user', param: '8081:80,127.0.0.1:8081:81' }] },
    'interfaces[0].param: port 8081 of the host is published twice; leave one of them out, or take another port',
  ],
  [
    'param-syntax',
    { interfaces: [{ type: 'passt', param: Array.from({ length: 65 }, (_, n) => `${8100 + n}:80`).join(',') }] },
    'interfaces[0].param: more than 64 published ports; leave some out',
  ],
  ['address-beyond-network', { interfaces: [{ type: 'passt', ip: '10.1.1.1', masklen: '24' }] }],
  [
    'address-beyond-network',
    { interfaces: [{ type: 'slirp', ip: '10.0.2.3', masklen: '24', ipv6: 'fec1::1', masklen6: '64' }] },
    'interfaces[0].ipv6: fec1::1 is not in fec0::/64, the network of a slirp interface; take an address of it, or leave this and its prefix length out',
  ],
  [
    'gateway-is-own-address',
    { gateway6: 'fd00:0::2', ...taps(v4, v6) },
    "gateway6: fd00:0::2 is the address of LKL itself; take the address of another host; with a tap, the tap's own",
  ],
  ['address-of-subnet', taps({ ip: '10.0.0.0', masklen: '31' }, { ip: '10.0.1.3', masklen: '32' })],
  ['address-of-subnet', taps({ ipv6: 'fd00::ffff:ffff:ffff:ffff', masklen6: '64' })],
  [
    'address-of-subnet',
    taps({ ip: '10.0.0.4', masklen: '30', ipv6: 'fd00::', masklen6: '64' }),
    'interfaces[0].ip: 10.0.0.4 is the network address of 10.0.0.4/30; take another address, or correct the prefix length',
    'interfaces[0].ipv6: fd00:: is the address of the routers of fd00::/64; take another address, or correct the prefix length',
  ],
  [
    'address-of-subnet',
    taps({ ip: '10.0.0.7', masklen: '30' }),
    'interfaces[0].ip: 10.0.0.7 is the broadcast address of 10.0.0.4/30; take another address, or correct the prefix length',
  ],
  ...(
    [
      ['ip', '224.0.0.5', 'a multicast address', '192.168.0.2'],
      ['ip', '0.1.2.3', 'an address of "this network"', '192.168.0.2'],
      ['ip', '255.255.255.255', 'a reserved address', '192.168.0.2'],
      ['ipv6', 'ff02::1', 'a multicast address', '2001:db8::2'],
      ['ipv6', '0:0::', 'the unspecified address', '2001:db8::2'],
      ['ipv6', '::0.0.0.1', 'the loopback address', '2001:db8::2'],
    ] as const
  ).map(([key, text, what, other]): [string, Members, string] => [
    'address-not-of-host',
    taps({ [key]: text, [key === 'ip' ? 'masklen' : 'masklen6']: '20' }),
    `interfaces[0].${key}: ${text} is ${what}; take an address of a host, such as ${other}`,
  ]),
  ['address-not-of-host', taps({ ip: '169.254.1.2', masklen: '16', ipv6: 'fe80::2', masklen6: '64' })],
  ['duplicate-address', taps(v4, { ...v4, ip: '10.0.0.3' })],
  [
    'duplicate-address',
    taps({ ipv6: 'fd00::1:2', masklen6: '64' }, { ipv6: 'FD00::0.1.0.2', masklen6: '64' }),
    'interfaces[1].ipv6: FD00::0.1.0.2 is the address of another interface too; give each interface its own',
  ],
  ['overlapping-subnets', taps({ ipv6: 'fe80::1', masklen6: '64' }, { ipv6: 'fe80::2', masklen6: '64' })],
  ['overlapping-subnets', taps(v4, { ip: '10.0.1.2', masklen: '24' }, v6)],
  [
    'overlapping-subnets',
    taps(v4, { ip: '10.9.0.2', masklen: '8' }),
    'interfaces[1].ip: 10.0.0.0/8 overlaps 10.0.0.0/24 of another interface; give them different subnets, or longer prefixes',
  ],
  ['duplicate-mac', taps({ mac: '12:34:56:78:9a:bc' }, { mac: '12:34:56:78:9a:bd' }, {}, {})],
  ['mac-not-local', taps({ mac: '02:00:00:00:00:01' }, { mac: 'fe:00:00:00:00:01' })],
  [
    'mac-not-local',
    taps({ mac: '00:16:3e:00:00:01' }),
    "interfaces[0].mac: 00:16:3e:00:00:01 may be the address of a real device; write 02:16:3e:00:00:01, which is nobody's",
  ],
  ['duplicate-backend', { interfaces: [{ type: 'loop' }, { type: 'loop' }] }],
  [
    'duplicate-backend',
    {
      interfaces: [
        { type: 'fd', param: '5' },
        { type: 'tap', param: '5' },
        { type: 'fd', param: '5' },
      ],
    },
    'interfaces[2].param: fd 5 is in use by another interface; name another one',
  ],
  ['offload-unknown-bit', taps({ offload: '0xff87' }, { offload: '0' })],
  [
    'offload-unknown-bit',
    taps({ offload: '0x30001' }),
    'interfaces[0].offload: bit 16, 17 is no offload of virtio-net; without it the mask is 0x1',
  ],
  ['offload-dependency', taps({ offload: '0xc803' }, { offload: '0x8002' }, { offload: '0xff83' })],
  [
    'offload-dependency',
    taps({ offload: '0x2300' }),
    'interfaces[0].offload: GUEST_TSO6 needs GUEST_CSUM, and HOST_ECN needs HOST_TSO4 or HOST_TSO6; with all of them the mask is 0x2b03',
  ],
  ['boot-option', { boot_cmdline: 'init=/x xrdinit=/x mem=64M' }],
  [
    'boot-option',
    { boot_cmdline: 'quiet rdinit=/x y' },
    'boot_cmdline: the kernel does not start with rdinit=/x; leave it out',
  ],
  ['memory-size', { boot_cmdline: 'mem=64M' }],
  ['memory-size', { boot_cmdline: 'mem=0x10000000 memtest=1' }],
  ['memory-size', { boot_cmdline: 'mem=1g' }],
  ['memory-size', { boot_cmdline: 'mem=64MB' }, 'boot_cmdline: mem=64MB is no size; write such as mem=64M or mem=1G'],
  ['memory-size', { boot_cmdline: 'mem=1M mem=9M memtest=1', interfaces: [{ type: 'loop' }] }],
  ['memory-size', { boot_cmdline: 'mem=16M', interfaces: Array.from({ length: 8 }, () => ({ type: 'loop' })) }],
  [
    'memory-size',
    { boot_cmdline: 'mem=16M', interfaces: Array.from({ length: 100 }, () => ({ type: 'loop' })) },
    'boot_cmdline: mem=16M is too small; the kernel with 100 interfaces needs mem=108M or more',
  ],
  [
    'memory-size',
    { boot_cmdline: 'mem=8M', interfaces: [{ type: 'loop' }] },
    'boot_cmdline: mem=8M is too small; the kernel with 1 interface needs mem=9M or more',
  ],
  [
    'memory-size',
    { boot_cmdline: 'mem=64M mem=1000' },
    'boot_cmdline: mem=1000 is too small; the kernel with 0 interfaces needs mem=8M or more',
  ],
  ['dhcp-and-static', { boot_cmdline: 'ip=off', ...taps(v4) }],
  ['dhcp-and-static', { boot_cmdline: 'ip=dhcp', ...taps(v6) }],
  ['dhcp-without-interface', { boot_cmdline: 'ip=dhcp', ...taps({}) }],
  ['no-default-route', { boot_cmdline: 'ip=dhcp', ...taps(v4) }],
  ['no-default-route', taps({}, {})],
  [
    'no-default-route',
    taps(v6),
    'interfaces[0].ipv6: there is no default gateway; add "gateway6" to reach more than the subnet',
  ],
  ['classic-form', { debug: 'x', ...taps({ mtu: '1500' }) }],
  ['classic-form', { debug: true }, 'debug: true is not in quotes; the classic form is "1"'],
  ['no-default-route', taps({ ...v4, ifgateway: '10.0.0.1' })],
  ['ifgateway-outside-subnet', taps({ ...v4, ifgateway: '10.0.0.1', ...v6, ifgateway6: 'fe80::1' })],
  [
    'ifgateway-outside-subnet',
    taps({ ...v4, ifgateway: '10.0.0.2', ...v6, ifgateway6: 'fd00:1::1' }),
    'interfaces[0].ifgateway: 10.0.0.2 is the address of the interface itself; take the address of another host of 10.0.0.0/24',
    'interfaces[0].ifgateway6: fd00:1::1 is not in fd00::/64; take the address of another host of fd00::/64',
  ],
  ['nameserver-unreachable', { nameserver: '127.0.0.53,10.0.0.1,fe80::1,::1', ...taps(v4) }],
  ['nameserver-unreachable', { nameserver: '9.9.9.9', boot_cmdline: 'ip=dhcp', ...taps({}) }],
  ['nameserver-unreachable', { nameserver: '9.9.9.9', ...taps({ ip: 'x', masklen: '24' }) }],
  ['nameserver-unreachable', { nameserver: '9.9.9.9' }],
  [
    'nameserver-unreachable',
    { nameserver: ['10.0.0.1', '2001:db8::1'], gateway: '10.0.0.1', ...taps(v4) },
    'nameserver[1]: no route leads to 2001:db8::1; add "gateway6", or name a server of a subnet',
  ],
  [
    'neigh-unreachable',
    taps({ ...v4, ...v6, neigh: '10.0.0.1|12:34:56:78:9a:bc;fd00::1|12:34:56:78:9a:bc;fe80::1|12:34:56:78:9a:bc' }),
  ],
  ['neigh-unreachable', { boot_cmdline: 'ip=dhcp', ...taps({ neigh: '10.0.0.1|12:34:56:78:9a:bc' }) }],
  ['neigh-unreachable', taps({ ip: 'x', masklen: '24', neigh: '10.0.0.1|12:34:56:78:9a:bc' })],
  [
    'neigh-unreachable',
    taps({ ...v4, neigh: ['fd00::1|12:34:56:78:9a:bc', '10.0.0.2|12:34:56:78:9a:bc'] }),
    'interfaces[0].neigh[0]: the interface has no IPv6 address to reach fd00::1 from; remove the entry, or correct its address',
    'interfaces[0].neigh[1]: 10.0.0.2 is the address of the interface itself; remove the entry, or correct its address',
  ],
  ['neigh-twice', taps({ ...v4, neigh: '10.0.0.1|12:34:56:78:9a:bc;10.0.0.3|12:34:56:78:9a:bc' })],
  ['qdisc-unknown', taps({ qdisc: 'root|drr; ingress|ingress' }, { qdisc: ['clsact|clsact'] })],
  [
    'qdisc-unknown',
    taps(
      { qdisc: 'root|tbf' },
      { qdisc: 'root|ingress' },
      { qdisc: ['clsact|fq'] },
      { qdisc: 'root|wfq2plus' },
      { qdisc: 'root|drr;1:10|fq' },
    ),
    'interfaces[0].qdisc: tbf needs parameters; the program itself can set it up (docs/inside.md)',
    'interfaces[1].qdisc: ingress cannot be at root; write ingress|ingress',
    'interfaces[2].qdisc[0]: fq cannot be at clsact; write clsact|clsact',
    `interfaces[3].qdisc: the kernel has no qdisc wfq2plus; it has ${QDISCS.join(', ')}`,
    'interfaces[4].qdisc: there is no class 1:10; write root; classes the program itself can make (docs/inside.md)',
  ],
  ['qdisc-twice', taps({ qdisc: 'root|prio;1:1|fq;1:2|fq' }, { qdisc: 'root|fq' })],
  ['sysctl-unknown', { sysctl: 'net/ipv4/conf/eth0.7/forwarding=1; net.ipv6.conf.all.forwarding = 1;kernel.x=1' }],
  ['sysctl-unknown', { sysctl: { 'net.ipv4.conf.eth0/7.forwarding': 1 } }],
  [
    'sysctl-unknown',
    { sysctl: ['net.core.rmem_max=1', 'net.ipv4.forward_ip=1'] },
    'sysctl[1]: there is no sysctl net.ipv4.forward_ip; correct the name',
  ],
  [
    'sysctl-unknown',
    { sysctl: { 'net.core.rmem_maxx': 1 } },
    'sysctl.net.core.rmem_maxx: there is no sysctl net.core.rmem_maxx; did you mean net.core.rmem_max?',
  ],
  ['sysctl-value', { sysctl: 'net.ipv4.tcp_congestion_control=bbr;net.ipv4.tcp_wmem=4096\t87380;kernel.x=y' }],
  [
    'sysctl-value',
    { sysctl: 'net.ipv4.tcp_wmem=1 2 3 4;net.ipv4.ip_forward=' },
    'sysctl: net.ipv4.tcp_wmem holds 3 numbers, and "1 2 3 4" is not; write such as net.ipv4.tcp_wmem=4096 87380 2147483647',
  ],
  ['sysctl-twice', { sysctl: 'net.ipv4.conf.all.forwarding=1;net.ipv4.conf.default.forwarding=1' }],
  ['dump-without-mount', { dump: ['/sysfs/x', '/etc/x'], mount: 'proc, sysfs' }],
  ['dump-without-mount', { dump: '/proc/x', mount: 7 }],
  [
    'dump-without-mount',
    { dump: ['/etc/x', '/tmpfs/x'], mount: ['proc'] },
    'dump[1]: nothing is mounted on /tmpfs; add tmpfs to "mount"',
  ],
  ['delay-unit', { delay_main: '0' }],
  ['delay-unit', { delay_main: 1000 }],
  ['delay-unit', { delay_main: '10' }, 'delay_main: 10 microseconds are no time; 10 seconds are 10000000'],
  ['no-effect', { gateway: '10.0.0.1', ...taps(v4) }],
  ['no-effect', { delay_main: '5000', ...taps(v4) }],
  ['deprecated-delay-main', { delay_main: 'auto', ...taps(v4) }],
  ['deprecated-delay-main', { delay_main: '5000' }],
  [
    'deprecated-delay-main',
    { delay_main: '5000', ...taps(v4) },
    'delay_main: a fixed time is waited; "auto" waits until every address can be used, and no longer',
  ],
  ['mtu-beyond-type', { interfaces: [{ type: 'pipe', param: 'a|b', mtu: '4082' }] }],
  ['mtu-beyond-type', taps({ mtu: '9000' })],
  [
    'mtu-beyond-type',
    { interfaces: [{ type: 'pipe', param: 'a|b', mtu: '4083' }] },
    'interfaces[0].mtu: a pipe carries at most 4082; use that or less',
  ],
  ['no-effect', { delay_main: 'auto', ...taps({ ipv6: 'x', masklen6: '64' }) }],
  ['key-beyond-type', { interfaces: [{ type: 'passt', mac: '02:00:00:00:00:01' }, tunnel({ neigh: '' })] }],
  [
    'key-beyond-type',
    { interfaces: [{ type: 'passt' }, tunnel({ neigh: '10.0.0.1|12:34:56:78:9a:bc', offload: '0' })] },
    'interfaces[1].neigh: a wireguard interface has none, for it is no device with a link; remove it',
    'interfaces[1].offload: a wireguard interface has none, for it is no device with a link; remove it',
  ],
  ['tunnel-without-underlay', { interfaces: [tunnel(), { type: 'passt' }] }],
  ['tunnel-without-underlay', { interfaces: [] }],
  ['gateway-outside-subnet', { gateway: '10.0.0.1', interfaces: [{ type: 'passt', ...v4 }, tunnel()] }],
  [
    'gateway-outside-subnet',
    { gateway: '10.0.0.1', interfaces: [{ type: 'loop' }, tunnel(v4)] },
    'gateway: no interface has an IPv4 address to reach 10.0.0.1 from; give one "ip" and "masklen"',
  ],
  ['no-default-route', { interfaces: [{ type: 'passt', ...v4 }, tunnel()] }],
  ['nameserver-unreachable', { nameserver: '9.9.9.9', interfaces: [{ type: 'passt', ...v4 }, tunnel()] }],
  [
    'duplicate-backend',
    { interfaces: [{ type: 'passt' }, tunnel(), tunnel()] },
    'interfaces[2].param: wireguard wg0.conf is in use by another interface; name another one',
  ],
  ['ipv6-with-masklen', taps({ ...v4, ...v6 })],
  ['ipv6-with-masklen', taps({ ipv6: 'fd00::2', masklen6: '64', masklen: '24' })],
  [
    'ipv6-with-masklen',
    taps({ ipv6: 'fd00::2', masklen: '64' }),
    'interfaces[0].masklen: the prefix length of "ipv6" is "masklen6"; rename it',
  ],
];

define('what rules say', (test) => {
  for (const [rule, document, ...messages] of CASES) {
    const name = `${rule}: ${JSON.stringify(document)}`;
    test(name.slice(0, 150), () => {
      const found = lint(document).filter((finding) => finding.rule === rule);
      assert.deepEqual(
        found.map((finding) => findingLine('f', { ...finding, severity: 'error' }).replace(/^f:\d+:\d+: /, '')),
        messages,
      );
    });
  }

  test('what the launcher will put in place of a variable is not judged', () => {
    const document = { gateway: '${GATEWAY}', ...taps({ ip: '${IP:-10.0.0.2}', masklen: '24', mtu: '${MTU}' }) };
    assert.deepEqual(lint(document), []);
  });

  test('a slip that is recognised hides what comes of it', () => {
    const ids = (text: string): string[] => lint(text).map(({ rule }) => rule);
    const typo = '{ "interfaces": [{ "type": "loop", "ipv6": "fd00::2", "masklen": "64" }], "gateway6": "fe80::1" }';
    assert.deepEqual(ids(typo), ['ipv6-with-masklen']);
    const both =
      '{ "gateway": "10.0.0.1", "interfaces": [{ "type": "loop", "ip": "10.0.0.2", "masklen": "24", "ipv6": "fd00::2", "masklen": "64" }] }';
    assert.deepEqual(ids(both), ['ipv6-with-masklen']);
    const { text } = fixText(both, (now) => lint(now));
    assert.equal(text, both.replace('"masklen": "64"', '"masklen6": "64"'));
    assert.deepEqual(ids(text), []);
  });
});
