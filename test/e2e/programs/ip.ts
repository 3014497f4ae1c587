// SPDX-License-Identifier: GPL-2.0-or-later
/** ip: each of its objects is changed and shown, in one process, whose kernel ends with it. */
import * as assert from 'uvu/assert';
import { define, skip } from '../../support/define.ts';
import { hijack } from '../../support/hijack.ts';
import { noHosts } from '../../support/namespace.ts';
import { CONFIG, tapHost } from '../../support/tap.ts';

/** Runs the lines of a batch; each must succeed. */
async function batch(...lines: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await hijack(['ip', '-batch', '-'], { input: `${lines.join('\n')}\n` });
  assert.is(exitCode, 0, stderr);
  assert.is(stderr, '');
  return stdout;
}

const DUMMY = ['link add d0 address 02:00:00:00:00:01 type dummy', 'link set d0 up mtu 1400'];
const ADDRESSES = ['addr add 10.1.0.1/24 dev d0', 'addr add 2001:db8::1/64 dev d0 nodad'];

const L2TP_TUNNEL =
  'l2tp add tunnel tunnel_id 3 peer_tunnel_id 4 encap udp local 10.1.0.1 remote 10.1.0.2 udp_sport 5000 udp_dport 6000';

/** An object, the lines that change it, the line that shows it, and what that shows. */
const OBJECTS: readonly [object: string, change: readonly string[], show: string, shown: readonly RegExp[]][] = [
  ['link', [], 'link show d0', [/d0: <BROADCAST,NOARP,UP,LOWER_UP> mtu 1400/, /link\/ether 02:00:00:00:00:01/]],
  ['address', [], 'address show d0', [/inet 10\.1\.0\.1\/24 scope global d0/, /inet6 2001:db8::1\/64 scope global/]],
  [
    'addrlabel',
    ['addrlabel add prefix 2001:db8::/64 label 99'],
    'addrlabel list',
    [/^prefix 2001:db8::\/64 label 99 $/m],
  ],
  [
    'route',
    [
      'route add 10.2.0.0/16 via 10.1.0.2',
      'route add 2001:db8:2::/48 via 2001:db8::2',
      'route add blackhole 10.3.0.0/16',
    ],
    'route show',
    [
      /^10\.2\.0\.0\/16 via 10\.1\.0\.2 dev d0 $/m,
      /^blackhole 10\.3\.0\.0\/16 $/m,
      /^10\.1\.0\.0\/24 dev d0 proto kernel/m,
    ],
  ],
  [
    'route get',
    ['route add 10.2.0.0/16 via 10.1.0.2'],
    'route get 10.2.3.4',
    [/10\.2\.3\.4 via 10\.1\.0\.2 dev d0 src 10\.1\.0\.1/],
  ],
  [
    'rule',
    ['rule add from 10.1.0.1 fwmark 7 table 100', 'route add default via 10.1.0.9 table 100'],
    'rule show',
    [/^\d+:\tfrom 10\.1\.0\.1 fwmark 0x7 lookup 100$/m],
  ],
  [
    'neighbour',
    ['neigh add 10.1.0.7 lladdr 02:00:00:00:00:07 dev d0', 'neigh add 2001:db8::7 lladdr 02:00:00:00:00:08 dev d0'],
    'neigh show',
    [
      /^10\.1\.0\.7 dev d0 lladdr 02:00:00:00:00:07 PERMANENT/m,
      /^2001:db8::7 dev d0 lladdr 02:00:00:00:00:08 PERMANENT/m,
    ],
  ],
  [
    'ntable',
    ['ntable change name arp_cache dev d0 base_reachable 12000'],
    'ntable show dev d0 name arp_cache',
    [/inet arp_cache \n {4}dev d0 \n[\s\S]*base_reachable 12000/],
  ],
  [
    'nexthop',
    ['nexthop add id 1 via 10.1.0.2 dev d0', 'nexthop add id 2 via 10.1.0.3 dev d0', 'nexthop add id 3 group 1/2'],
    'nexthop show',
    [/^id 1 via 10\.1\.0\.2 dev d0 scope link/m, /^id 3 group 1\/2/m],
  ],
  ['maddress', [], 'maddress show dev d0', [/link {2}33:33:00:00:00:01/, /inet {2}224\.0\.0\.1/]],
  ['netconf', [], 'netconf show dev d0', [/^inet d0 forwarding off/m, /^inet6 d0 forwarding off/m]],
  ['token', ['link add v type veth', 'token set ::5 dev v'], 'token list', [/^token ::5 dev v$/m]],
  [
    'tuntap',
    ['tuntap add dev t0 mode tap', 'tuntap add dev t1 mode tun multi_queue'],
    'tuntap show',
    [/^t0: tap persist$/m, /^t1: tun multi_queue persist$/m],
  ],
  [
    'l2tp',
    [L2TP_TUNNEL, 'l2tp add session tunnel_id 3 session_id 1 peer_session_id 2'],
    'l2tp show session',
    [/^Session 1 in tunnel 3$/m, /interface name: l2tpeth0/],
  ],
  [
    'l2tp tunnel',
    [L2TP_TUNNEL],
    'l2tp show tunnel',
    [/^Tunnel 3, encap UDP$/m, /UDP source \/ dest ports: 5000\/6000/],
  ],
  [
    'macsec',
    [
      'link add link d0 m0 type macsec encrypt on',
      `macsec add m0 tx sa 0 pn 1 on key 01 ${'81'.repeat(16)}`,
      'macsec add m0 rx address 02:00:00:00:00:02 port 1',
    ],
    'macsec show',
    [/TXSC: 0200000000010001 on SA 0\n +0: PN 1, state on, key 01/, /RXSC: 0200000000020001, state on/],
  ],
  [
    'fou',
    ['fou add port 5555 ipproto 4', 'fou add port 5556 gue'],
    'fou show',
    [/^port 5555 ipproto 4/m, /^port 5556 gue/m],
  ],
  ['mrule', ['mrule add iif d0 table 100'], 'mrule show', [/^0:\tfrom all iif d0 lookup 100$/m]],
  [
    'xfrm policy',
    ['xfrm policy add dir out src 10.1.0.0/24 dst 10.2.0.0/24 tmpl src 10.1.0.1 dst 10.1.0.2 proto esp mode tunnel'],
    'xfrm policy',
    [/^src 10\.1\.0\.0\/24 dst 10\.2\.0\.0\/24 $/m, /tmpl src 10\.1\.0\.1 dst 10\.1\.0\.2\n\t+proto esp/],
  ],
  [
    'xfrm state',
    ['xfrm state allocspi src 10.1.0.1 dst 10.1.0.2 proto esp mode tunnel min 256 max 256'],
    'xfrm state count',
    [/SAD count 1/],
  ],
  [
    'mptcp',
    ['mptcp endpoint add 10.1.0.1 dev d0 signal', 'mptcp limits set subflow 4'],
    'mptcp limits show',
    [/subflows 4/],
  ],
  [
    'mptcp endpoint',
    ['mptcp endpoint add 10.1.0.1 dev d0 signal'],
    'mptcp endpoint',
    [/^10\.1\.0\.1 id 1 signal dev d0 $/m],
  ],
  ['sr', ['sr tunsrc set 2001:db8::9'], 'sr tunsrc show', [/^tunsrc addr 2001:db8::9$/m]],
  ['ioam', ['ioam namespace add 5'], 'ioam namespace show', [/namespace 5/]],
  ['stats', [], 'stats show dev d0 group link', [/d0: group link[\s\S]*TX:/]],
  ['vrf', ['link add red type vrf table 10'], 'vrf show', [/^red +10$/m]],
];

