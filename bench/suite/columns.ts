// SPDX-License-Identifier: GPL-2.0-or-later
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { LIBRARY, temporaryDirectory, writeConfiguration } from '../../test/support/hijack.ts';
import { type Host, makeHost } from '../../test/support/namespace.ts';
import { setSysctl } from '../../test/support/tap.ts';
import { waitFor } from '../../test/support/wait.ts';
import { program } from '../programs.ts';
import type { Column, Setting, Wire } from './model.ts';

const PEER = '192.168.13.1';
const INSIDE = '192.168.13.2';
const LENGTH = '24';

/** Where user-mode networks put the inside. */
const NAT = { address: '10.0.2.15', gateway: '10.0.2.2' };
/** Ports of the inside that they publish, and where. */
const PUBLISHED: ReadonlyMap<number, number> = new Map([
  [80, 10_080],
  [6379, 16_379],
]);

/**
 * More connections come in a minute than a host has ports by default, and they are forgotten at once: each round boots
 * an LKL anew, with other sequence numbers, and one that met the end of a connection of an earlier round would try
 * again after a second.
 */
function host(options?: Parameters<typeof makeHost>[0]): Host {
  const made = makeHost(options);
  setSysctl(made, 'net.ipv4.ip_local_port_range=1024 65000', 'net.ipv4.tcp_max_tw_buckets=0');
  return made;
}

/** A host with a tap device, which has an address though nobody may hold the other end. */
function tapHost(address: string, mtu: number): Host {
  const made = host({ tap: 'tap0', addresses: [`${address}/${LENGTH}`] });
  made.ip('link', 'set', 'tap0', 'mtu', String(mtu));
  return made;
}

/** Starts a program that runs until its host is removed. */
function start(on: Host, ...command: string[]): number {
  const [file = '', ...args] = [...on.prefix, ...command];
  const child = execa(file, args, { reject: false, stdio: 'ignore' });
  if (child.pid === undefined) {
    throw new Error(`${command[0]} cannot be started`);
  }
  return child.pid;
}

function both(peer: Host, inside: Host): () => void {
  return () => {
    peer.remove();
    inside.remove();
  };
}

const plain = (port: number) => ({ address: INSIDE, port });

function published(port: number): { address: string; port: number } {
  const at = PUBLISHED.get(port);
  if (at === undefined) {
    throw new Error(`port ${port} is not published`);
  }
  return { address: PEER, port: at };
}

/** The programs inside use LKL. */
function hijacked(on: Host, configuration: unknown): Pick<Wire, 'inside' | 'outside'> {
  const config = writeConfiguration(configuration);
  return {
    inside: ['env', `LD_PRELOAD=${LIBRARY}`, `LKL_HIJACK_CONFIG_FILE=${config}`],
    outside: on.prefix,
  };
}

/** LKL's own choice is the best; 0 is none. */
function offloadKey({ offload }: Setting): { offload?: string } {
  return offload ? {} : { offload: '0x0' };
}

/** Big packets and open checksums are what veth does by itself. */
function switchOff(on: Host, device: string): void {
  const [file = '', ...args] = [...on.prefix, 'ethtool', '-K', device];
  execFileSync(file, [...args, 'tx', 'off', 'sg', 'off', 'tso', 'off', 'gso', 'off', 'gro', 'off'], {
    stdio: 'ignore',
  });
}

/** What user-mode networks need of the host that they run on: an address and a way out. */
function gateway(): Host {
  const made = tapHost(PEER, 1500);
  made.ip('route', 'add', 'default', 'via', '192.168.13.254');
  return made;
}

/** What user-mode networks publish, in the words of LKL and of passt. */
const PORTS = [...PUBLISHED].map(([inner, outer]) => `${outer}:${inner}`).join(',');

function passt(name: 'passt' | 'pasta', mtu: number): string[] {
  const addresses = ['-4', '-a', NAT.address, '-n', LENGTH, '-g', NAT.gateway, '-m', String(mtu)];
  return [name, '--runas', '0', '--foreground', '--quiet', ...addresses, '-t', PORTS];
}

/** Asks slirp4netns to publish the ports, by its socket. */
async function publish(socket: string): Promise<void> {
  for (const [inner, outer] of PUBLISHED) {
    const request = {
      execute: 'add_hostfwd',
      arguments: { proto: 'tcp', host_addr: '0.0.0.0', host_port: outer, guest_port: inner },
    };
    await new Promise<void>((resolve, reject) => {
      let answer = '';
      const connection = connect(socket, () => connection.end(JSON.stringify(request)));
      connection.on('data', (text) => {
        answer += String(text);
      });
      connection.on('error', reject);
      connection.on('close', () =>
        answer.includes('"return"') ? resolve() : reject(new Error(`slirp4netns: ${answer}`)),
      );
    });
  }
}

async function socketThere(socket: string): Promise<void> {
  await waitFor(socket, () => statSync(socket, { throwIfNoEntry: false })?.isSocket());
}

async function interfaceUp(on: Host): Promise<void> {
  await waitFor('an address', () => / 10\.0\.2\./.test(on.ip('-4', 'addr')));
}

