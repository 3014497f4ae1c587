/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections that have ended, which libslirp keeps for ten seconds each: with
 * two buffers and a descriptor, in a list that it walks before and after each
 * wait. It does so (TIME_WAIT) for packets that a network may have delayed, where
 * the host's side has closed first. There is no network: so the library is told
 * that LKL knows nothing of them any more.
 */
#ifndef LKL_LIB_NETDEV_SLIRP_CLOSED_H
#define LKL_LIB_NETDEV_SLIRP_CLOSED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Connections whose half that is open may be closed, and ended ones to tell of. */
#define SLIRP_CLOSING 256
#define SLIRP_RESETS 64

/* Both addresses and ports, those of LKL first. */
struct slirp_ends {
	uint8_t bytes[2 * (16 + 2)];
};

/**
 * struct slirp_closed - what is known of them; zero at the start
 * @closing: the library has sent its end (FIN); @acknowledged by this number.
 * @last: LKL's end, with the number behind it, which the library has not
 *	acknowledged yet; @is_waiting where there is one.
 * @resets, @count: to be handed to the library.
 */
struct slirp_closed {
	struct {
		struct slirp_ends ends;
		uint32_t acknowledged;
	} closing[SLIRP_CLOSING];
	struct slirp_reset {
		struct slirp_ends ends;
		uint32_t next;
		uint8_t len;
		uint8_t frame[14 + 40 + 20];
	} last, resets[SLIRP_RESETS];
	bool is_waiting;
	unsigned int count;
};

/** slirp_closed_sent() - looks at a frame of the library's */
void slirp_closed_sent(struct slirp_closed *c, const uint8_t *frame, size_t len);

/** slirp_closed_got() - looks at a frame of LKL's, before the library does */
void slirp_closed_got(struct slirp_closed *c, const uint8_t *frame, size_t len);

/**
 * slirp_closed_reset() - a frame that ends what has ended
 * @len: its length in bytes.
 *
 * For the library, when it has nothing left that is to be written to the host. It
 * is valid until the next call.
 *
 * Return: NULL when there is none.
 */
const uint8_t *slirp_closed_reset(struct slirp_closed *c, size_t *len);

#endif
