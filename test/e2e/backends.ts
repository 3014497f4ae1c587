// SPDX-License-Identifier: GPL-2.0-or-later
// time limit: 600 s
/** Every type of interface, end to end: ping, checked data both ways over TCP, both families, and the peer's end. */
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { define, skip, type Test } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { LAUNCHER, temporaryDirectory, writeConfiguration } from '../support/hijack.ts';
import { type Host, makeHost, noHosts } from '../support/namespace.ts';
import { listening, onHost, startOnHost } from '../support/tap.ts';
import { waitFor } from '../support/wait.ts';

const TOOLS = path.join(ROOT, 'build/Release/tests/tools');
const BULK = path.join(TOOLS, 'bulk');
const CARRIER = path.join(TOOLS, 'carrier');
const WIRE = path.join(TOOLS, 'wire');
const MIB = '24';
const PORT = 7000;

const HOST_ADDRESSES = ['192.168.13.1/24', 'fd13::1/64'];
// Always the same station: nothing tells the others on a wire when its address changes.
const ON_LINK = { mac: '02:00:00:00:13:02', ip: '192.168.13.2', masklen: 24, ipv6: 'fd13::2', masklen6: 64 };
const BEHIND_NAT = { ip: '10.0.2.15', masklen: 24, ipv6: 'fec0::15', masklen6: 64 };
const GATEWAYS = { gateway: '10.0.2.2', gateway6: 'fec0::2' };

/** What a backend is connected to. */
interface Wire {
  /** `type` and `param`, and what else the interface needs besides addresses. */
  readonly interface: Readonly<Record<string, unknown>>;
  /** The host that programs run on. */
  readonly host: Host;
  /** The host that they talk to, if that is another. */
  readonly far?: Host;
  /** Runs a program so that it has the backend's end of the wire. */
  readonly prefix?: readonly string[];
  /** It translates to sockets: LKL's addresses are its own, and a port of the host is LKL's `PORT`. */
  readonly user?: {
    readonly published: readonly string[];
    readonly ping: readonly string[];
    /** It is Debian 12's passt, of 2023-03-09, which fails under data both ways at once, from outside, and by IPv6. */
    readonly gently?: boolean;
  };
  /** Takes the other side away, where that is somebody else. */
  readonly end?: () => Promise<void> | void;
  readonly remove: () => void;
}

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

function tapHost(): Host {
  return makeHost({ tap: 'tap0', addresses: HOST_ADDRESSES });
}

/** Two hosts with a cable between `v0` of the one and `v1` of the other, which has the addresses. */
function twoHosts(): { host: Host; far: Host; remove: () => void } {
  const host = makeHost();
  const far = makeHost();
  host.ip('link', 'add', 'name', 'v0', 'type', 'veth', 'peer', 'name', 'v1', 'netns', far.name);
  for (const address of HOST_ADDRESSES) {
    far.ip('addr', 'add', address, 'dev', 'v1', ...(address.includes(':') ? ['nodad'] : []));
  }
  host.ip('link', 'set', 'v0', 'up');
  far.ip('link', 'set', 'v1', 'up');
  const remove = (): void => {
    host.remove();
    far.remove();
  };
  return { host, far, remove };
}

let macvtaps = 0;

/** Makes a macvtap on `v0`, and tells its file: that has the number of the interface, which is to be nobody else's. */
function addMacvtap(host: Host): string {
  const index = String(1_000_000 + process.pid * 10 + macvtaps++);
  const link = ['link', 'add', 'link', 'v0', 'name', 'm0', 'address', ON_LINK.mac, 'index', index];
  host.ip(...link, 'type', 'macvtap', 'mode', 'bridge');
  host.ip('link', 'set', 'm0', 'up');
  return `/dev/tap${index}`;
}

/** Why there can be no macvtap here; undefined when there can. */
function noMacvtap(): string | undefined {
  const { host, remove } = twoHosts();
  try {
    const device = addMacvtap(host);
    return existsSync(device) ? undefined : `${device} does not appear: /dev is no devtmpfs`;
  } catch (error) {
    return String(error);
  } finally {
    remove();
  }
}

function signalAll(host: Host, name: RegExp, signal: NodeJS.Signals): void {
  for (const pid of host.pids()) {
    if (name.test(readFileSync(`/proc/${pid}/comm`, 'utf8'))) {
      process.kill(pid, signal);
    }
  }
}

function killAll(host: Host, name: RegExp): void {
  signalAll(host, name, 'SIGKILL');
}

