// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { drawTopology } from '../../src/config/draw.ts';
import { topologyOf } from '../../src/config/topology.ts';
import { define } from '../support/define.ts';
import { SAMPLE } from '../support/sample.ts';

const [first, second] = SAMPLE.interfaces;

/** The document's sample with values in other forms. */
const TWO = {
  gateway: SAMPLE.gateway,
  gateway6: SAMPLE.gateway6,
  interfaces: [
    first,
    {
      type: second.type,
      param: second.param,
      ip: second.ip,
      masklen: 0x18,
      ifgateway: second.ifgateway,
      neigh: '192.168.1.1|12:34:56:78:9a:be; 192.168.1.3|12:34:56:78:9a:bf',
      qdisc: { root: 'fq' },
    },
  ],
};

define('the topology', (test) => {
  test('has tables for policy routing: 2 × index, and one more for IPv6', () => {
    const { devices } = topologyOf(TWO);
    assert.deepEqual(
      devices.map(({ name, index, tables }) => [name, index, tables.map(({ id, from }) => `${id} ${from}`)]),
      [
        ['eth0', 2, ['4 192.168.0.2', '5 2001:db8:0:f101::2']],
        ['eth1', 3, ['6 192.168.1.2']],
      ],
    );
  });

  test('has tunnels by other names, and after the others', () => {
    const { devices } = topologyOf({
      interfaces: [
        { type: 'wireguard', param: 'a.conf', ip: '10.0.0.2', masklen: '24' },
        { type: 'passt' },
        { type: 'wireguard', param: 'b.conf' },
        { type: 'tap', param: 'tap0' },
      ],
    });
    assert.deepEqual(
      devices.map(({ name, index }) => [name, index]),
      [
        ['wg0', 4],
        ['eth0', 2],
        ['wg1', 5],
        ['eth1', 3],
      ],
    );
  });

  test('is drawn', () => {
    assert.equal(
      drawTopology(topologyOf(TWO)),
      `the program, on the network of LKL
├─ lo
│  ├─ address 127.0.0.1/8
│  └─ address ::1/128
├─ eth0 === tap tap7 of the host, mac 12:34:56:78:9a:bc, offload 0xc803
│  ├─ address 192.168.0.2/24
│  ├─ address 2001:db8:0:f101::2/64
│  ├─ table 4, for packets from 192.168.0.2
│  │  ├─ default via 192.168.0.1 dev eth0
│  │  └─ 192.168.0.0/24 dev eth0
│  └─ table 5, for packets from 2001:db8:0:f101::2
│     ├─ default via 2001:db8:0:f101::1 dev eth0
│     └─ 2001:db8:0:f101::/64 dev eth0
├─ eth1 === tap tap77 of the host, qdisc root|fq
│  ├─ address 192.168.1.2/24
│  ├─ neighbour 192.168.1.1 at 12:34:56:78:9a:be
│  ├─ neighbour 192.168.1.3 at 12:34:56:78:9a:bf
│  └─ table 6, for packets from 192.168.1.2
│     ├─ default via 192.168.1.1 dev eth1
│     └─ 192.168.1.0/24 dev eth1
└─ table main
   ├─ default via 192.168.0.1 dev eth0
   ├─ 192.168.0.0/24 dev eth0
   ├─ 192.168.1.0/24 dev eth1
   ├─ default via 2001:db8:0:f101::1 dev eth0
   └─ 2001:db8:0:f101::/64 dev eth0
`,
    );
  });

  test('without interfaces is lo', () => {
    assert.equal(
      drawTopology(topologyOf({ gateway: '10.0.0.1' })),
      'the program, on the network of LKL\n└─ lo\n   ├─ address 127.0.0.1/8\n   └─ address ::1/128\n',
    );
  });

  test('tells that addresses are asked for', () => {
    assert.equal(topologyOf({ boot_cmdline: 'mem=1G ip=dhcp' }).dhcp, true);
    assert.equal(topologyOf({ boot_cmdline: 'skip=dhcp' }).dhcp, false);
    assert.equal(topologyOf({ boot_cmdline: 'ip=:::::eth0:any quiet' }).dhcp, true);
    assert.equal(topologyOf({ boot_cmdline: 'ip=10.0.0.2::10.0.0.1:255.255.255.0::eth0:off' }).dhcp, false);
  });
});
