// SPDX-License-Identifier: GPL-2.0-or-later
/** What each key of an interface does inside LKL, as `ip -j` and its kin tell from inside. */
import * as assert from 'uvu/assert';
import { define, skip } from '../support/define.ts';
import { type Hijacked, hijack } from '../support/hijack.ts';
import { type Host, makeHost, noHosts } from '../support/namespace.ts';
import { SAMPLE } from '../support/sample.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

interface Link {
  readonly ifname: string;
  readonly ifindex: number;
  readonly mtu: number;
  readonly address: string;
  readonly addr_info: readonly { readonly local: string; readonly prefixlen: number }[];
}

/** Waits for eth0's own address of the link, and prints whether it is tentative then. */
const TENTATIVE = `
flags = []
while not flags:
    lines = [line.split() for line in open('/proc/net/if_inet6')]
    flags = [int(line[4], 16) for line in lines if line[5] == 'eth0' and line[0].startswith('fe80')]
print('true' if flags[0] & 0x40 else 'false')
`;

function hostOf(...taps: string[]): Host {
  const host = makeHost();
  for (const tap of taps) {
    host.ip('tuntap', 'add', 'dev', tap, 'mode', 'tap', 'vnet_hdr');
    host.ip('link', 'set', tap, 'up');
  }
  return host;
}

/** What a program of iproute2 prints inside, read as JSON. */
async function inside<T>(host: Host, config: unknown, ...command: string[]): Promise<T> {
  const { exitCode, stdout, stderr } = await hijack(command, { config, netns: host });
  assert.is(exitCode, 0, stderr);
  return JSON.parse(stdout) as T;
}

async function refused(host: Host, config: unknown, message: string): Promise<void> {
  const { exitCode, stdout, stderr }: Hijacked = await hijack(['echo', 'main'], { config, netns: host });
  assert.is(exitCode, 125);
  assert.is(stdout, '');
  assert.ok(stderr.endsWith(`: ${message}\n`), stderr);
}