const TYPES: readonly [type: string, change: readonly string[], shown: RegExp][] = [
  ['veth', ['link add x type veth peer name y'], /x@y: /],
  ['bridge', ['link add x type bridge stp_state 1', 'link set d0 master x'], / bridge .*stp_state 1/],
  ['vlan', ['link add link d0 name x type vlan id 5'], /vlan protocol 802\.1Q id 5/],
  ['macvlan', ['link add link d0 name x type macvlan mode bridge'], /macvlan mode bridge/],
  ['ipvlan', ['link add link d0 name x type ipvlan mode l3'], /ipvlan {2}mode l3/],
  [
    'vxlan',
    ['link add x type vxlan id 42 dev d0 dstport 4789 remote 10.1.0.2'],
    /vxlan id 42 remote 10\.1\.0\.2 dev d0/,
  ],
  ['vrf', ['link add x type vrf table 10', 'link set d0 master x'], /vrf table 10/],
  ['ifb', ['link add x type ifb'], /ifb/],
  ['wireguard', ['link add x type wireguard'], /wireguard/],
];

const IPV4_ENDS = 'remote 10.1.0.2 local 10.1.0.1';
const IPV6_ENDS = 'remote 2001:db8::2 local 2001:db8::1';

/** The modes of `ip tunnel`: the device on which the kernel makes such tunnels, and what is shown of one. */
const TUNNELS: readonly [mode: string, family: '-4' | '-6', base: string, shown: string][] = [
  ['gre', '-4', 'gre0', 'gre/ip'],
  ['ipip', '-4', 'tunl0', 'ip/ip'],
  ['sit', '-4', 'sit0', 'ipv6/ip'],
  ['vti', '-4', 'ip_vti0', 'ip/ip'],
  ['ip6ip6', '-6', 'ip6tnl0', 'ipv6/ipv6'],
  ['ipip6', '-6', 'ip6tnl0', 'ip/ipv6'],
  ['any', '-6', 'ip6tnl0', 'any/ipv6'],
  ['ip6gre', '-6', 'ip6gre0', 'gre/ipv6'],
  ['vti6', '-6', 'ip6_vti0', 'ipv6/ipv6'],
];

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

