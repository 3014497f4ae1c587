/* SPDX-License-Identifier: GPL-2.0-only */
/* Pings by IPv6, which libslirp does not forward. */
#ifndef LKL_LIB_NETDEV_SLIRP_PING6_H
#define LKL_LIB_NETDEV_SLIRP_PING6_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the longest answer (RFC 4443, 2.4 c). */
#define PING6_ANSWER_MAX (14 + 1280)

/**
 * slirp_ping6_refuse() - says to whoever sends a ping that it goes nowhere
 * @packet: what LKL sends, a frame of Ethernet.
 * @answer: filled with the frame that tells it: communication is prohibited.
 *
 * The library answers what is for itself; the rest it drops without a word, and
 * ping(8) would wait.
 *
 * Return: length of @answer; 0 where @packet is another one.
 */
size_t slirp_ping6_refuse(const uint8_t *packet, size_t len,
			  uint8_t answer[PING6_ANSWER_MAX]);

#endif
