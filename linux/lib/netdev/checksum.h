/* SPDX-License-Identifier: GPL-2.0-only */
/* Checksums of the Internet, and those that the driver left open. */
#ifndef LKL_LIB_NETDEV_CHECKSUM_H
#define LKL_LIB_NETDEV_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* Of struct virtio_net_hdr_v1.flags (5.1.6). */
#define VNET_HDR_NEEDS_CSUM 1
#define VNET_HDR_DATA_VALID 2

/** checksum_sum() - of 16-bit words as they lie in memory (RFC 1071) */
uint16_t checksum_sum(const uint8_t *data, size_t len);

/**
 * checksum_complete() - fills in what the header says is open (5.1.6.2)
 * @packet: behind its struct virtio_net_hdr_v1.
 * @len: of both in bytes.
 *
 * A packet that is to be cut up gets the checksum of the whole.
 */
void checksum_complete(uint8_t *packet, size_t len);

#endif
