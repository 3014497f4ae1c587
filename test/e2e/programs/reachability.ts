// SPDX-License-Identifier: GPL-2.0-or-later
/** ping and traceroute, on the loopback, over a tap, and through a router. */
import * as assert from 'uvu/assert';
import { define, skip } from '../../support/define.ts';
import { hijack } from '../../support/hijack.ts';
import { makeHost, noHosts } from '../../support/namespace.ts';
import { CONFIG, EVERY_ICMP, FAMILIES, setSysctl, tapHost } from '../../support/tap.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

define('reachability', (test) => {
  test('ping itself, both families, and what is not there', async () => {
    for (const [family, address] of [
      ['-4', '127.0.0.1'],
      ['-6', '::1'],
      ['-4', 'localhost'],
    ] as const) {
      const { stdout, stderr } = await hijack(['ping', family, '-c', '3', '-i', '0.02', address]);
      assert.match(stdout, '3 packets transmitted, 3 received, 0% packet loss', stderr);
    }
    const none = await hijack(['ping', '-c', '1', '192.0.2.1']);
    assert.is(none.exitCode, 2);
    assert.match(none.stderr, 'Network is unreachable');
  });

  test('ping with every size up to the largest, a pattern and a record of the route', async () => {
    const host = tapHost();
    const options = { config: CONFIG, netns: host };
    for (const { host: address } of FAMILIES) {
      for (const size of ['0', '1472', '1473', '65507']) {
        const args = ['-c', '2', '-i', '0.02', '-s', size, '-p', '5a', address];
        const { stdout, stderr } = await hijack(['ping', ...args], options);
        assert.match(stdout, '2 packets transmitted, 2 received, 0% packet loss', `${size}: ${stdout}${stderr}`);
        assert.not.match(stdout, 'wrong data byte');
      }
    }
    const record = await hijack(['ping', '-c', '1', '-R', FAMILIES[0].host], options);
    assert.match(record.stdout, /RR:\s+192\.168\.13\.2\s+192\.168\.13\.1/);
    const flood = await hijack(['ping', '-f', '-c', '2000', FAMILIES[0].host], options);
    assert.match(flood.stdout, '2000 packets transmitted, 2000 received, 0% packet loss');
    host.remove();
  });

  test('ping reports a host that does not answer for its address, and one that is not allowed', async () => {
    const host = tapHost();
    host.ip('route', 'add', 'prohibit', '198.51.100.0/24');
    const options = { config: CONFIG, netns: host };
    const gone = await hijack(['ping', '-c', '1', '-W', '5', '192.168.13.77'], options);
    assert.is(gone.exitCode, 1);
    assert.match(gone.stdout, 'From 192.168.13.2 icmp_seq=1 Destination Host Unreachable');
    const prohibited = await hijack(['ping', '-c', '1', '198.51.100.1'], options);
    assert.match(prohibited.stdout, 'From 192.168.13.1 icmp_seq=1 Packet filtered');
    host.remove();
  });

  test('traceroute finds a router and what is behind it, in each of its ways', async () => {
    const router = tapHost();
    const far = makeHost();
    setSysctl(far, ...EVERY_ICMP);
    router.ip('link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1', 'netns', far.name);
    for (const [host, device, v4, v6] of [
      [router, 'v0', '192.0.2.1/24', 'fd14::1/64'],
      [far, 'v1', '192.0.2.2/24', 'fd14::2/64'],
    ] as const) {
      host.ip('addr', 'add', v4, 'dev', device);
      host.ip('addr', 'add', v6, 'dev', device, 'nodad');
      host.ip('link', 'set', device, 'up');
    }
    far.ip('route', 'add', 'default', 'via', '192.0.2.1');
    far.ip('-6', 'route', 'add', 'default', 'via', 'fd14::1');
    for (const [near, target] of [
      ['192.168.13.1', '192.0.2.2'],
      ['fd13::1', 'fd14::2'],
    ] as const) {
      for (const way of [[], ['-I'], ['-T'], ['-U'], ['-N', '1', '-q', '1']]) {
        const args = ['-n', ...way, target];
        const { stdout, stderr } = await hijack(['traceroute', ...args], { config: CONFIG, netns: router });
        const hops = stdout.split('\n').slice(1, -1);
        assert.is(hops.length, 2, `${args.join(' ')}: ${stdout}${stderr}`);
        assert.match(hops[0] ?? '', new RegExp(`^ 1  ${near}  `));
        assert.match(hops[1] ?? '', new RegExp(`^ 2  ${target}  `));
      }
    }
    far.remove();
    router.remove();
  });
});
