// SPDX-License-Identifier: GPL-2.0-or-later
//
// What values mean, for people: `lkl-config explain KEY VALUE`.
import { BlockList, isIPv6 } from 'node:net';
import { type Assignment, decodeNumber, neighbours, qdiscs, sysctls } from './kinds.ts';
import { OFFLOAD_BITS, offloadBits } from './offload.ts';
import { findSysctl, sysctlPath } from './rules/sysctl-table.ts';
import { interfaceTypes } from './types.ts';

/** The lines that explain the sound text of a value. */
export type Meaning = (text: string) => string[];

/** What may stand for a value when it is to be explained: names of offloads for their mask, the name of a sysctl. */
export const stands: Readonly<Record<string, (text: string) => string>> = {
  offload: (text) => {
    const bits = text.split(/[ ,|+]+/).map((name) => OFFLOAD_BITS.find((known) => known.name === name)?.bit);
    const mask = bits.reduce<bigint>((sum, bit) => (bit === undefined ? sum : sum | (1n << BigInt(bit))), 0n);
    return bits.includes(undefined) ? text : `0x${mask.toString(16)}`;
  },
  sysctl: (text) => (/^[\w./-]+$/.test(text) ? `${text}=` : text),
};

/** By key. What is not here means what it says. */
export const meanings: Readonly<Record<string, Meaning>> = {
  type: explainType,
  offload: explainOffload,
  debug: explainDebug,
  singlecpu: (text) => [
    [
      'LKL runs where the host puts it',
      "LKL's own thread stays on one CPU of the host",
      "LKL's own thread and the program's, which work for LKL while they wait, stay on one CPU of the host",
    ][numberOf(text)] ?? '',
  ],
  delay_main: (text) =>
    text === 'auto'
      ? ['main() starts when every IPv6 address can be used, after 5 s at the latest']
      : [`main() starts ${numberOf(text) / 1e6} s after the network is set up`],
  gateway: explainAddress,
  gateway6: explainAddress,
  ifgateway: explainAddress,
  ifgateway6: explainAddress,
  ip: explainAddress,
  ipv6: explainAddress,
  masklen: explainMask,
  masklen6: (text) => [`the first ${numberOf(text)} of 128 bits name the subnet`],
  mac: explainMac,
  sysctl: (text) => (sysctls.decode(text) ?? []).map(explainSysctl),
  neigh: (text) => (neighbours.decode(text) ?? []).map(({ ip, mac }) => `packets to ${ip} go to ${mac}, unasked`),
  qdisc: (text) => (qdiscs.decode(text) ?? []).map(({ parent, kind }) => `${kind} at ${parent}, see tc-${kind}(8)`),
  mount: (text) => text.split(',').map((type) => `${type.trim()} on /${type.trim()} of LKL`),
  mtu: (text) => [`IP packets of up to ${numberOf(text)} bytes; TCP segments of ${numberOf(text) - 40} over IPv4`],
};

function numberOf(text: string): number {
  return Number(decodeNumber(text) ?? 0n);
}

function explainType(text: string): string[] {
  const type = interfaceTypes[text];
  return type === undefined ? [] : [type.what, `param: ${type.param.form}`];
}

function explainSysctl({ name, value }: Assignment): string {
  const path = sysctlPath(name);
  const written = value === '' ? '' : `${value} is written to `;
  const file = `${written}/proc/sys/${path} of LKL`;
  if (!path.startsWith('net/')) {
    return file;
  }
  return findSysctl(path) === undefined ? `${file}, which does not exist` : file;
}

function explainOffload(text: string): string[] {
  const mask = decodeNumber(text) ?? 0n;
  const set = new Set(offloadBits(mask).map(({ bit }) => bit));
  const lines = offloadBits(mask).map((found) => {
    const value = `0x${(1n << BigInt(found.bit)).toString(16)}`.padStart(8);
    const bit = `bit ${found.bit}`.padEnd(6);
    if (found.name === undefined) {
      return `${value}  ${bit}  no feature that an interface offers`;
    }
    const needs = found.needs ?? [];
    const missing = needs.length === 0 || needs.some((need) => set.has(need)) ? '' : `; needs ${names(needs)} too`;
    return `${value}  ${bit}  ${found.name.padEnd(19)}  ${found.description}${missing}`;
  });
  return lines.length === 0 ? ['no feature'] : lines;
}

