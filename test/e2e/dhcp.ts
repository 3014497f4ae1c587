// SPDX-License-Identifier: GPL-2.0-or-later
/** Addresses and name servers that a real DHCP server gives, and those of the key nameserver. */
import * as assert from 'uvu/assert';
import { define, skip } from '../support/define.ts';
import { addressOptions, serveNames } from '../support/dnsmasq.ts';
import { type Hijacked, hijack, startHijacked } from '../support/hijack.ts';
import { type Host, makeHost, noHosts } from '../support/namespace.ts';
import { waitFor } from '../support/wait.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

const TAP = { type: 'tap', param: 'tap0' };

async function serve(...options: string[]): Promise<Host> {
  const host = makeHost({ tap: 'tap0', addresses: ['192.168.13.1/24', 'fd13::1/64'] });
  await serveNames(host, ...options);
  return host;
}

async function look(host: Host, config: unknown, ...command: string[]): Promise<Hijacked> {
  const end = await hijack(command, { config, netns: host });
  assert.is(end.exitCode, 0, end.stderr);
  return end;
}

/** Packets that the host has had from LKL. */
function received(host: Host): number {
  return JSON.parse(host.ip('-json', '-stats', 'link', 'show', 'tap0'))[0].stats64.rx.packets;
}

define('addresses and names of the network', (test) => {
  test('boot_cmdline ip=dhcp: address, default route and name servers', async () => {
    const host = await serve(
      ...addressOptions('192.168.13'),
      '--dhcp-option=option:router,192.168.13.1',
      '--dhcp-option=option:dns-server,192.168.13.1',
    );
    const config = { boot_cmdline: 'ip=dhcp', interfaces: [TAP] };
    assert.match(
      (await look(host, config, 'ip', '-4', 'addr', 'show', 'eth0')).stdout,
      /inet 192\.168\.13\.1[0-5]\d\/24 /,
    );
    assert.match((await look(host, config, 'ip', 'route')).stdout, /^default via 192\.168\.13\.1 dev eth0/);
    assert.match((await look(host, config, 'cat', '/etc/resolv.conf')).stdout, /^nameserver 192\.168\.13\.1$/m);
    assert.match((await look(host, config, 'getent', 'ahostsv4', 'name.test')).stdout, /^192\.168\.13\.77 /);
    // An address of the configuration is there beside it, be it the same or not.
    const both = { ...config, interfaces: [{ ...TAP, ip: '192.168.13.2', masklen: '24' }] };
    const { stdout } = await look(host, both, 'ip', '-4', 'addr', 'show', 'eth0');
    assert.match(stdout, 'inet 192.168.13.2/24 ');
    assert.match(stdout, /inet 192\.168\.13\.1\d\d\/24 /);
    host.remove();
  });

  test('boot_cmdline ip=dhcp without any interface is refused', async () => {
    const { exitCode, stdout, stderr } = await hijack(['echo', 'main'], { config: { boot_cmdline: 'ip=dhcp' } });
    assert.is(exitCode, 125);
    assert.is(stdout, '');
    assert.match(stderr, 'boot_cmdline: "ip=dhcp": no interface got an address; is there a DHCP server behind one?');
  });

  test('a signal ends a program whose kernel waits for a DHCP server that is not there', async () => {
    const host = makeHost({ tap: 'tap0' });
    const waiting = startHijacked(['echo', 'main'], {
      config: { boot_cmdline: 'ip=dhcp', interfaces: [TAP] },
      netns: host,
    });
    await waitFor('a request', () => received(host) > 0);
    waiting.kill('SIGTERM');
    const { signal, stdout } = await waiting;
    assert.is(signal, 'SIGTERM');
    assert.is(stdout, '');
    host.remove();
  });

  test('nameserver: names are asked there, by libc and by programs that read resolv.conf', async () => {
    const host = await serve();
    const one = { ...TAP, ip: '192.168.13.2', masklen: '24', ipv6: 'fd13::2', masklen6: '64' };
    for (const nameserver of ['192.168.13.1', ['fd13::1'], '192.168.13.1,fd13::1']) {
      const config = { nameserver, interfaces: [one] };
      assert.match((await look(host, config, 'getent', 'ahostsv4', 'name.test')).stdout, /^192\.168\.13\.77 /);
      assert.match((await look(host, config, 'dig', '+short', 'name.test')).stdout, /^192\.168\.13\.77$/m);
      const lines = [nameserver]
        .flat()
        .join()
        .split(',')
        .map((address) => `nameserver ${address}\n`);
      assert.is((await look(host, config, 'cat', '/etc/resolv.conf')).stdout, lines.join(''));
    }
    const env = {
      LKL_HIJACK_NET_TAP: 'tap0',
      LKL_HIJACK_NET_IP: '192.168.13.2',
      LKL_HIJACK_NET_NETMASK_LEN: '24',
      LKL_HIJACK_NET_NAMESERVER: '192.168.13.1',
    };
    const { stdout, stderr } = await hijack(['getent', 'ahostsv4', 'name.test'], { env, netns: host });
    assert.match(stdout, /^192\.168\.13\.77 /, stderr);
    host.remove();
  });
});
