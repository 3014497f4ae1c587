// SPDX-License-Identifier: GPL-2.0-or-later
/** Two programs with a tunnel between them, each on a tap of a host that routes. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryDirectory } from './hijack.ts';
import { type Host, makeHost } from './namespace.ts';
import { setSysctl } from './tap.ts';

/** The key that wg genkey makes, or what wg pubkey makes of one. */
export function wgKey(command: 'genkey' | 'genpsk' | 'pubkey', input = ''): string {
  return execFileSync('wg', [command], { input, encoding: 'utf8' }).trim();
}

/** An end of the tunnel: its keys, its taps and its addresses outside and inside. */
export interface End {
  readonly private: string;
  readonly public: string;
  readonly tap: string;
  readonly router: readonly [string, string];
  readonly outside: readonly [string, string];
  readonly inside: readonly [string, string];
}

function makeEnd(tap: string, outside: number, inside: number): End {
  const key = wgKey('genkey');
  return {
    private: key,
    public: wgKey('pubkey', key),
    tap,
    router: [`192.168.${outside}.254`, `fd${outside}::254`],
    outside: [`192.168.${outside}.1`, `fd${outside}::1`],
    inside: [`10.7.0.${inside}`, `fd07::${inside}`],
  };
}

export const server = makeEnd('tap0', 13, 1);
export const client = makeEnd('tap1', 14, 2);
export const PORT = 51820;

/** A host that routes between the taps of both. */
export function tunnelHost(): Host {
  const host = makeHost();
  for (const { tap, router } of [server, client]) {
    host.ip('tuntap', 'add', 'dev', tap, 'mode', 'tap', 'vnet_hdr');
    host.ip('addr', 'add', `${router[0]}/24`, 'dev', tap);
    host.ip('addr', 'add', `${router[1]}/64`, 'dev', tap, 'nodad');
    host.ip('link', 'set', tap, 'up');
  }
  setSysctl(host, 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1');
  return host;
}

/** Lines of a section, by key. */
export type Section = Readonly<Record<string, string | number>>;

let files = 0;

/** Writes the file of a tunnel; a later section is one of a peer. */
export function writeTunnel(ofInterface: Section, ...ofPeers: readonly Section[]): string {
  const text = [ofInterface, ...ofPeers].map(
    (section, number) =>
      `[${number === 0 ? 'Interface' : 'Peer'}]\n${Object.entries(section)
        .map(([key, value]) => `${key} = ${value}\n`)
        .join('')}`,
  );
  const file = path.join(temporaryDirectory(), `wg-${++files}.conf`);
  writeFileSync(file, text.join('\n'), { mode: 0o600 });
  return file;
}

/** A configuration: an end's tap, and the tunnel of a file over it. */
export function overTap({ tap, router, outside }: End, file: string, members: object = {}, tunnel: object = {}) {
  const underlay = { type: 'tap', param: tap, ip: outside[0], masklen: '24', ipv6: outside[1], masklen6: '64' };
  return {
    gateway: router[0],
    gateway6: router[1],
    ...members,
    interfaces: [underlay, { type: 'wireguard', param: file, ...tunnel }],
  };
}

/** How the server has its end, with which every client can do. */
export function serverTunnel(ofInterface: Section = {}, ofPeer: Section = {}): string {
  return writeTunnel(
    { PrivateKey: server.private, ListenPort: PORT, Address: '10.7.0.1/24, fd07::1/64', ...ofInterface },
    { PublicKey: client.public, AllowedIPs: `${client.inside[0]}/32, ${client.inside[1]}/128`, ...ofPeer },
  );
}

/** How the client has it: all that it sends goes through the tunnel. */
export function clientTunnel(ofInterface: Section = {}, ofPeer: Section = {}): string {
  return writeTunnel(
    { PrivateKey: client.private, Address: '10.7.0.2/24, fd07::2/64', ...ofInterface },
    { PublicKey: server.public, AllowedIPs: '0.0.0.0/0, ::/0', Endpoint: `${server.outside[0]}:${PORT}`, ...ofPeer },
  );
}
