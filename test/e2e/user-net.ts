// SPDX-License-Identifier: GPL-2.0-or-later
/** `--net user` and `-p`: an ordinary user reaches servers on a host, and is reached, without any set-up. */
import { chmodSync, chownSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { define, skip } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { LIBRARY, temporaryDirectory } from '../support/hijack.ts';
import { install } from '../support/installation.ts';
import { type Host, makeHost, noHosts } from '../support/namespace.ts';
import { makeSite } from '../support/nginx.ts';
import { listening, onHost, setSysctl, startOnHost } from '../support/tap.ts';
import { waitFor } from '../support/wait.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

const NOBODY = 65534;
const HOST_FAMILIES = ['192.168.13.1', 'fd13::1'] as const;
const DNS_SERVER = path.join(ROOT, 'test/support/dns_server.py');

// The checkout may be where nobody else can look.
const directory = temporaryDirectory();
chmodSync(directory, 0o755);
const launcher = install('user-net');
const library = path.join(directory, 'liblkl-hijack.so');
copyFileSync(LIBRARY, library);
const cache = path.join(directory, 'cache');
mkdirSync(cache);
chownSync(cache, NOBODY, NOBODY);

const ECHO = `
import socket, sys
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind(('::', int(sys.argv[1])))
print('listening', flush=True)
while True:
    data, peer = s.recvfrom(65536)
    s.sendto(data.upper(), peer)
`;
const ASK = `
import socket, sys
address, port, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
s = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(10)
s.sendto(b'x' * size, (address, port))
print(s.recv(65536) == b'X' * size)
`;

/** Many datagrams at once, of one size and of several; after an empty one, the sum of all comes back. */
const COLLECT = `
import hashlib, socket, sys
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind(('::', int(sys.argv[1])))
sum = hashlib.sha256()
while True:
    data, peer = s.recvfrom(65536)
    sum.update(b'%d ' % len(data) + data)
    if not data:
        s.sendto(sum.digest(), peer)
        sum = hashlib.sha256()
`;
const SEND_MANY = `
import hashlib, socket, sys
s = socket.socket(socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(10)
s.connect((sys.argv[1], int(sys.argv[2])))
for turn in range(40):
    sum = hashlib.sha256()
    for i in range(51):
        size = 0 if i == 50 else 1000 if turn < 20 else (turn * 7 + i * i) % 1400 + 1
        data = bytes([i]) * size
        s.send(data)
        sum.update(b'%d ' % size + data)
    assert s.recv(100) == sum.digest(), turn
print('all')
`;

/** The other way: many for each that asks for them. */
const GIVE_MANY = `
import socket, sys
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.bind(('::', int(sys.argv[1])))
while True:
    data, peer = s.recvfrom(100)
    turn = int(data)
    for i in range(40):
        s.sendto(bytes([i]) * (1000 if turn < 10 else (turn * 7 + i * i) % 4000), peer)
`;
const TAKE_MANY = `
import socket, sys
s = socket.socket(socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(10)
s.connect((sys.argv[1], int(sys.argv[2])))
for turn in range(30):
    s.send(b'%d' % turn)
    for i in range(40):
        size = 1000 if turn < 10 else (turn * 7 + i * i) % 4000
        assert s.recv(65536) == bytes([i]) * size, (turn, i)
print('all')
`;

/** Ends each connection first, after the number of bytes that came by the one before, and reads all that comes then. */
const ENDS_FIRST = `
import socket, sys
s = socket.socket(socket.AF_INET6)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
s.bind(('::', int(sys.argv[1])))
s.listen()
total = 0
while True:
    c, _ = s.accept()
    c.sendall(b'%d' % total)
    c.shutdown(socket.SHUT_WR)
    total = 0
    while data := c.recv(1000):
        total += len(data)
    c.close()
`;
const ENDS_SECOND = `
import socket, sys
sent = 0
for n in [1] * 300 + [3_000_000, 1]:
    with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as c:
        arrived = int(c.recv(100))
        assert arrived == sent, (arrived, sent)
        assert c.recv(100) == b''
        c.sendall(b'x' * n)
        sent = n
print('all')
`;

/** Connects again and again until a server inside answers; a connection that nobody ends or answers is an error. */
const CONNECT_EARLY = `
import socket, sys, time
family = socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET
refused = 0
while True:
    with socket.socket(family) as s:
        # passt gives up after ten seconds.
        s.settimeout(9)
        try:
            s.connect((sys.argv[1], int(sys.argv[2])))
            s.sendall(b'x')
            if s.recv(1) == b'X':
                break
        except TimeoutError:
            raise
        except OSError:
            pass
    refused += 1
    if refused == 1:
        print('not yet', flush=True)
    time.sleep(0.001)
print('served')
`;
const ANSWER = `
import socket
s = socket.socket(socket.AF_INET6)
s.bind(('::', 80))
s.listen(100)
print('listening', flush=True)
while True:
    c, _ = s.accept()
    with c:
        try:
            c.sendall(c.recv(1).upper())
        except OSError:
            pass
`;

const made: string[] = [];
process.once('exit', () => {
  for (const files of made) {
    rmSync(files, { recursive: true, force: true });
  }
});

/** A host with a way out, a name server, and the right for its users to send pings. */
async function userHost(): Promise<Host> {
  const host = makeHost({ tap: 'tap0', addresses: ['192.168.13.1/24', 'fd13::1/64'] });
  setSysctl(host, 'net.ipv4.ping_group_range=0 2147483647');
  // passt wants a link-local address, which a tap that nobody holds does not get by itself.
  host.ip('addr', 'add', 'fe80::1/64', 'dev', 'tap0', 'nodad');
  host.ip('route', 'add', 'default', 'via', '192.168.13.254');
  host.ip('route', 'add', 'default', 'via', 'fd13::fe');
  startOnHost(host, '/usr/bin/python3', DNS_SERVER, ...HOST_FAMILIES);
  await listening(host, 53);
  // ip-netns(8) puts the files in there over those in /etc.
  const files = path.join('/etc/netns', host.name);
  mkdirSync(files, { recursive: true });
  made.push(files);
  writeFileSync(path.join(files, 'resolv.conf'), 'nameserver 192.168.13.1\n');
  return host;
}

/** Starts lkl-hijack as an ordinary user of the host; files in `hidden` are not there for it. */
function start(host: Host, args: readonly string[], hidden: readonly string[] = []) {
  const hide = hidden.map((file) => `mount --bind /dev/null ${file} && `).join('');
  const [program = '', ...rest] = [
    ...host.prefix,
    ...['unshare', '-m', 'sh', '-c', `${hide}exec "$@"`, 'sh'],
    ...['setpriv', '--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups', '--inh-caps', '-all'],
    launcher,
    ...args,
  ];
  return execa(program, rest, {
    reject: false,
    stdin: 'ignore',
    cwd: '/',
    // A Python that does not buffer writes a line and its end by two calls, and others in between.
    env: { LKL_HIJACK_LIBRARY: library, XDG_CACHE_HOME: cache, PYTHONUNBUFFERED: '' },
    timeout: 60_000,
  });
}

async function run(host: Host, ...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await start(host, args);
  assert.is(exitCode, 0, stderr);
  return stdout;
}

/** Runs a server as an ordinary user until `body`, which talks to it from the host, is done. */
async function serving(host: Host, args: readonly string[], body: () => Promise<void>): Promise<void> {
  const server = start(host, args);
  try {
    await Promise.race([
      server.then(({ stderr }) => assert.unreachable(`it has ended: ${stderr}`)),
      new Promise((resolve) => server.stdout?.once('data', resolve)),
    ]);
    await body();
  } finally {
    server.kill('SIGKILL');
    await server;
  }
}

const PYTHON = '/usr/bin/python3';
const HTTP = `
import http.server, socket
class Server(http.server.HTTPServer):
    address_family = socket.AF_INET6
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'from inside')
server = Server(('::', 80), Handler)
print('listening', flush=True)
server.serve_forever()
`;

define('networking of an ordinary user', (test) => {
  // passt of Debian 12 loses data by IPv6 and under load: docs/backends.md.
  for (const [net, families] of [
    ['user', HOST_FAMILIES],
    ['passt', HOST_FAMILIES.slice(0, 1)],
  ] as const) {
    test(`--net ${net}: addresses, routes and name servers are there`, async () => {
      const host = await userHost();
      const look = 'ip -br addr show eth0; ip route; ip -6 route; cat /etc/resolv.conf';
      const seen = await run(host, '--net', net, 'sh', '-c', look);
      assert.match(seen, /UP +10\.0\.2\.15\/24 fec0::15\/64 /);
      assert.match(seen, 'default via 10.0.2.2 dev eth0');
      assert.match(seen, 'default via fec0::2 dev eth0');
      assert.match(seen, /nameserver 10\.0\.2\.3\nnameserver fec0::3$/);
      host.remove();
    });

    test(`--net ${net}: out by TCP, UDP and ICMP, to addresses and names`, async () => {
      const host = await userHost();
      const site = makeSite(path.join(directory, `site-${net}`));
      writeFileSync(path.join(site.root, 'index.html'), 'the index');
      startOnHost(host, ...site.command);
      startOnHost(host, PYTHON, '-c', ECHO, '7');
      await listening(host, 80);
      await listening(host, 7);
      assert.is(await run(host, '--net', net, 'curl', '-sS', 'http://server.test/'), 'the index');
      for (const address of families) {
        const url = `http://${address.includes(':') ? `[${address}]` : address}/`;
        assert.is(await run(host, '--net', net, 'curl', '-sS', url), 'the index');
        for (const size of ['100', '1400']) {
          assert.is(await run(host, '--net', net, PYTHON, '-c', ASK, address, '7', size), 'True');
        }
      }
      // Debian's ping has a file capability.
      const ping = await run(host, '--net', net, '--private-copy', 'ping', '-c', '2', '-i', '0.2', '-4', 'server.test');
      assert.match(ping, '2 packets transmitted, 2 received, 0% packet loss');
      host.remove();
    });

    test(`--net ${net} -p: a port of the host is one of the program`, async () => {
      const host = await userHost();
      const ports = ['-p', '8080:80', '--publish', '127.0.0.1:8081-8082:80-81', '-p', '[fd13::1]:8083:80/tcp'];
      await serving(host, ['--net', net, ...ports, PYTHON, '-c', HTTP], async () => {
        const get = (address: string) => onHost(host, 'curl', '-sS', '-m', '10', '-g', `http://${address}/`);
        const third = families.map((address) => (address.includes(':') ? '[fd13::1]:8083' : '127.0.0.1:8081'));
        for (const address of ['127.0.0.1:8080', '192.168.13.1:8080', ...third]) {
          assert.is(await get(address), 'from inside', address);
        }
        for (const address of ['192.168.13.1:8081', '127.0.0.1:8083']) {
          const refused = await get(address).catch(String);
          assert.match(refused, /refused|connect to server/, address);
        }
      });
      await serving(host, ['--net', net, '-p', '127.0.0.1:5000:7/udp', PYTHON, '-c', ECHO, '7'], async () => {
        assert.is(await onHost(host, PYTHON, '-c', ASK, '127.0.0.1', '5000', '1000'), 'True');
      });
      host.remove();
    });

    test(`--net ${net} -p: who connects while the program starts is answered`, async () => {
      const host = await userHost();
      // slirp answers for no other network.
      const subnet = net === 'passt' ? '10.9.9' : '10.0.2';
      const keys = [`interfaces.0.ip=${subnet}.99`, 'interfaces.0.masklen=24', `gateway=${subnet}.2`];
      const own = keys.flatMap((key) => ['--set', key]);
      const ways = [...HOST_FAMILIES.map((address) => [address] as const), ['127.0.0.1', ...own] as const];
      for (const [address, ...options] of ways) {
        const [program = '', ...args] = [...host.prefix, PYTHON, '-c', CONNECT_EARLY, address, '8080'];
        const client = execa(program, args);
        await new Promise((resolve) => client.stdout.once('data', resolve));
        await serving(host, ['--net', net, '-p', '8080:80', ...options, PYTHON, '-c', ANSWER], async () => {
          assert.match((await client).stdout, /served$/, address);
        });
        await waitFor('port 8080 to be free', async () => !(await onHost(host, 'ss', '-ltnH')).includes(':8080 '));
      }
      host.remove();
    });

    test(`--net ${net} -p: a port that cannot be had is refused`, async () => {
      const host = await userHost();
      startOnHost(host, PYTHON, '-m', 'http.server', '--bind', '127.0.0.1', '8080');
      await listening(host, 8080);
      const low = await start(host, ['--net', net, '-p', '80:80', 'true']);
      assert.is(low.exitCode, 125);
      assert.match(low.stderr, /80.* CAP_NET_BIND_SERVICE/);
      const taken = await start(host, ['--net', net, '-p', '127.0.0.1:8080:80', 'true']);
      assert.is(taken.exitCode, 125);
      assert.match(
        taken.stderr,
        net === 'user' ? 'port 8080 of 127.0.0.1 cannot be published: another program' : "another program's",
      );
      host.remove();
    });
  }

  test('slirp: a connection that its server has ended first keeps no descriptor, and loses nothing', async () => {
    const host = await userHost();
    const few = 'ulimit -n 200; exec "$@"';
    for (const [i, address] of HOST_FAMILIES.entries()) {
      const port = 9 + i;
      startOnHost(host, PYTHON, '-c', ENDS_FIRST, String(port));
      await listening(host, port);
      const client = [PYTHON, '-c', ENDS_SECOND, address, String(port)];
      assert.is(await run(host, '--net', 'slirp', 'sh', '-c', few, 'sh', ...client), 'all');
    }
    host.remove();
  });

  test('slirp: a published port of UDP answers localhost after others, too', async () => {
    const host = await userHost();
    await serving(host, ['--net', 'slirp', '-p', '5000:7/udp', PYTHON, '-c', ECHO, '7'], async () => {
      for (const address of ['127.0.0.1', '192.168.13.1', '127.0.0.1', '::1', 'fd13::1', '::1']) {
        for (const size of ['1', '1000', '9000']) {
          assert.is(await onHost(host, PYTHON, '-c', ASK, address, '5000', size), 'True');
        }
      }
    });
    host.remove();
  });

  test('slirp: datagrams in a row arrive whole and in order', async () => {
    const host = await userHost();
    startOnHost(host, PYTHON, '-c', COLLECT, '9');
    await listening(host, 9);
    for (const address of HOST_FAMILIES) {
      assert.is(await run(host, '--net', 'slirp', PYTHON, '-c', SEND_MANY, address, '9'), 'all');
    }
    startOnHost(host, PYTHON, '-c', GIVE_MANY, '10');
    await listening(host, 10);
    for (const address of [...HOST_FAMILIES, '10.0.2.2', 'fec0::2']) {
      assert.is(await run(host, '--net', 'slirp', PYTHON, '-c', TAKE_MANY, address, '10'), 'all');
    }
    host.remove();
  });

  test('slirp: a ping by IPv6 is told that it goes nowhere, but to the gateway', async () => {
    const host = await userHost();
    const ping = (address: string, size: string) =>
      start(host, ['--net', 'slirp', '--private-copy', 'ping', '-6', '-c', '1', '-w', '20', '-s', size, address]);
    for (const size of ['56', '1401', '3000']) {
      const { stdout, exitCode } = await ping('fd13::1', size);
      assert.match(stdout, /From fec0::2.* Administratively prohibited/, size);
      assert.is(exitCode, 1);
    }
    assert.match((await ping('fec0::2', '56')).stdout, ' 0% packet loss');
    host.remove();
  });

  test('the gateway is the host itself, its loopback too', async () => {
    const host = await userHost();
    startOnHost(host, PYTHON, '-m', 'http.server', '--bind', '127.0.0.1', '8000');
    await listening(host, 8000);
    assert.match(await run(host, '--net', 'user', 'curl', '-sS', 'http://10.0.2.2:8000/'), 'Directory listing');
    host.remove();
  });

  test('keys go over what --net brings', async () => {
    const host = await userHost();
    const set = ['--set', 'interfaces.0.mtu=1400', '--set', 'nameserver=192.168.13.1'];
    assert.match(await run(host, '--net', 'user', ...set, 'ip', 'link', 'show', 'eth0'), ' mtu 1400 ');
    const addresses = await run(
      host,
      '--net',
      'user',
      ...set,
      PYTHON,
      '-c',
      "import socket; print(socket.gethostbyname('server.test'))",
    );
    assert.is(addresses, '192.168.13.1');
    host.remove();
  });

  test('without the launcher: the variable LKL_HIJACK_NET_IFTYPE', async () => {
    const host = await userHost();
    const [program = '', ...rest] = [...host.prefix, 'setpriv', '--reuid', String(NOBODY), '--clear-groups'];
    const preload = ['env', `LD_PRELOAD=${library}`, 'LKL_HIJACK_NET_IFTYPE=slirp'];
    const { stdout } = await execa(program, [...rest, ...preload, 'ip', '-br', 'addr', 'show', 'eth0'], { cwd: '/' });
    assert.match(stdout, /10\.0\.2\.15\/24 fec0::15\/64/);
    host.remove();
  });

  test('passt is used where libslirp is not installed; without both, the message names the package', async () => {
    const host = await userHost();
    const slirp = '/usr/lib/x86_64-linux-gnu/libslirp.so.0';
    const link = await start(host, ['--net', 'user', 'ip', 'link', 'show', 'eth0'], [slirp]);
    // slirp's is 65520.
    assert.match(link.stdout, ' mtu 1500 ', link.stderr);
    const none = await start(host, ['--net', 'user', 'true'], [slirp, '/usr/bin/passt']);
    assert.is(none.exitCode, 125);
    assert.match(none.stderr, /neither libslirp nor passt is installed.*apt install libslirp0/);
    host.remove();
  });

  test('programs that the program starts have networks of their own', async () => {
    const host = await userHost();
    startOnHost(host, PYTHON, '-c', ECHO, '7');
    await listening(host, 7);
    const twice = '"$@" && "$@" & "$@"; wait';
    const ask = [PYTHON, '-c', ASK, '192.168.13.1', '7', '10'];
    assert.is(await run(host, '--net', 'user', 'sh', '-c', twice, 'sh', ...ask), 'True\nTrue\nTrue');
    host.remove();
  });

  test('nothing is left behind', async () => {
    const host = await userHost();
    const before = host.pids().length;
    await run(host, '--net', 'passt', 'true');
    await run(host, '--net', 'user', 'true');
    await waitFor('passt to end', () => host.pids().length === before);
    host.remove();
  });
});
