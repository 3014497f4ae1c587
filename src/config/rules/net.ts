// SPDX-License-Identifier: GPL-2.0-or-later
//
// Arithmetic of addresses.

/** An address as a number, with the number of its bits. */
export interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** A sound IPv4 or IPv6 address. */
export function parseAddress(text: string): Address {
  return text.includes(':') ? { bits: 128, value: ipv6Value(text) } : { bits: 32, value: ipv4Value(text) };
}

function ipv4Value(text: string): bigint {
  return BigInt(text.split('.').reduce((value, octet) => value * 256 + Number(octet), 0));
}

function ipv6Value(text: string): bigint {
  // The last two groups may be written as an IPv4 address (RFC 4291, section 2.2).
  const groups = text.replace(/[^:]+\.[^:]+$/, (ipv4) =>
    ipv4Value(ipv4).toString(16).padStart(8, '0').replace(/^.{4}/, '$&:'),
  );
  const [head = '', tail] = groups.split('::');
  const list = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const before = list(head);
  const after = tail === undefined ? [] : list(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '');
  return BigInt(`0x${[...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join('')}`);
}

/** The bits of an address that tell its network. */
export function network({ bits, value }: Address, length: number): bigint {
  return value >> BigInt(bits - length);
}

export function sameNetwork(one: Address, other: Address, length: number): boolean {
  return one.bits === other.bits && network(one, length) === network(other, length);
}

/** An address as text: for IPv6 the canonical one (RFC 5952). */
export function addressText({ bits, value }: Address): string {
  if (bits === 32) {
    return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.');
  }
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

/** `192.168.0.0/24` */
export function subnetText(address: Address, length: number): string {
  const host = BigInt(address.bits - length);
  return `${addressText({ ...address, value: (address.value >> host) << host })}/${length}`;
}

export function isMulticast({ bits, value }: Address): boolean {
  return bits === 32 ? value >> 28n === 0xen : value >> 120n === 0xffn;
}

/** Of one link only: fe80::/10 (RFC 4291, section 2.5.6). */
export function isLinkLocal({ bits, value }: Address): boolean {
  return bits === 128 && value >> 118n === 0x3fan;
}
