// SPDX-License-Identifier: GPL-2.0-or-later
/** wg, and tunnels of WireGuard between two programs, each with a kernel of its own: configured, used, and abused. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { define, skip } from '../../support/define.ts';
import { ROOT } from '../../support/discover.ts';
import { hijack, startHijacked, temporaryDirectory } from '../../support/hijack.ts';
import { type Host, noHosts } from '../../support/namespace.ts';
import { accepting, onHost, startOnHost } from '../../support/tap.ts';
import {
  client,
  clientTunnel,
  overTap,
  PORT,
  type Section,
  server,
  serverTunnel,
  tunnelHost,
  wgKey,
  writeTunnel,
} from '../../support/tunnel.ts';
import { waitFor } from '../../support/wait.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

const FIXTURE = path.join(ROOT, 'test/support/tunnel.py');
const DNS_SERVER = path.join(ROOT, 'test/support/dns_server.py');

const directory = temporaryDirectory();
const www = path.join(directory, 'www');
const data = randomBytes(8 << 20);
mkdirSync(www);
writeFileSync(path.join(www, 'data'), data);

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A web server behind the tunnel, on the server's tap. */
async function serve(host: Host, tunnel = serverTunnel()): Promise<void> {
  startHijacked(['python3', '-m', 'http.server', '8000', '--bind', '::', '--directory', www], {
    config: overTap(server, tunnel),
    netns: host,
  });
  await accepting(host, server.outside[0], 8000);
}

/** Runs a program on the client's tap. */
function onClient(host: Host, tunnel: string, command: readonly string[], members: object = {}, keys: object = {}) {
  return hijack(command, { config: overTap(client, tunnel, members, keys), netns: host });
}

/** Fetches the data from an address, and compares it. */
async function fetchAll(host: Host, tunnel: string, address: string, ...options: string[]): Promise<void> {
  const file = path.join(directory, 'fetched');
  const url = `http://${address.includes(':') ? `[${address}]` : address}:8000/data`;
  const curl = await onClient(host, tunnel, ['curl', '-sSg', '-m', '50', '-o', file, ...options, url]);
  assert.is(curl.exitCode, 0, curl.stderr);
  assert.is(sha256(readFileSync(file)), sha256(data));
}

/** What is on the wire of a tap until stop() is called: lines of tcpdump for a filter. */
async function capture(host: Host, tap: string) {
  const file = path.join(directory, `${tap}.pcap`);
  const [program = '', ...args] = [
    ...host.prefix,
    'tcpdump',
    '--immediate-mode',
    '-s',
    '200',
    '-i',
    tap,
    '-U',
    '-Z',
    'root',
    '-w',
    file,
  ];
  const tcpdump = execa(program, args, { reject: false });
  await new Promise<void>((resolve) => {
    tcpdump.stderr.on('data', (text: Buffer) => text.includes('listening on') && resolve());
  });
  return async (filter: string): Promise<string[]> => {
    tcpdump.kill('SIGINT');
    await tcpdump;
    return (await onHost(host, 'tcpdump', '-nn', '-r', file, filter)).split('\n').filter(Boolean);
  };
}

/** What is neither the tunnel nor the finding of neighbours and of listeners to groups. */
const LEAKED = `not (udp port ${PORT}) and not arp and not icmp6 and not dst net ff02::/16`;

/** A host with both ends, for the time of a test. */
async function withHost(run: (host: Host) => Promise<void>): Promise<void> {
  const host = tunnelHost();
  try {
    await run(host);
  } finally {
    host.remove();
  }
}

