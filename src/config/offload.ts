// SPDX-License-Identifier: GPL-2.0-or-later

/** A feature of virtio-net that `offload` can name (OASIS virtio 1.2, section 5.1.3). */
export interface OffloadBit {
  readonly bit: number;
  /** Without the VIRTIO_NET_F_ that they all have. */
  readonly name: string;
  readonly description: string;
  /** One of these is needed with it (section 5.1.3.1). */
  readonly needs?: readonly number[];
}

export const OFFLOAD_BITS: readonly OffloadBit[] = [
  { bit: 0, name: 'CSUM', description: 'LKL sends packets whose checksum the host completes' },
  { bit: 1, name: 'GUEST_CSUM', description: 'LKL takes packets whose checksum is not complete' },
  { bit: 2, name: 'CTRL_GUEST_OFFLOADS', description: 'LKL may switch receive offloads while it runs' },
  { bit: 7, name: 'GUEST_TSO4', description: 'LKL takes TCP over IPv4 in large pieces', needs: [1] },
  { bit: 8, name: 'GUEST_TSO6', description: 'LKL takes TCP over IPv6 in large pieces', needs: [1] },
  { bit: 9, name: 'GUEST_ECN', description: 'LKL takes large pieces of TCP with ECN', needs: [7, 8] },
  { bit: 10, name: 'GUEST_UFO', description: 'LKL takes UDP datagrams that are not fragmented yet', needs: [1] },
  { bit: 11, name: 'HOST_TSO4', description: 'LKL sends TCP over IPv4 in large pieces', needs: [0] },
  { bit: 12, name: 'HOST_TSO6', description: 'LKL sends TCP over IPv6 in large pieces', needs: [0] },
  { bit: 13, name: 'HOST_ECN', description: 'LKL sends large pieces of TCP with ECN', needs: [11, 12] },
  { bit: 14, name: 'HOST_UFO', description: 'LKL sends UDP datagrams that are not fragmented yet', needs: [0] },
  { bit: 15, name: 'MRG_RXBUF', description: 'a received packet may use several buffers' },
];

/** The bits of a mask from the lowest on; undefined for what has no name here. */
export function offloadBits(mask: bigint): (OffloadBit | { readonly bit: number; readonly name?: undefined })[] {
  return Array.from({ length: 64 }, (_, bit) => bit)
    .filter((bit) => (mask >> BigInt(bit)) & 1n)
    .map((bit) => OFFLOAD_BITS.find((known) => known.bit === bit) ?? { bit });
}