/** Starts a switch on the host's tap, and tells its directory. */
async function startSwitch(host: Host): Promise<string> {
  const directory = path.join(mkdtempSync(path.join(temporaryDirectory(), 'vde-')), 'switch');
  startOnHost(host, 'vde_switch', '--daemon', '--sock', directory, '--tap', 'tap0');
  await waitFor('the switch', () => {
    try {
      return readdirSync(directory).includes('ctl');
    } catch {
      return false;
    }
  });
  return directory;
}

function inherited(kind: 'dgram' | 'seqpacket' | 'stream'): Wire {
  const host = tapHost();
  const file = path.join(mkdtempSync(path.join(temporaryDirectory(), 'wire-')), 'pid');
  return {
    interface: { type: 'fd', param: '5' },
    host,
    prefix: ['env', `WIRE_PID=${file}`, WIRE, 'tap0', kind],
    end: () => void process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL'),
    remove: host.remove,
  };
}

/** A host whose users may send pings, and that user-mode backends find a way out of. */
async function userHost(): Promise<Host> {
  const host = tapHost();
  await onHost(host, 'sysctl', '-qw', 'net.ipv4.ping_group_range=0 2147483647');
  // passt wants a link-local address, which a tap that nobody holds does not get by itself.
  host.ip('addr', 'add', 'fe80::1/64', 'dev', 'tap0', 'nodad');
  host.ip('route', 'add', 'default', 'via', '192.168.13.254');
  host.ip('route', 'add', 'default', 'via', 'fd13::fe');
  return host;
}

const PUBLISHED = 7001;

/** Bits of virtio-net that every interface has: MAC, STATUS, CTRL_VQ, CTRL_MAC_ADDR, and the ring's own. */
const ALWAYS = [5, 16, 17, 23, 28, 29, 32];
/** HOST_USO and GUEST_USO4 and 6, all of which a tap can do, or none. */
const USO = [54, 55, 56];
/** What the default of `offload` is, and MTU (bit 3) where there is a limit; a tap's depends on the host besides. */
const OFFLOADS: Readonly<Record<string, number>> = {
  'fd, a tap': 0xbb87,
  macvtap: 0xbb87,
  pipe: 0x800c,
  raw: 0xbb8f,
  slirp: 0xb807,
  tap: 0xbb87,
};
const PLAIN_OFFLOADS = 0x8004;
/** What `ethtool -k` says when a bit is set, and when not. Received checksums Linux takes on trust with or without one. */
const ETHTOOL: readonly (readonly [string, number, string, string])[] = [
  ['tx-checksumming', 0, 'on', 'off'],
  ['rx-gro-hw', 7, 'on', 'off'],
  ['tx-tcp-segmentation', 11, 'on', 'off \\[fixed\\]'],
  ['tx-tcp6-segmentation', 12, 'on', 'off \\[fixed\\]'],
  ['tx-tcp-ecn-segmentation', 13, 'on', 'off \\[fixed\\]'],
  // It waits for ethtool -K.
  ['tx-udp-segmentation', 56, 'off', 'off \\[fixed\\]'],
];

