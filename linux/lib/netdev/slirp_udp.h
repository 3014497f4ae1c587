/* SPDX-License-Identifier: GPL-2.0-only */
/* Datagrams in frames of Ethernet, between LKL and libslirp. */
#ifndef LKL_LIB_NETDEV_SLIRP_UDP_H
#define LKL_LIB_NETDEV_SLIRP_UDP_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of UDP's header, and where it has its checksum. */
#define SLIRP_UDP_LEN 8
#define SLIRP_UDP_SUM 6

/**
 * struct slirp_network - a network layer whose headers have no options
 * @version: 4 or 6.
 * @type: of Ethernet.
 * @first: the header's first byte, as far as @mask goes.
 * @len: of the header; UDP's is next.
 * @protocol, @hops, @source: where it has these.
 * @address_len: of the source, which the destination follows.
 */
struct slirp_network {
	uint8_t version;
	uint16_t type;
	uint8_t first;
	uint8_t mask;
	uint8_t len;
	uint8_t protocol;
	uint8_t hops;
	uint8_t source;
	uint8_t address_len;
};

/**
 * slirp_udp_network() - the network layer of a frame with UDP
 * @frame: of @len bytes, which need not be whole, nor sound.
 *
 * Return: it, or NULL where @frame is something else. IPv4's may be a fragment.
 */
const struct slirp_network *slirp_udp_network(const uint8_t *frame, size_t len);

/**
 * slirp_udp_whole() - the same, of a datagram that is no fragment
 * @size: set to that of its data in bytes.
 */
const struct slirp_network *slirp_udp_whole(const uint8_t *frame, size_t len,
					    size_t *size);

#endif