/** The columns, in the order of the table; the first is what the others are compared with. */
export const columns: readonly Column[] = [
  {
    name: 'veth',
    title: 'host, veth',
    description: 'the host kernel in two network namespaces, joined by a veth pair',
    offload: true,
    make: (setting) => {
      const peer = host();
      const inside = host();
      peer.ip('link', 'add', 'veth0', 'type', 'veth', 'peer', 'name', 'veth0', 'netns', inside.name);
      for (const [end, address] of [
        [peer, PEER],
        [inside, INSIDE],
      ] as const) {
        end.ip('addr', 'add', `${address}/${LENGTH}`, 'dev', 'veth0');
        end.ip('link', 'set', 'veth0', 'mtu', String(setting.mtu), 'up');
        if (!setting.offload) {
          switchOff(end, 'veth0');
        }
      }
      const remove = both(peer, inside);
      return { peer, address: PEER, inside: [], outside: inside.prefix, entry: plain, helpers: [], remove };
    },
  },
  {
    name: 'tap',
    title: 'host, tap',
    description:
      'the host kernel in two namespaces with a tap each, between which one thread moves frames with their virtio-net headers (bench/relay.c): what a tap costs a kernel that does not hold it itself',
    offload: true,
    make: async (setting) => {
      const peer = tapHost(PEER, setting.mtu);
      const inside = tapHost(INSIDE, setting.mtu);
      const ends = [peer.name, 'tap0', inside.name, 'tap0', setting.offload ? 'on' : 'off'];
      const helper = start(peer, program('relay'), ...ends);
      await waitFor('the relay', () => inside.ip('link', 'show', 'tap0').includes('LOWER_UP'));
      const remove = both(peer, inside);
      return { peer, address: PEER, inside: [], outside: inside.prefix, entry: plain, helpers: [helper], remove };
    },
  },
  {
    name: 'lkl-tap',
    title: 'LKL, tap',
    description: 'the program hijacked, its LKL on the tap of a host',
    offload: true,
    make: (setting) => {
      const peer = tapHost(PEER, setting.mtu);
      const tap = { type: 'tap', param: 'tap0', ip: INSIDE, masklen: LENGTH };
      return {
        peer,
        address: PEER,
        ...hijacked(peer, { interfaces: [{ ...tap, mtu: String(setting.mtu), ...offloadKey(setting) }] }),
        entry: plain,
        helpers: [],
        remove: peer.remove,
      };
    },
  },
  {
    name: 'lkl-slirp',
    title: 'LKL, slirp',
    description: 'the program hijacked, its LKL behind libslirp in the same process: what `--net user` is',
    offload: false,
    make: ({ mtu }) => {
      const peer = gateway();
      const wire = { type: 'slirp', param: PORTS, mtu: String(mtu) };
      const inside = hijacked(peer, { interfaces: [wire] });
      return { peer, address: PEER, ...inside, entry: published, helpers: [], remove: peer.remove };
    },
  },
  {
    name: 'lkl-passt',
    title: 'LKL, passt',
    description: 'the program hijacked, its LKL on a socket of passt, which opens the host’s sockets for it',
    offload: false,
    make: async ({ mtu }) => {
      const peer = gateway();
      const socket = path.join(temporaryDirectory(), `${peer.name}.passt`);
      const helper = start(peer, ...passt('passt', mtu), '--socket', socket);
      await socketThere(socket);
      const wire = { type: 'passt', param: socket, ip: NAT.address, masklen: LENGTH, mtu: String(mtu) };
      return {
        peer,
        address: PEER,
        ...hijacked(peer, { gateway: NAT.gateway, interfaces: [wire] }),
        entry: published,
        helpers: [helper],
        remove: peer.remove,
      };
    },
  },
  {
    name: 'pasta',
    title: 'pasta',
    description: 'the host kernel in a namespace whose tap pasta holds, which opens the host’s sockets for it',
    offload: false,
    make: async ({ mtu }) => {
      const peer = gateway();
      const inside = host();
      const attach = ['--netns-only', '--netns', `/run/netns/${inside.name}`, '--config-net', '--ns-ifname', 'eth0'];
      const helper = start(peer, ...passt('pasta', mtu), ...attach);
      await interfaceUp(inside);
      const remove = both(peer, inside);
      return { peer, address: PEER, inside: [], outside: inside.prefix, entry: published, helpers: [helper], remove };
    },
  },
  {
    name: 'slirp4netns',
    title: 'slirp4netns',
    description: 'the same with slirp4netns, which is libslirp',
    offload: false,
    make: async ({ mtu }) => {
      const peer = gateway();
      const inside = host();
      const socket = path.join(temporaryDirectory(), `${peer.name}.slirp`);
      const options = ['--configure', `--mtu=${mtu}`, `--api-socket=${socket}`, '--netns-type=path'];
      const helper = start(peer, 'slirp4netns', ...options, `/run/netns/${inside.name}`, 'tap0');
      await interfaceUp(inside);
      await socketThere(socket);
      await publish(socket);
      const remove = both(peer, inside);
      return { peer, address: PEER, inside: [], outside: inside.prefix, entry: published, helpers: [helper], remove };
    },
  },
];