/** One row a wire. */
const WIRES: Readonly<Record<string, () => Wire | Promise<Wire>>> = {
  tap: () => {
    const host = tapHost();
    return {
      interface: { type: 'tap', param: 'tap0' },
      host,
      end: () => void host.ip('link', 'del', 'tap0'),
      remove: host.remove,
    };
  },

  macvtap: () => {
    const { host, far, remove } = twoHosts();
    const device = addMacvtap(host);
    return {
      interface: { type: 'macvtap', param: device },
      host,
      far,
      end: () => void host.ip('link', 'del', 'm0'),
      remove,
    };
  },

  raw: () => {
    const { host, far, remove } = twoHosts();
    return {
      interface: { type: 'raw', param: 'v0' },
      host,
      far,
      end: () => void host.ip('link', 'del', 'v0'),
      remove,
    };
  },

  pipe: async () => {
    const host = tapHost();
    const { rx, tx } = await makeFifos();
    return {
      interface: { type: 'pipe', param: `${rx}|${tx}` },
      host,
      prefix: [WIRE, 'tap0', 'pipe', tx, rx],
      end: () => killAll(host, /^wire/),
      remove: host.remove,
    };
  },

  'fd, a datagram socket': () => inherited('dgram'),
  'fd, a sequential packet socket': () => inherited('seqpacket'),
  'fd, a stream socket': () => inherited('stream'),

  'fd, a tap': () => {
    const host = tapHost();
    return {
      interface: { type: 'fd', param: '5' },
      host,
      prefix: [WIRE, 'tap0', 'tap'],
      end: () => void host.ip('link', 'del', 'tap0'),
      remove: host.remove,
    };
  },

  vde: async () => {
    const host = tapHost();
    const directory = await startSwitch(host);
    return {
      interface: { type: 'vde', param: directory },
      host,
      end: () => killAll(host, /^vde_switch/),
      remove: host.remove,
    };
  },

  'passt, started': async () => {
    const host = await userHost();
    return {
      interface: { type: 'passt', param: `${PUBLISHED}:${PORT}` },
      host,
      user: { published: [], ping: ['192.168.13.1', 'fd13::1'], gently: true },
      end: () => killAll(host, /^passt/),
      remove: host.remove,
    };
  },

  'passt, found by its socket': async () => {
    const host = await userHost();
    // It gives up its rights, so the directory is one that it may write to.
    const socket = path.join('/tmp', `${host.name}.passt`);
    const passt = `while rm -f ${socket}; passt --foreground --quiet --one-off --socket ${socket} -t ${PUBLISHED}:${PORT}; do :; done`;
    startOnHost(host, 'sh', '-c', passt);
    return {
      interface: { type: 'passt', param: socket },
      host,
      user: { published: [], ping: ['192.168.13.1', 'fd13::1'], gently: true },
      end: () => killAll(host, /^passt|^sh/),
      remove: () => {
        host.remove();
        void execa('rm', ['-f', socket]);
      },
    };
  },

  slirp: async () => {
    const host = await userHost();
    return {
      interface: { type: 'slirp', param: `${PUBLISHED}:${PORT}` },
      host,
      // The library forwards no ICMPv6.
      user: { published: ['192.168.13.1', 'fd13::1'], ping: ['192.168.13.1', 'fec0::2'] },
      remove: host.remove,
    };
  },
};

/** What starts a hijacked program on a wire. */
function commandLine(wire: Wire, program: readonly string[]): { command: string; args: string[] } {
  const config = {
    ...(wire.user === undefined ? {} : GATEWAYS),
    interfaces: [{ ...wire.interface, ...(wire.user === undefined ? ON_LINK : BEHIND_NAT) }],
  };
  const [command = '', ...args] = [
    ...wire.host.prefix,
    ...(wire.prefix ?? []),
    LAUNCHER,
    '--config',
    writeConfiguration(config),
    '--private-copy',
    ...program,
  ];
  return { command, args };
}

/** Starts a hijacked program on a wire. */
function start(wire: Wire, ...program: string[]) {
  const { command, args } = commandLine(wire, program);
  return execa(command, args, { reject: false, stdin: 'ignore', timeout: 60_000 });
}

/** Processor time that a process has used, in ticks of 10 ms. */
function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** What bulk says of a connection that was reset when all had come: that passt keeps its FIN back, and gives up, now and then. */
const RESET = 3;

async function testBulk(wire: Wire, way: readonly string[]): Promise<void> {
  const far = wire.far ?? wire.host;
  for (const address of ['192.168.13.1', ...(wire.user?.gently ? [] : ['fd13::1'])]) {
    const server = onHost(far, BULK, 'serve', String(PORT), MIB, ...way);
    server.catch(() => undefined);
    await listening(far, PORT);
    const { exitCode, stderr } = await start(wire, BULK, 'connect', address, String(PORT), MIB, ...way);
    const complete = exitCode === 0 || (wire.user?.gently && way.includes('download') && exitCode === RESET);
    assert.ok(complete, `to ${address}: ${exitCode}, ${stderr}`);
    await server;
  }
  const published = wire.user?.published;
  for (const address of published ?? [ON_LINK.ip, ON_LINK.ipv6]) {
    const server = start(wire, BULK, 'serve', String(PORT), MIB, ...way);
    const port = published === undefined ? PORT : PUBLISHED;
    try {
      // A published port takes connections before anybody listens in LKL.
      await Promise.race([server, new Promise((resolve) => server.stdout.once('data', resolve))]);
      await onHost(far, BULK, 'connect', address, String(port), MIB, ...way);
    } catch (error) {
      server.kill('SIGKILL');
      throw new Error(`from ${address}: ${String(error)}; ${(await server).stderr}`);
    }
    const { exitCode, stderr } = await server;
    assert.is(exitCode, 0, `from ${address}: ${stderr}`);
  }
}

