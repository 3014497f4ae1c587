// SPDX-License-Identifier: GPL-2.0-or-later
/** netstat and sysctl: tables and parameters of LKL, and nothing of the host's network. */
import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { define, skip } from '../../support/define.ts';
import { hijack } from '../../support/hijack.ts';
import { type Host, noHosts } from '../../support/namespace.ts';
import { CONFIG, listening, startOnHost, tapHost } from '../../support/tap.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

async function run(host: Host, ...command: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await hijack(command, { config: CONFIG, netns: host });
  assert.is(exitCode, 0, stderr);
  assert.is(stderr, '');
  return stdout;
}

define('settings', (test) => {
  test('netstat: routes, interfaces, counters, and none of the sockets of the host', async () => {
    const host = tapHost();
    startOnHost(host, 'nc', '-l', '4321');
    await listening(host, 4321);
    const routes = await run(host, 'netstat', '-rn');
    assert.match(routes, /^0\.0\.0\.0 +192\.168\.13\.1 +0\.0\.0\.0 +UG .* eth0$/m);
    assert.match(routes, /^192\.168\.13\.0 +0\.0\.0\.0 +255\.255\.255\.0 +U .* eth0$/m);
    assert.match(await run(host, 'netstat', '-6rn'), /^\[?::\]?\/0 +fd13::1 .* eth0$/m);
    assert.match(await run(host, 'netstat', '-i'), /^eth0 +1500 [\s\S]*^lo +65536 /m);
    assert.is((await run(host, 'netstat', '-tuanp')).trim().split('\n').length, 2);
    assert.match(await run(host, 'netstat', '-s'), /^Ip:[\s\S]*^Tcp:\n +0 active connection openings/m);
    assert.match(await run(host, 'netstat', '-gn'), /^eth0 +1 +224\.0\.0\.1$/m);
    host.remove();
  });

  test('sysctl sets and reads parameters of LKL; those that have nothing to do with it are of the host', async () => {
    const host = tapHost();
    const ttl = '/proc/sys/net/ipv4/ip_default_ttl';
    const before = readFileSync(ttl, 'utf8');
    const name = 'net.ipv4.ip_default_ttl';
    assert.is(await run(host, 'sysctl', `${name}=77`, name), `${name} = 77\n${name} = 77\n`);
    assert.is(readFileSync(ttl, 'utf8'), before);
    assert.is(await run(host, 'sysctl', '-n', 'kernel.pid_max'), readFileSync('/proc/sys/kernel/pid_max', 'utf8'));
    const all = (await run(host, 'sysctl', '-a', '--pattern', '^net[.]')).trim().split('\n');
    assert.ok(all.length > 500, `${all.length}`);
    assert.ok(all.includes('net.ipv4.conf.eth0.forwarding = 0'));
    const refused = await hijack(['sysctl', 'net.ipv4.ip_default_ttl=300'], { config: CONFIG, netns: host });
    assert.is(refused.exitCode, 1);
    assert.match(refused.stderr, 'Invalid argument');
    host.remove();
  });
});
