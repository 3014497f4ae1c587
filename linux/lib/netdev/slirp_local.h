/* SPDX-License-Identifier: GPL-2.0-only */
/* Datagrams that come from the host's localhost to a published port. */
#ifndef LKL_LIB_NETDEV_SLIRP_LOCAL_H
#define LKL_LIB_NETDEV_SLIRP_LOCAL_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of Ethernet, IPv6 and UDP. */
#define SLIRP_HEADERS_MAX (14 + 40 + 8)

/**
 * slirp_local_headers() - makes the gateway of the source, where it is localhost
 * @frame: of Ethernet, what the library sends to LKL.
 * @headers: filled with what is to stand in place of its first bytes.
 *
 * The library does so itself until the published port has answered somebody
 * else. From then on LKL would drop them: nothing on a wire is from 127.0.0.1.
 *
 * Return: so many bytes; 0 where @frame is to stay as it is.
 */
size_t slirp_local_headers(const uint8_t *frame, size_t len,
			   uint8_t headers[SLIRP_HEADERS_MAX]);

#endif
