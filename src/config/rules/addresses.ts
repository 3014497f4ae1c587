// SPDX-License-Identifier: GPL-2.0-or-later
import type { KeyPath } from '../finding.ts';
import type { Configuration, Interface } from '../model.ts';
import { makesNetwork } from '../types.ts';
import { type Address, parseAddress } from './net.ts';

/** The two families, and the keys of each. */
export const FAMILIES = [
  { name: 'IPv4', address: 'ip', length: 'masklen', gateway: 'gateway' },
  { name: 'IPv6', address: 'ipv6', length: 'masklen6', gateway: 'gateway6' },
] as const;

export type Family = (typeof FAMILIES)[number];

/** An address of an interface with its prefix length, and where it stands. */
export interface Assigned {
  readonly family: Family;
  readonly text: string;
  readonly address: Address;
  readonly length: number;
  readonly path: KeyPath;
}

/** Several rules ask for these of each interface. */
const cache = new WeakMap<Interface, readonly Assigned[]>();

/** The addresses of an interface that are sound and have a prefix length. */
export function assigned(one: Interface, path: KeyPath): readonly Assigned[] {
  const known = cache.get(one) ?? makeAssigned(one, path);
  cache.set(one, known);
  return known;
}

function makeAssigned(one: Interface, path: KeyPath): Assigned[] {
  return FAMILIES.flatMap((family) => {
    const text = one[family.address];
    const length = one[family.length];
    return text === undefined || length === undefined
      ? []
      : [{ family, text, address: parseAddress(text), length, path: [...path, family.address] }];
  });
}

/** The same of all interfaces. */
export function allAssigned({ interfaces = [] }: Configuration): Assigned[] {
  return interfaces.flatMap((one, index) => assigned(one, ['interfaces', index]));
}

/** Does the kernel configure IPv4 by itself, as `ip=dhcp` on its command line says? */
export function kernelConfigures({ boot_cmdline }: Configuration): boolean {
  return /(?:^| )ip=(?!off\b|none\b)/.test(boot_cmdline ?? '');
}

/** Does it ask the network for an address? That is in all of `ip=`, or its last field (admin-guide/nfs/nfsroot.rst). */
export function asksNetwork(commandLine: string): boolean {
  return /(?:^| )ip=(?:[^ ]*:)?(?:dhcp|bootp|rarp|on|any|both)(?: |$)/.test(commandLine);
}

/** Does an interface get addresses, gateways and name servers from the network that it makes by itself? */
export function interfaceConfigures({ interfaces = [] }: Configuration): boolean {
  return interfaces.some(
    ({ type, param, ip, ipv6 }) => ip === undefined && ipv6 === undefined && makesNetwork(type, param),
  );
}