define('tunnels of WireGuard', (test) => {
  for (const [outer, number] of [
    ['IPv4', 0],
    ['IPv6', 1],
  ] as const) {
    test(`over ${outer}, both families inside, and nothing else on the wire`, () =>
      withHost(async (host) => {
        const address = server.outside[number];
        const tunnel = clientTunnel({}, { Endpoint: `${number === 1 ? `[${address}]` : address}:${PORT}` });
        await serve(host);
        const stop = await capture(host, client.tap);
        await fetchAll(host, tunnel, server.inside[0]);
        await fetchAll(host, tunnel, server.inside[1]);
        assert.equal(await stop(LEAKED), []);
        assert.ok((await stop(`udp port ${PORT}`)).length > 1000);
      }));
  }

  test('with a preshared key', () =>
    withHost(async (host) => {
      const PresharedKey = wgKey('genpsk');
      await serve(host, serverTunnel({}, { PresharedKey }));
      await fetchAll(host, clientTunnel({}, { PresharedKey }), server.inside[0]);
    }));

  test('with a datagram of a program that ends at once', () =>
    withHost(async (host) => {
      const hear = startHijacked(['python3', FIXTURE, 'hear'], {
        config: overTap(server, serverTunnel()),
        netns: host,
      });
      await new Promise((resolve) => hear.stdout.once('data', resolve));
      const say = await onClient(host, clientTunnel(), ['python3', FIXTURE, 'say', server.inside[0], 'hello']);
      assert.is(say.exitCode, 0, say.stderr);
      assert.is((await hear).stdout, 'ready\nhello\n');
    }));

  // The server finds out by the first message whose key is wrong; by the second, the client that there is one more.
  for (const [name, ofPeer, answer] of [
    ['a public key that is not the server', { PublicKey: wgKey('pubkey', wgKey('genkey')) }, undefined],
    ['a preshared key that the server has not', { PresharedKey: wgKey('genpsk') }, 'length 92'],
  ] as const) {
    test(`with ${name}: no answer, and nothing leaks`, () =>
      withHost(async (host) => {
        await serve(host);
        const stop = await capture(host, client.tap);
        const curl = await onClient(host, clientTunnel({}, ofPeer), [
          ...['curl', '-sS', '-m', '2', `http://${server.inside[0]}:8000/data`],
        ]);
        assert.is(curl.exitCode, 28, curl.stderr);
        assert.match(curl.stderr, /timed out/);
        assert.equal(await stop(LEAKED), []);
        // Initiations alone: 148 bytes each.
        const sent = await stop(`udp dst port ${PORT}`);
        assert.ok(sent.length > 0 && sent.every((line) => line.includes('length 148')), sent.join('\n'));
        const answers = await stop(`udp src port ${PORT}`);
        assert.ok(answer === undefined ? answers.length === 0 : answers.every((line) => line.includes(answer)));
      }));
  }

  test('go on when an end gets another address', () =>
    withHost(async (host) => {
      startHijacked(['python3', FIXTURE, 'serve'], { config: overTap(server, serverTunnel()), netns: host });
      await accepting(host, server.outside[0], 7000);
      const roam = await onClient(
        host,
        clientTunnel({ ListenPort: 4711 }),
        ['python3', FIXTURE, 'roam', server.inside[1], client.outside[0], '192.168.14.77'],
        { sysctl: 'net.ipv4.conf.all.promote_secondaries=1' },
      );
      assert.is(roam.exitCode, 0, roam.stderr);
      const answers: { endpoint: string; handshake: boolean; rx: number; tx: number }[] = JSON.parse(roam.stdout);
      assert.equal(
        answers.map(({ endpoint }) => endpoint),
        [`${client.outside[0]} 4711`, '192.168.14.77 4711', '192.168.14.77 4711'],
      );
      assert.ok(answers.every(({ handshake, rx, tx }) => handshake && rx > 0 && tx > 0));
    }));

  test('look for their endpoint over the other interfaces, and for the rest through themselves', () =>
    withHost(async (host) => {
      // The name server of the underlay knows the server; that behind the tunnel is the server itself.
      startOnHost(host, 'python3', DNS_SERVER, client.router[0]);
      await waitFor('the name server', async () => (await onHost(host, 'ss', '-ltnH')).includes(':53 '));
      startHijacked(['python3', DNS_SERVER, server.inside[0]], {
        config: overTap(server, serverTunnel()),
        netns: host,
      });
      const stop = await capture(host, client.tap);
      const tunnel = clientTunnel(
        { DNS: `${server.inside[0]}, test` },
        { Endpoint: `server.test:${PORT}`, PersistentKeepalive: 1 },
      );
      const getent = await onClient(host, tunnel, ['getent', 'ahostsv4', 'server'], { nameserver: client.router[0] });
      assert.is(getent.exitCode, 0, getent.stderr);
      assert.match(getent.stdout, /^192\.168\.13\.1 /);
      const asked = await stop('udp dst port 53');
      assert.ok(asked.length > 0 && asked.every((line) => line.includes('server.test.')), asked.join('\n'));
      assert.ok(asked.every((line) => line.includes(`> ${client.router[0]}.53`)));
      assert.equal(await stop(`${LEAKED} and not port 53`), []);
      const show = await onClient(host, tunnel, ['cat', '/etc/resolv.conf'], { nameserver: client.router[0] });
      assert.is(show.stdout, `nameserver ${server.inside[0]}\nsearch test\n`);
    }));
});