/** The driver takes all that is offered, and ethtool(8) says so. */
async function testFeatures(wire: Wire, offloads: number): Promise<void> {
  const inside = async (...program: string[]): Promise<string> => {
    const { stdout, stderr, exitCode } = await start(wire, ...program);
    assert.is(exitCode, 0, stderr);
    return stdout;
  };
  const negotiated = await inside('cat', '/sys/class/net/eth0/device/features');
  const bits = [...negotiated].flatMap((bit, number) => (bit === '1' ? [number] : []));
  const mask = Array.from({ length: 16 }, (_, bit) => bit).filter((bit) => offloads & (1 << bit));
  const uso = bits.filter((bit) => USO.includes(bit));
  assert.ok(uso.length === 0 || (uso.length === USO.length && offloads & (1 << 11)), String(uso));
  const expected = [...new Set([...ALWAYS, ...mask, ...uso])].sort((a, b) => a - b);
  assert.equal(bits, expected);
  const features = await inside('ethtool', '-k', 'eth0');
  for (const [feature, bit, set, unset] of ETHTOOL) {
    assert.match(features, new RegExp(`^\\s*${feature}: ${bits.includes(bit) ? set : unset}$`, 'm'));
  }
  assert.match(await inside('ethtool', '-i', 'eth0'), /^driver: virtio_net$/m);
  const settings = 'Current hardware settings:\\n';
  assert.match(
    await inside('ethtool', '-g', 'eth0'),
    new RegExp(`^${settings}RX:\\s+256\\n(?:.*\\n){2}TX:\\s+256$`, 'm'),
  );
  assert.match(await inside('ethtool', '-l', 'eth0'), new RegExp(`^${settings}(?:.*\\n){3}Combined:\\s+1$`, 'm'));
}

/** Sends a ping with a tag, again until the answer has one, too. */
const TAGGED_PING = `
import socket, struct, sys
protocol, mac = int(sys.argv[1], 16), bytes.fromhex(sys.argv[2].replace(':', ''))
def checksum(data):
    total = sum(struct.unpack('>%dH' % (len(data) // 2), data))
    total = (total & 0xffff) + (total >> 16)
    return ~(total + (total >> 16)) & 0xffff
def sealed(data, at):
    return data[:at] + struct.pack('>H', checksum(data)) + data[at + 2:]
icmp = sealed(struct.pack('>BBHHH', 8, 0, 0, 1, 1) + bytes(1000), 2)
ip = sealed(struct.pack('>BBHHHBBH4s4s', 0x45, 0, 20 + len(icmp), 0, 0, 64, 1, 0,
    bytes([192, 168, 15, 1]), bytes([192, 168, 15, 2])), 10)
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
s.bind(('v1', 0))
s.setsockopt(263, 8, 1)
s.settimeout(0.2)
while True:
    s.send(mac + bytes.fromhex('020000001501') + struct.pack('>HH', protocol, 5) + b'\\x08\\0' + ip + icmp)
    try:
        data, control, _, address = s.recvmsg(2048, 256)
    except TimeoutError:
        continue
    if address[2] == socket.PACKET_OUTGOING or data[12:14] != b'\\x08\\0' or data[34:36] != b'\\0\\0':
        continue
    tci, tpid = struct.unpack('HH', control[0][2][16:20])
    print(hex(tpid), tci, data[42:] == bytes(1000))
    break
`;

/** LKL answers in a VLAN. ip(8) makes its interface, and stays as long as it has more to read. */
async function testVlan(wire: Wire, name: string, tag: string): Promise<void> {
  const { command, args } = commandLine(wire, ['ip', '-batch', '-']);
  const ip = execa(command, args, { reject: false, timeout: 60_000 });
  ip.stdin.write(`link add link eth0 name tagged type vlan protocol ${name} id 5
    addr add 192.168.15.2/24 dev tagged
    link set tagged up
    neigh add 192.168.15.1 lladdr 02:00:00:00:15:01 dev tagged\n`);
  const far = wire.far ?? wire.host;
  assert.is(await onHost(far, '/usr/bin/python3', '-c', TAGGED_PING, tag, ON_LINK.mac), `${tag} 5 True`);
  ip.stdin.end();
  const { exitCode, stderr } = await ip;
  assert.is(exitCode, 0, stderr);
}