define('ip', (test) => {
  for (const [object, change, show, shown] of OBJECTS) {
    test(`object ${object}`, async () => {
      const output = await batch(...DUMMY, ...ADDRESSES, ...change, show);
      for (const pattern of shown) {
        assert.match(output, pattern);
      }
    });
  }

  for (const [type, change, shown] of TYPES) {
    test(`link of type ${type}`, async () => {
      const { stdout, stderr, exitCode } = await hijack(['ip', '-d', '-batch', '-'], {
        input: `${[...DUMMY, ...ADDRESSES, ...change, 'link set x up', 'link show x', 'link del x'].join('\n')}\n`,
      });
      assert.is(exitCode, 0, stderr);
      assert.match(stdout, shown);
    });
  }

  for (const [mode, family, base, shown] of TUNNELS) {
    test(`tunnel of mode ${mode}`, async () => {
      const ends = family === '-4' ? IPV4_ENDS : IPV6_ENDS;
      const lines = [
        `tunnel add x mode ${mode} ${ends}`,
        `tunnel change x mode ${mode} ${ends.replace(/2 local/, '3 local')}`,
        'tunnel show x',
        'tunnel del x',
        'tunnel show',
      ];
      const { stdout, stderr, exitCode } = await hijack(['ip', family, '-batch', '-'], {
        input: `${lines.join('\n')}\n`,
      });
      assert.is(exitCode, 0, stderr);
      assert.match(stdout, `x: ${shown} ${ends.replace(/2 local/, '3 local')}`);
      // As the module does on other kernels, the first tunnel brings that device.
      assert.match(stdout, `${base}: `);
      assert.is(stdout.match(/x: /g)?.length, 1);
    });
  }

  test('a tap device is in the program, not on the host', async () => {
    const host = tapHost();
    const { exitCode, stderr } = await hijack(['ip', 'tuntap', 'add', 'dev', 't0', 'mode', 'tap'], { netns: host });
    assert.is(exitCode, 0, stderr);
    assert.not.match(host.ip('link', 'show'), ' t0: ');
    host.remove();
  });

  test('what is deleted is gone, and deleting it again is an error', async () => {
    const lines = [
      ...DUMMY,
      ...ADDRESSES,
      'addr del 10.1.0.1/24 dev d0',
      'addr show dev d0',
      'addr del 10.1.0.1/24 dev d0',
    ];
    const { stdout, stderr, exitCode } = await hijack(['ip', '-batch', '-'], { input: `${lines.join('\n')}\n` });
    assert.is(exitCode, 1);
    assert.match(stderr, 'Address not found');
    assert.not.match(stdout, '10.1.0.1');
    assert.match(stdout, '2001:db8::1/64');
  });

  test('the interface of the configuration, in the forms -brief, -json and -oneline', async () => {
    const host = tapHost();
    const run = async (...args: string[]): Promise<string> =>
      (await hijack(['ip', ...args], { config: CONFIG, netns: host })).stdout;
    assert.match(await run('-br', '-4', 'addr', 'show', 'eth0'), /^eth0 +UP +192\.168\.13\.2\/24 \n$/);
    const [link] = JSON.parse(await run('-j', 'link', 'show', 'eth0')) as [{ address: string; mtu: number }];
    assert.is(link.address, '12:34:56:78:9a:bc');
    assert.is(link.mtu, 1500);
    assert.is(await run('route', 'show', 'default'), 'default via 192.168.13.1 dev eth0 \n');
    assert.match(await run('-6', 'route', 'show', 'default'), /^default via fd13::1 dev eth0 /);
    assert.match(await run('-s', '-o', 'link', 'show', 'eth0'), /^\d: eth0: .*RX: {2}bytes/);
    host.remove();
  });
});
