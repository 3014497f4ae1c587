// SPDX-License-Identifier: GPL-2.0-or-later
//
// What `lkl-config show` draws is what LKL's network is: devices, addresses, neighbours and routing tables.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Topology } from '../../src/config/topology.ts';
import { define, skip } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { hijack, writeConfiguration } from '../support/hijack.ts';
import { makeHost, noHosts } from '../support/namespace.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

/** The document's own example of two interfaces, but for DHCP, which no server here answers. */
const TWO = {
  gateway: '192.168.0.1',
  gateway6: '2001:db8:0:f101::1',
  interfaces: [
    {
      mac: '12:34:56:78:9a:bc',
      type: 'tap',
      param: 'tap7',
      ip: '192.168.0.2',
      masklen: '24',
      ifgateway: '192.168.0.1',
      ipv6: '2001:db8:0:f101::2',
      masklen6: '64',
      ifgateway6: '2001:db8:0:f101::1',
      offload: '0xc803',
    },
    {
      mac: '12:34:56:78:9a:bd',
      type: 'tap',
      param: 'tap77',
      mtu: '1400',
      ip: '192.168.1.2',
      masklen: '24',
      ifgateway: '192.168.1.1',
      ipv6: '2001:db8:0:f102::2',
      masklen6: '64',
      ifgateway6: '2001:db8:0:f102::1',
      neigh: '192.168.1.1|12:34:56:78:9a:be',
    },
  ],
};

interface Line {
  readonly [key: string]: unknown;
}

define('the topology that is shown', (test) => {
  test('is the network of LKL', async () => {
    const file = writeConfiguration(TWO);
    const shown = spawnSync(path.join(ROOT, 'bin', 'lkl-config'), ['show', '--json', file], { encoding: 'utf8' });
    assert.equal(shown.status, 0, shown.stderr);
    const { devices, routes }: Topology = JSON.parse(shown.stdout).topology;
    const netns = makeHost({ tap: 'tap7' });
    try {
      netns.ip('tuntap', 'add', 'dev', 'tap77', 'mode', 'tap', 'vnet_hdr');
      netns.ip('link', 'set', 'tap77', 'up');
      const inside = async (...args: string[]): Promise<string> => {
        const { stdout, stderr, exitCode } = await hijack(['-c', file, 'ip', ...args], { netns, config: {} });
        assert.equal(exitCode, 0, stderr);
        return stdout;
      };
      const links: Line[] = JSON.parse(await inside('-j', 'link', 'show'));
      const addresses = await inside('-o', 'addr', 'show');
      const rules = `${await inside('-4', 'rule', 'show')}${await inside('-6', 'rule', 'show')}`;
      const tables = `${await inside('-4', 'route', 'show', 'table', 'all')}${await inside('-6', 'route', 'show', 'table', 'all')}`;
      const neighbours = await inside('neigh', 'show');
      for (const { name, index, settings, addresses: own, tables: policies, neighbours: known } of devices) {
        const link = links.find(({ ifname }) => ifname === name) ?? assert.fail(name);
        assert.equal(link.ifindex, index);
        assert.equal(link.address, settings.mac);
        assert.equal(link.mtu, Number(settings.mtu ?? 1500));
        for (const address of own) {
          assert.match(addresses, new RegExp(`${name} +inet6? ${address} `), addresses);
        }
        for (const { id, from, routes: inTable } of policies) {
          assert.match(rules, new RegExp(`from ${from} lookup ${id}\\b`));
          for (const route of inTable) {
            assert.ok(
              tables.split('\n').some((line) => line.startsWith(`${route} table ${id} `)),
              `${route} table ${id}: ${tables}`,
            );
          }
        }
        for (const [address, mac] of known.map((one) => one.split('|'))) {
          assert.match(neighbours, new RegExp(`^${address} dev ${name} lladdr ${mac} PERMANENT`, 'm'));
        }
      }
      assert.equal(devices.length, 2);
      for (const route of routes) {
        assert.ok(
          tables.split('\n').some((line) => line.startsWith(`${route} `) && !/ table \d/.test(line)),
          `${route}: ${tables}`,
        );
      }
      assert.equal(routes.length, 6);
    } finally {
      netns.remove();
    }
  });
});