/** The link goes down when its other side does; one that has none stays up. Then the program rests. */
async function testEnd(wire: Wire): Promise<void> {
  const program = start(wire, CARRIER);
  let output = '';
  program.stdout.on('data', (text) => {
    output += String(text);
  });
  const failed = program.then(({ stderr }) => assert.unreachable(`it has ended: ${stderr}`));
  await Promise.race([failed, waitFor('the link to be up', () => output.includes('up'))]);
  if (wire.end !== undefined) {
    await wire.end();
    await Promise.race([failed, waitFor('the link to go down', () => output.includes('down'))]);
  }
  const before = ticks(program.pid ?? 0);
  await delay(500);
  const used = ticks(program.pid ?? 0) - before;
  assert.ok(used < 5, `${used} ticks in half a second, though nothing happens`);
  failed.catch(() => undefined);
  program.kill('SIGTERM');
  assert.is((await program).signal, 'SIGTERM');
}

/** Two FIFOs in a directory of their own. */
async function makeFifos(): Promise<{ rx: string; tx: string }> {
  const directory = mkdtempSync(path.join(temporaryDirectory(), 'pipe-'));
  const [rx, tx] = [path.join(directory, 'rx'), path.join(directory, 'tx')];
  await execa('mkfifo', [rx, tx]);
  return { rx, tx };
}

type Add = (...test: Parameters<Test>) => void;

define('backends', (test) => {
  const leftOut = noMacvtap();
  test('loop: features as they are negotiated', async () => {
    const host = makeHost();
    await testFeatures({ interface: { type: 'loop' }, host, remove: host.remove }, OFFLOADS.tap ?? 0);
    host.remove();
  });

  test('pipe: only who reads goes away', async () => {
    const host = makeHost();
    const { rx, tx } = await makeFifos();
    startOnHost(host, 'sh', '-c', `exec sleep 300 >${rx}`);
    startOnHost(host, 'cat', tx);
    const end = () => killAll(host, /^cat/);
    await testEnd({ interface: { type: 'pipe', param: `${rx}|${tx}` }, host, end, remove: host.remove });
    host.remove();
  });

  test('vde: a switch that is stopped is not waited for without an end', async () => {
    const host = tapHost();
    const directory = await startSwitch(host);
    signalAll(host, /^vde_switch/, 'SIGSTOP');
    const { exitCode, stderr } = await execa(LAUNCHER, ['--net', `vde:${directory}`, 'true'], { reject: false });
    assert.is(exitCode, 125);
    assert.match(stderr, /interfaces\[0\]: param '.*': the switch there does not answer/);
    signalAll(host, /^vde_switch/, 'SIGCONT');
    // It finds the port given up, and has room for others.
    const next = await execa(LAUNCHER, ['--net', `vde:${directory}`, 'true'], { reject: false });
    assert.equal([next.exitCode, next.stderr], [0, '']);
    host.remove();
  });

  for (const [name, make] of Object.entries(WIRES)) {
    const reason = name === 'macvtap' ? leftOut : undefined;
    const add: Add = reason === undefined ? test : (title) => test.cannot(title, reason);
    add(`${name}: ping, both families`, async () => {
      const wire = await make();
      for (const address of wire.user?.ping ?? ['192.168.13.1', 'fd13::1']) {
        // With -w it goes on until it has three replies; else it waits for the last no longer than between two requests.
        const ping = await start(wire, 'ping', '-c', '3', '-i', '0.1', '-w', '20', address);
        assert.match(ping.stdout, / ([3-9]|\d\d+) received/, `${address}: ${ping.stdout}${ping.stderr}`);
      }
      wire.remove();
    });

    add(`${name}: features as they are negotiated`, async () => {
      const wire = await make();
      await testFeatures(wire, OFFLOADS[name] ?? PLAIN_OFFLOADS);
      wire.remove();
    });

    add(
      `${name}: ${MIB} MiB each way over TCP, from either side, both families`,
      async () => {
        const wire = await make();
        for (const way of wire.user?.gently ? [['upload'], ['download']] : [[]]) {
          await testBulk(wire, way);
        }
        wire.remove();
      },
      { timeout: 120_000 },
    );

    if (name === 'raw' || name === 'macvtap') {
      for (const [protocol, tag] of [
        ['802.1Q', '0x8100'],
        ['802.1ad', '0x88a8'],
      ] as const) {
        add(`${name}: tags of VLANs, ${protocol}`, async () => {
          const wire = await make();
          await testVlan(wire, protocol, tag);
          wire.remove();
        });
      }
    }

    add(`${name}: the other side goes away`, async () => {
      const wire = await make();
      await testEnd(wire);
      wire.remove();
    });
  }
});
