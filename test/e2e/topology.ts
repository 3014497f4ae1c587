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
import { SAMPLE } from '../support/sample.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

const [first, second] = SAMPLE.interfaces;

/** The document's sample without DHCP, and with what else is drawn. */
const TWO = {
  gateway: SAMPLE.gateway,
  gateway6: SAMPLE.gateway6,
  interfaces: [first, { ...second, mtu: '1400', neigh: '192.168.1.1|12:34:56:78:9a:be' }],
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
