/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Datagrams in a row that the host has for LKL. Of these libslirp reads one in
 * each of its turns, with three calls of the host, copies it three times and sums
 * it up. So where there are more behind the one that it reads, they follow it: with
 * the same headers and out of the same socket, straight into the ring.
 */
#ifndef LKL_LIB_NETDEV_SLIRP_ARRIVALS_H
#define LKL_LIB_NETDEV_SLIRP_ARRIVALS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "ring.h"
#include "slirp_local.h"

/* Sockets of which is known whether they have many. */
#define SLIRP_STREAMS 64

/**
 * struct slirp_arrivals - what arrives; zero at the start
 * @streams: sockets that have had datagrams, by descriptor: the last @turn, and
 *	how many turns in a @row.
 * @fd: the socket that the library reads from now, where @is_open.
 * @turn: its number.
 * @is_expected: the library is about to read what is described by @from and
 *	@size: its source and bytes.
 * @frames: what the library has made of it.
 * @headers, @headers_len: of the last of these, if it is a datagram.
 */
struct slirp_arrivals {
	struct slirp_stream {
		int fd;
		unsigned int turn;
		unsigned int row;
	} streams[SLIRP_STREAMS];
	int fd;
	unsigned int turn;
	bool is_open;
	bool is_expected;
	struct sockaddr_in6 from;
	size_t size;
	unsigned int frames;
	size_t headers_len;
	uint8_t headers[SLIRP_HEADERS_MAX];
};

/**
 * slirp_arrivals_begin() - the library is about to read from a socket
 * @fd: the socket, of whatever kind; it is readable, and has no error.
 * @turn: counts the library's turns.
 */
void slirp_arrivals_begin(struct slirp_arrivals *a, int fd, unsigned int turn);

/** slirp_arrivals_made() - it has made a frame */
void slirp_arrivals_made(struct slirp_arrivals *a, const uint8_t *frame,
			 size_t len);

/**
 * slirp_arrivals_end() - it has read: writes what follows into the ring
 *
 * What there is no room for stays with the host, which drops what it cannot hold.
 *
 * Return: bytes of frames that have been written.
 */
size_t slirp_arrivals_end(struct slirp_arrivals *a, struct ring *ring);

#endif