define('the size of packets', (test) => {
  /** What ip says of wg0 for some keys in the file and in the configuration. */
  async function mtu(ofInterface: Section, keys: object, underlay: object = {}): Promise<number> {
    let mtu = 0;
    await withHost(async (host) => {
      const config = overTap(client, clientTunnel(ofInterface), {}, keys);
      Object.assign(config.interfaces[0] ?? {}, underlay);
      const { stdout, stderr } = await hijack(['ip', '-j', 'link', 'show', 'wg0'], { config, netns: host });
      assert.is(stderr, '');
      mtu = (JSON.parse(stdout) as { mtu: number }[])[0]?.mtu ?? 0;
    });
    return mtu;
  }

  test('is what the way to the endpoint leaves, or what the file or the configuration says', async () => {
    assert.is(await mtu({}, {}), 1420);
    assert.is(await mtu({}, {}, { mtu: '9000' }), 8920);
    assert.is(await mtu({ MTU: 1280 }, {}), 1280);
    assert.is(await mtu({ MTU: 1300 }, { mtu: '1400' }), 1400);
  });

  for (const MTU of [1280, 1420]) {
    test(`${MTU}: what is larger is refused, and transfers have what fits`, () =>
      withHost(async (host) => {
        await serve(host);
        const tunnel = clientTunnel({ MTU });
        const ping = (bytes: number) =>
          onClient(host, tunnel, [
            ...['--private-copy', 'ping', '-c', '1', '-W', '5', '-M', 'do', '-s', String(bytes), server.inside[0]],
          ]);
        // Headers of IPv4 and ICMP are 28 bytes.
        const whole = await ping(MTU - 28);
        assert.is(whole.exitCode, 0, whole.stdout + whole.stderr);
        const larger = await ping(MTU - 27);
        assert.is(larger.exitCode, 1);
        assert.match(larger.stdout + larger.stderr, new RegExp(`message too long, mtu[=:] ?${MTU}`));

        const stop = await capture(host, client.tap);
        await fetchAll(host, tunnel, server.inside[0]);
        await fetchAll(host, tunnel, server.inside[1]);
        // Outside there are no fragments, and the largest packet is 60 bytes longer.
        assert.equal(await stop('ip[6:2] & 0x3fff != 0'), []);
        assert.equal(await stop(`udp and greater ${14 + MTU + 61}`), []);
        assert.ok((await stop(`udp and greater ${14 + MTU + 40}`)).length > 1000);
      }));
  }
});