define('interface keys', (test) => {
  test('neigh: permanent entries of both families, as text, array and object', async () => {
    const host = hostOf('tap0');
    const entries = ['192.168.0.9|12:34:56:78:9a:01', 'fd13::9|12:34:56:78:9a:02'];
    const members = Object.fromEntries(entries.map((entry) => entry.split('|')));
    for (const neigh of [entries, entries.join(';'), members]) {
      const config = { interfaces: [{ type: 'tap', param: 'tap0', neigh }] };
      const found = await inside<{ dst: string; lladdr: string; state: string[] }[]>(host, config, 'ip', '-j', 'neigh');
      const texts = found
        .filter(({ state }) => state.includes('PERMANENT'))
        .map(({ dst, lladdr }) => `${dst}|${lladdr}`);
      assert.equal(texts.sort(), entries);
    }
    host.remove();
  });

  test('qdisc: below the root, below a class of another, and clsact', async () => {
    const host = hostOf('tap0');
    const config = (qdisc: unknown): unknown => ({ interfaces: [{ type: 'tap', param: 'tap0', qdisc }] });
    const kinds = async (qdisc: unknown): Promise<string[]> => {
      const found = await inside<{ kind: string; dev: string }[]>(host, config(qdisc), 'tc', '-j', 'qdisc');
      return found.filter(({ dev }) => dev === 'eth0').map(({ kind }) => kind);
    };
    assert.equal(await kinds('root|fq'), ['fq']);
    assert.equal(await kinds(['root|cake', 'clsact|clsact']), ['cake', 'clsact']);
    assert.equal(await kinds('root|fq_codel;ingress|ingress'), ['fq_codel', 'ingress']);
    assert.equal(await kinds({ root: 'fq_pie', clsact: 'clsact' }), ['fq_pie', 'clsact']);
    await refused(
      host,
      config('root|none_such'),
      'interfaces[0].qdisc: "root|none_such": No such file or directory; the kernel knows no such value here: correct it',
    );
    host.remove();
  });

  test('mtu and mac', async () => {
    const host = hostOf('tap0');
    const config = { interfaces: [{ type: 'tap', param: 'tap0', mtu: 9000, mac: '02:00:00:00:00:07' }] };
    const [, eth0] = await inside<Link[]>(host, config, 'ip', '-j', 'addr');
    assert.is(eth0?.mtu, 9000);
    assert.is(eth0?.address, '02:00:00:00:00:07');
    host.remove();
  });

  test('offload: the driver has what is asked for, and the best by default', async () => {
    const host = hostOf('tap0');
    const features = async (offload?: string): Promise<Map<string, boolean>> => {
      const config = { interfaces: [{ type: 'tap', param: 'tap0', ...(offload === undefined ? {} : { offload }) }] };
      const { stdout, stderr } = await hijack(['ethtool', '-k', 'eth0'], { config, netns: host });
      assert.match(stdout, 'tcp-segmentation-offload', stderr);
      return new Map(stdout.split('\n').map((line) => [line.split(':')[0]?.trim() ?? '', / on/.test(line)]));
    };
    const cases = [
      [undefined, true, true, true],
      ['0', false, false, false],
      ['0x8001', true, false, false],
      ['0x8801', true, true, false],
      ['0x9801', true, true, true],
      ['0xc803', true, true, false],
    ] as const;
    for (const [mask, checksum, tso4, tso6] of cases) {
      const found = await features(mask);
      assert.equal(
        [found.get('tx-checksum-ip-generic'), found.get('tx-tcp-segmentation'), found.get('tx-tcp6-segmentation')],
        [checksum, tso4, tso6],
        mask,
      );
    }
    host.remove();
  });

  test('delay_main auto: no address is tentative any more', async () => {
    const host = hostOf('tap0');
    const tentative = (config: object): Promise<boolean> =>
      inside(host, { ...config, interfaces: [{ type: 'tap', param: 'tap0' }] }, 'python3', '-c', TENTATIVE);
    // As long as half a minute, so that a slow machine sees it.
    assert.is(await tentative({ sysctl: 'net.ipv6.conf.eth0.dad_transmits=30' }), true);
    assert.is(await tentative({ delay_main: 'auto' }), false);
    host.remove();
  });

  test('debug tells of offloads that have no use', async () => {
    const host = hostOf('tap0');
    const config = { debug: '1', interfaces: [{ type: 'tap', param: 'tap0', offload: '0xc803' }] };
    const { stderr } = await hijack(['true'], { config, netns: host });
    assert.match(stderr, 'interfaces[0].offload: bits 10 and 14 (UFO) are taken, but Linux sends no such packets');
    host.remove();
  });

  test('four hundred interfaces, in their order; the last, which share interrupts, carry packets', async () => {
    const taps = ['tap0', 'tap1'];
    const host = hostOf(...taps);
    const interfaces = Array.from({ length: 400 }, (_, number) => ({
      ...(number < 398 ? { type: 'loop' } : { type: 'tap', param: taps[number - 398] }),
      ip: `10.${number >> 8}.${number & 0xff}.2`,
      masklen: 24,
    }));
    for (const number of [398, 399]) {
      host.ip('addr', 'add', `10.1.${number & 0xff}.1/24`, 'dev', `tap${number - 398}`);
    }
    const links = await inside<Link[]>(host, { interfaces }, 'ip', '-j', '-4', 'addr');
    assert.equal(
      links.slice(1).map(({ ifname, addr_info }) => [ifname, addr_info[0]?.local]),
      interfaces.map(({ ip }, number) => [`eth${number}`, ip]),
    );
    const ping = (address: string): string => `ping -c 3 -i 0.01 -W 10 -q ${address}`;
    const { stdout, stderr } = await hijack(['sh', '-c', `exec ${ping('10.1.142.1')}`], {
      config: { interfaces },
      netns: host,
    });
    assert.match(stdout, ' 0% packet loss', stderr);
    host.remove();
  });

  test('variables describe the first interface, the older LKL_HIJACK_NET_TAP too', async () => {
    const host = hostOf('tap7');
    const [one] = SAMPLE.interfaces;
    const common = {
      LKL_HIJACK_NET_IP: one.ip,
      LKL_HIJACK_NET_NETMASK_LEN: one.masklen,
      LKL_HIJACK_NET_IFGATEWAY: one.ifgateway,
      LKL_HIJACK_NET_IPV6: one.ipv6,
      LKL_HIJACK_NET_NETMASK6_LEN: one.masklen6,
      LKL_HIJACK_NET_IFGATEWAY6: one.ifgateway6,
      LKL_HIJACK_NET_NEIGHBOR: '192.168.0.9|12:34:56:78:9a:01',
      LKL_HIJACK_NET_QDISC: 'root|fq',
      LKL_HIJACK_NET_GATEWAY: '192.168.0.1',
    };
    for (const env of [
      { LKL_HIJACK_NET_TAP: 'tap7', ...common },
      { LKL_HIJACK_NET_IFTYPE: 'tap', LKL_HIJACK_NET_IFPARAMS: 'tap7', ...common },
    ]) {
      const run = async (...command: string[]): Promise<string> => {
        const { exitCode, stdout, stderr } = await hijack(command, { env, netns: host });
        assert.is(exitCode, 0, stderr);
        return stdout;
      };
      assert.match(await run('ip', 'rule'), /from 192\.168\.0\.2 lookup 4 *$/m);
      assert.match(await run('ip', '-6', 'rule'), /from 2001:db8:0:f101::2 lookup 5 *$/m);
      assert.match(await run('ip', 'route'), /^default via 192\.168\.0\.1 dev eth0/);
      assert.match(await run('ip', 'neigh'), '192.168.0.9 dev eth0 lladdr 12:34:56:78:9a:01 PERMANENT');
      assert.match(await run('tc', 'qdisc', 'show', 'dev', 'eth0'), 'qdisc fq ');
    }
    host.remove();
  });

  test('what the kernel refuses is told with key, value, reason and remedy', async () => {
    const host = hostOf('tap0');
    const one = (members: object): unknown => ({
      interfaces: [{ type: 'tap', param: 'tap0', ip: '192.168.0.2', masklen: '24', ...members }],
    });
    const outside =
      "Network is unreachable; no interface has a subnet that holds it: correct it, or an interface's ip and masklen";
    await refused(host, one({ ifgateway: '10.0.0.1' }), `interfaces[0].ifgateway: "10.0.0.1": ${outside}`);
    host.remove();
  });
});