function names(bits: readonly number[]): string {
  return bits.map((bit) => OFFLOAD_BITS.find((known) => known.bit === bit)?.name ?? `bit ${bit}`).join(' or ');
}

function explainDebug(text: string): string[] {
  const mask = decodeNumber(text) ?? 0n;
  return mask === 0n
    ? ['nothing is told']
    : [
        'messages of the kernel and of the library go to standard error',
        ...(mask & 0x100n ? ['0x100: after the program has ended the kernel stays until a key or a signal'] : []),
      ];
}

/** Blocks of the registries of special addresses (RFC 6890 and its updates). The first that fits counts. */
const BLOCKS: readonly (readonly [net: string, length: number, what: string])[] = [
  ['0.0.0.0', 8, 'of "this network", for no interface (RFC 791)'],
  ['10.0.0.0', 8, 'private (RFC 1918)'],
  ['100.64.0.0', 10, "of a provider's address translation (RFC 6598)"],
  ['127.0.0.0', 8, "loopback, LKL's own lo (RFC 1122)"],
  ['169.254.0.0', 16, 'link-local (RFC 3927)'],
  ['172.16.0.0', 12, 'private (RFC 1918)'],
  ['192.0.2.0', 24, 'for documentation (RFC 5737)'],
  ['192.168.0.0', 16, 'private (RFC 1918)'],
  ['198.18.0.0', 15, 'for benchmarks (RFC 2544)'],
  ['198.51.100.0', 24, 'for documentation (RFC 5737)'],
  ['203.0.113.0', 24, 'for documentation (RFC 5737)'],
  ['224.0.0.0', 4, 'multicast, for no interface (RFC 5771)'],
  ['240.0.0.0', 4, 'reserved (RFC 1112)'],
  ['::', 128, 'unspecified, for no interface (RFC 4291)'],
  ['::1', 128, "loopback, LKL's own lo (RFC 4291)"],
  ['::ffff:0:0', 96, 'a mapped IPv4 address (RFC 4291)'],
  ['64:ff9b::', 96, 'a translated IPv4 address (RFC 6052)'],
  ['2001:db8::', 32, 'for documentation (RFC 3849)'],
  ['fc00::', 7, 'unique local (RFC 4193)'],
  ['fe80::', 10, 'link-local (RFC 4291)'],
  ['ff00::', 8, 'multicast, for no interface (RFC 4291)'],
];

function explainAddress(text: string): string[] {
  const family = isIPv6(text) ? 'ipv6' : 'ipv4';
  const block = BLOCKS.find(([net, length]) => {
    if (isIPv6(net) !== isIPv6(text)) {
      return false;
    }
    const list = new BlockList();
    list.addSubnet(net, length, family);
    return list.check(text, family);
  });
  const version = family === 'ipv6' ? 'IPv6' : 'IPv4';
  return [block === undefined ? `a global ${version} address` : `an ${version} address, ${block[2]}`];
}

function explainMask(text: string): string[] {
  const length = numberOf(text);
  const mask = length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
  const netmask = [24, 16, 8, 0].map((shift) => (mask >>> shift) & 0xff).join('.');
  // The first and the last are the network and its broadcast; of two or one, all are hosts (RFC 3021).
  const hosts = length >= 31 ? 2 ** (32 - length) : 2 ** (32 - length) - 2;
  return [`netmask ${netmask}: ${hosts} ${hosts === 1 ? 'host' : 'hosts'}`];
}

function explainMac(text: string): string[] {
  const first = Number.parseInt(text.slice(0, 2), 16);
  return [
    first & 2
      ? 'locally administered: made up, by somebody who sees to it that no other device of the link has it'
      : `of a manufacturer, whose number is ${text.slice(0, 8).toUpperCase()} (IEEE 802, 8.2.2)`,
  ];
}