define('what a tunnel makes of its file', (test) => {
  const DEFAULT_RULES = [
    '0:\tfrom all lookup local',
    '32766:\tfrom all lookup main',
    '32767:\tfrom all lookup default',
  ];

  /** Rules, and routes by wg0, of all tables but the local one. */
  async function routing(ofInterface: Section, AllowedIPs: string, keys: object = {}): Promise<[string[], string[]]> {
    let found: [string[], string[]] = [[], []];
    await withHost(async (host) => {
      const config = overTap(client, clientTunnel(ofInterface, { AllowedIPs }), {}, keys);
      const input = 'rule show\nroute show table all dev wg0\n';
      const ip = await hijack(['ip', '-4', '-batch', '-'], { config, netns: host, input });
      assert.is(ip.exitCode, 0, ip.stderr);
      const lines = ip.stdout.split('\n').map((line) => line.trim());
      found = [
        lines.filter((line) => /^\d+:/.test(line) && !DEFAULT_RULES.includes(line)),
        lines.filter((line) => line !== '' && !/^\d+:|^(local|broadcast) /.test(line)),
      ];
    });
    return found;
  }

  const LINK = '10.7.0.0/24 proto kernel scope link src 10.7.0.2';
  const RULES = [
    '32764:\tfrom all lookup main suppress_prefixlength 0',
    '32765:\tnot from all fwmark 0xca6c lookup 51820',
  ];

  test('routes to what its peers are for, but what its address tells', async () => {
    assert.equal(await routing({}, '10.7.0.1, 10.9.3.4/16,10.9.0.0/16'), [[], [LINK, '10.9.0.0/16 scope link']]);
  });

  test('a default route for what bears no mark', async () => {
    assert.equal(await routing({}, '0.0.0.0/0'), [RULES, ['default table 51820 scope link', LINK]]);
    const [rules, routes] = await routing({ FwMark: '0x7' }, '0.0.0.0/0');
    assert.equal(rules, [RULES[0], '32765:\tnot from all fwmark 0x7 lookup 7']);
    assert.equal(routes, ['default table 7 scope link', LINK]);
  });

  test('routes in a table, or none', async () => {
    assert.equal(await routing({ Table: 'off' }, '0.0.0.0/0, 10.9.0.0/16'), [[], [LINK]]);
    const [rules, routes] = await routing({ Table: 200 }, '0.0.0.0/0, 10.9.0.0/16');
    assert.equal(rules, []);
    assert.equal(routes, ['default table 200 scope link', '10.9.0.0/16 table 200 scope link', LINK]);
  });

  test('addresses beside those of the configuration', async () => {
    const [, routes] = await routing({}, '10.8.0.1/32', { ip: '10.8.0.2', masklen: '24' });
    assert.equal(routes, ['10.8.0.1 scope link', LINK, '10.8.0.0/24 proto kernel scope link src 10.8.0.2'].sort());
  });

  test('two of them, whose names do not move those of other interfaces', () =>
    withHost(async (host) => {
      const config = overTap(client, clientTunnel());
      const second = writeTunnel({ PrivateKey: wgKey('genkey'), Address: '10.8.0.1/32' });
      config.interfaces.unshift({ type: 'wireguard', param: second });
      const all = { ...config, sysctl: 'net.ipv4.conf.wg1.forwarding=1' };
      const { stdout } = await hijack(['ip', '-br', 'addr'], { config: all, netns: host });
      assert.match(stdout, /^eth0 .* 192\.168\.14\.1\/24 /m);
      assert.match(stdout, /^wg0 .* 10\.8\.0\.1\/32 *$/m);
      assert.match(stdout, /^wg1 .* 10\.7\.0\.2\/24 fd07::2\/64 *$/m);
    }));

  for (const [name, file, message] of [
    [
      'a command',
      clientTunnel({ PostUp: 'touch /tmp/x' }),
      /:4: PostUp: lkl-hijack runs no commands; remove the line, or do in the configuration what it is for\n$/,
    ],
    [
      'a route that is there',
      clientTunnel({}, { AllowedIPs: '192.168.14.0/24' }),
      /interfaces\[1\]\.param: "AllowedIPs 192\.168\.14\.0\/24": File exists/,
    ],
    [
      'a name that is not known',
      clientTunnel({}, { Endpoint: 'nowhere.test:1' }),
      /:8: Endpoint: the address of "nowhere\.test" is not known: .*"nameserver"\n$/,
    ],
  ] as const) {
    test(`nothing runs with ${name}`, () =>
      withHost(async (host) => {
        const { stdout, stderr, exitCode } = await onClient(host, file, ['echo', 'main'], { nameserver: '127.0.0.1' });
        assert.is(exitCode, 125);
        assert.is(stdout, '');
        assert.match(stderr, message);
      }));
  }
});

