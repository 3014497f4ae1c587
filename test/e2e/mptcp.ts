// SPDX-License-Identifier: GPL-2.0-or-later
/** Multipath TCP over two interfaces, each with its own gateway and routing table (ifgateway). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { define, skip } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { startHijacked } from '../support/hijack.ts';
import { makeHost, noHosts } from '../support/namespace.ts';
import { waitFor } from '../support/wait.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

/** Python knows the protocol by its number alone. */
const PROGRAM = path.join(ROOT, 'test/e2e/mptcp.py');

const NETS = ['192.168.0', '192.168.1'];

function hostHasMptcp(): boolean {
  try {
    return readFileSync('/proc/sys/net/mptcp/enabled', 'utf8').trim() === '1';
  } catch {
    return false;
  }
}

if (!hostHasMptcp()) {
  skip('the host has no Multipath TCP');
}

define('Multipath TCP', (test) => {
  test('a connection has a path by each interface', async () => {
    const host = makeHost();
    const [ip = '', ...prefix] = host.prefix;
    for (const [number, net] of NETS.entries()) {
      host.ip('tuntap', 'add', 'dev', `tap${number}`, 'mode', 'tap', 'vnet_hdr');
      host.ip('addr', 'add', `${net}.1/24`, 'dev', `tap${number}`);
      host.ip('link', 'set', `tap${number}`, 'up');
    }
    const listening = async (): Promise<boolean> =>
      (await execa(ip, [...prefix, 'ss', '-ltnH'])).stdout.includes(':7000 ');
    const server = execa(ip, [...prefix, 'python3', PROGRAM, 'serve', '7000'], { reject: false, stdin: 'pipe' });
    await waitFor('the server', listening);

    const config = {
      sysctl: { 'net.mptcp.enabled': 1 },
      interfaces: NETS.map((net, number) => ({
        type: 'tap',
        param: `tap${number}`,
        ip: `${net}.2`,
        masklen: 24,
        ifgateway: `${net}.1`,
      })),
    };
    // The second address is an endpoint; to reach the server's first one, it needs the routes of its own table.
    const client = startHijacked(['python3', PROGRAM, 'connect', '192.168.0.1', '7000', '192.168.1.2'], {
      config,
      netns: host,
    });
    const peers = async (): Promise<string[]> => {
      const { stdout } = await execa(ip, [...prefix, 'ss', '-tnH', 'state', 'established', 'sport', '=', ':7000']);
      return stdout.split('\n').map((line) => line.trim().split(/\s+/).at(3)?.replace(/:\d+$/, '') ?? '');
    };
    await waitFor('both paths', async () => {
      const found = await peers();
      return NETS.every((net) => found.includes(`${net}.2`));
    });
    server.stdin?.end();
    const { stdout, stderr, exitCode } = await client;
    assert.is(exitCode, 0, stderr);
    assert.is(stdout, '2 paths\n');
    assert.is((await server).stdout, '1048576 bytes');
    host.remove();
  });
});
