// SPDX-License-Identifier: GPL-2.0-or-later
/** The document's sample of two interfaces, word for word: what LKL becomes by it, as `ip -j` tells from inside. */
import * as assert from 'uvu/assert';
import { define, skip } from '../support/define.ts';
import { addressOptions, serveNames } from '../support/dnsmasq.ts';
import { type Hijacked, hijack } from '../support/hijack.ts';
import { type Host, makeHost, noHosts } from '../support/namespace.ts';
import { SAMPLE, SAMPLE_TEXT } from '../support/sample.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

interface Link {
  readonly ifname: string;
  readonly ifindex: number;
  readonly address: string;
  readonly flags: readonly string[];
  readonly addr_info: readonly { readonly local: string; readonly prefixlen: number; readonly tentative?: boolean }[];
}

interface Route {
  readonly dst: string;
  readonly gateway?: string;
  readonly dev: string;
  readonly table?: string;
}

interface Rule {
  readonly src: string;
  readonly table: string;
}

/** The host on the other end of both taps, with a DHCP server on each. */
async function otherEnd(): Promise<Host> {
  const host = makeHost();
  for (const [number, { param }] of SAMPLE.interfaces.entries()) {
    host.ip('tuntap', 'add', 'dev', param, 'mode', 'tap', 'vnet_hdr');
    host.ip('addr', 'add', `192.168.${number}.1/24`, 'dev', param);
    host.ip('addr', 'add', `2001:db8:0:f10${number + 1}::1/64`, 'dev', param, 'nodad');
    host.ip('link', 'set', param, 'up');
  }
  await serveNames(host, ...addressOptions('192.168.0', '192.168.1'));
  return host;
}

define("the document's sample", (test) => {
  test('is two interfaces with their addresses, rules and tables, and what DHCP brings', async () => {
    const host = await otherEnd();
    const run = async (...command: string[]): Promise<Hijacked> => {
      const end = await hijack(command, { config: SAMPLE_TEXT, netns: host });
      assert.is(end.exitCode, 0, end.stderr);
      return end;
    };
    const read = async <T>(...command: string[]): Promise<T> => JSON.parse((await run(...command)).stdout) as T;

    const { stdout, stderr } = await run('ip', '-j', 'addr', 's');
    const links = (JSON.parse(stdout) as Link[]).filter(({ ifname }) => ifname !== 'lo');
    assert.equal(
      links.map(({ ifname, ifindex, address }) => [ifname, ifindex, address]),
      SAMPLE.interfaces.map(({ mac }, number) => [`eth${number}`, number + 2, mac]),
    );
    const assigned = links.map(({ addr_info }) => addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`));
    for (const [number, { ip, masklen, ipv6, masklen6 }] of SAMPLE.interfaces.entries()) {
      assert.ok(assigned[number]?.includes(`${ip}/${masklen}`), stdout);
      assert.ok(assigned[number]?.includes(`${ipv6}/${masklen6}`), stdout);
    }
    assert.ok(links.every(({ flags }) => flags.includes('UP') && flags.includes('LOWER_UP')));
    assert.ok(
      links
        .flatMap(({ addr_info }) => addr_info)
        .every(({ local, tentative }) => !tentative || !local.startsWith('2001')),
    );
    // The kernel takes the first offer, and leaves the other interface alone.
    assert.is(assigned.flat().filter((address) => /^192\.168\.[01]\.1[0-5]\d\/24$/.test(address)).length, 1, stdout);

    // debug: messages of the kernel and of the library, beside the program's output.
    assert.match(stderr, /^Linux version 6\.12\./m);
    assert.match(stderr, /^IP-Config: Got DHCP answer from 192\.168\.[01]\.1, my address is 192\.168\.[01]\.1\d\d/m);
    assert.match(stderr, /^lkl-hijack: .*interfaces\[0\]\.offload: bits 10 and 14 \(UFO\)/m);

    for (const [family, offset, key, gateway, masklen] of [
      ['-4', 0, 'ip', 'ifgateway', 'masklen'],
      ['-6', 1, 'ipv6', 'ifgateway6', 'masklen6'],
    ] as const) {
      const rules = await read<Rule[]>('ip', '-j', family, 'rule');
      const routes = await read<Route[]>('ip', '-j', family, 'route', 'show', 'table', 'all');
      for (const [number, one] of SAMPLE.interfaces.entries()) {
        const table = String(2 * (number + 2) + offset);
        assert.equal(
          rules.filter((rule) => rule.table === table).map(({ src }) => src),
          [one[key]],
        );
        const net = `${one[key].replace(/2$/, family === '-4' ? '0' : '')}/${one[masklen]}`;
        assert.equal(
          routes
            .filter((route) => route.table === table)
            .map(({ dst, dev, gateway: by = '' }) => [dst, dev, by].join(' '))
            .sort(),
          [`${net} eth${number} `, `default eth${number} ${one[gateway]}`],
        );
      }
      const defaults = routes.filter(({ dst, table }) => dst === 'default' && table === undefined);
      assert.ok(
        defaults.some((route) => route.gateway === SAMPLE[family === '-4' ? 'gateway' : 'gateway6']),
        JSON.stringify(defaults),
      );
    }
    assert.is((await run('cat', '/proc/sys/net/ipv4/tcp_wmem')).stdout, '4096\t87380\t2147483647\n');
    // Each address reaches the host by its own gateway.
    for (const { ip, ifgateway, ipv6, ifgateway6 } of SAMPLE.interfaces) {
      assert.match((await run('ping', '-c', '1', '-I', ip, ifgateway)).stdout, ' 0% packet loss');
      assert.match((await run('ping', '-c', '1', '-I', ipv6, ifgateway6)).stdout, ' 0% packet loss');
    }
    host.remove();
  });
});