define('wg', (test) => {
  const PresharedKey = wgKey('genpsk');
  const shown = clientTunnel({ ListenPort: 4711 }, { PresharedKey, PersistentKeepalive: 25 });

  test('show', () =>
    withHost(async (host) => {
      const show = await onClient(host, shown, ['wg', 'show']);
      assert.is(show.exitCode, 0, show.stderr);
      assert.match(show.stdout, `interface: wg0\n  public key: ${client.public}\n  private key: (hidden)\n`);
      assert.match(show.stdout, '  listening port: 4711\n  fwmark: 0xca6c\n');
      assert.match(show.stdout, `peer: ${server.public}\n  preshared key: (hidden)\n  endpoint: 192.168.13.1:51820\n`);
      assert.match(show.stdout, '  allowed ips: 0.0.0.0/0, ::/0\n');
      assert.match(show.stdout, '  persistent keepalive: every 25 seconds\n');
      const interfaces = await onClient(host, shown, ['wg', 'show', 'interfaces']);
      assert.is(interfaces.stdout, 'wg0\n');
    }));

  test('show dump, showconf', () =>
    withHost(async (host) => {
      const dump = await onClient(host, shown, ['wg', 'show', 'wg0', 'dump']);
      const [own, peer] = dump.stdout.split('\n').map((line) => line.split('\t'));
      assert.equal(own, [client.private, client.public, '4711', '0xca6c']);
      assert.equal(peer?.slice(0, 4), [server.public, PresharedKey, '192.168.13.1:51820', '0.0.0.0/0,::/0']);
      assert.is(peer?.[7], '25');
      const conf = await onClient(host, shown, ['wg', 'showconf', 'wg0']);
      assert.match(conf.stdout, `PrivateKey = ${client.private}\n`);
      // What it prints is a file for the configuration.
      const again = path.join(directory, 'again.conf');
      writeFileSync(again, conf.stdout);
      const repeated = await onClient(host, again, ['wg', 'showconf', 'wg0']);
      assert.is(repeated.stdout, conf.stdout);
    }));

  // A peer that is set so is called at once: what leaves shows that the kernel has it.
  const peer = { Endpoint: `${client.router[0]}:5555`, PersistentKeepalive: 1, AllowedIPs: '10.9.0.0/16' };
  const conf = writeTunnel({ PrivateKey: client.private, ListenPort: 4444 }, { PublicKey: server.public, ...peer });
  const stub = writeTunnel({ PrivateKey: client.private });
  for (const command of [
    [
      'set',
      'wg0',
      'listen-port',
      '4444',
      'peer',
      server.public,
      'endpoint',
      peer.Endpoint,
      'persistent-keepalive',
      '1',
    ],
    ['setconf', 'wg0', conf],
    ['addconf', 'wg0', conf],
    ['syncconf', 'wg0', conf],
  ]) {
    test(`${command[0]}`, () =>
      withHost(async (host) => {
        // wg may be at its end before the kernel's worker comes to it: then once more.
        await waitFor('a call to the peer', async () => {
          const stop = await capture(host, client.tap);
          const wg = await onClient(host, stub, ['wg', ...command]);
          assert.is(wg.stderr, '');
          assert.is(wg.exitCode, 0);
          const sent = await stop('udp src port 4444 and dst port 5555');
          return sent.some((line) => line.includes('length 148'));
        });
      }));
  }

  test('set, of what is not there', () =>
    withHost(async (host) => {
      for (const [args, message] of [
        [['set', 'wg7', 'listen-port', '1'], 'Unable to modify interface: No such device\n'],
        [['set', 'eth0', 'listen-port', '1'], 'Unable to modify interface: Operation not supported\n'],
        [['show', 'wg7'], 'Unable to access interface: No such device\n'],
        [['set', 'wg0', 'peer', 'x'], "Key is not the correct length or format: `x'\n"],
      ] as const) {
        const wg = await onClient(host, stub, ['wg', ...args]);
        assert.is(wg.exitCode, 1);
        assert.is(wg.stderr, message);
      }
      const removed = await onClient(host, shown, ['wg', 'set', 'wg0', 'peer', server.public, 'remove']);
      assert.is(removed.exitCode, 0, removed.stderr);
    }));

  test('its requests in one process, one after the other', () =>
    withHost(async (host) => {
      const manage = await onClient(host, shown, ['python3', FIXTURE, 'manage']);
      assert.is(manage.exitCode, 0, manage.stderr);
      const none = { endpoint: null, handshake: false, rx: 0, tx: 0, keepalive: 9 };
      assert.equal(JSON.parse(manage.stdout), [
        { ...none, allowed: ['10.9.0.0/16', 'fd09::/64'] },
        { ...none, allowed: ['10.10.0.0/16'] },
        { ...none, allowed: ['10.10.0.0/16'], endpoint: '192.0.2.9 9' },
        null,
        22,
      ]);
    }));
});
