/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Datagrams in a row from one port of LKL's to one of the host's, as large as each
 * other. libslirp has one call of the host for each, and what the host does for a
 * datagram is most of its cost. So the library gets the first, which makes or
 * finds the socket and sets it up, and those behind it follow it out of the same
 * socket, together (UDP_SEGMENT, udp(7)).
 */
#ifndef LKL_LIB_NETDEV_SLIRP_BURST_H
#define LKL_LIB_NETDEV_SLIRP_BURST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ports of LKL's whose sockets are known. */
#define SLIRP_FLOWS 64

/* What the host takes together at most. */
#define SLIRP_BURST_BYTES 65000
#define SLIRP_BURST_COUNT 64

/* What a burst has in common; zero where a field is shorter. */
struct slirp_path {
	uint8_t from[16 + 2];		/* address and port */
	uint8_t to[16 + 2];
	uint8_t hops;
	uint8_t version;		/* 4 or 6; 0 for none */
};

/**
 * struct slirp_burst - the burst that there is; zero at the start
 * @flows: sockets of the library, by LKL's port.
 * @first: of the datagram that the library has had, or has now, last.
 * @fd: its socket, where others can follow it.
 * @is_open: there is such a socket.
 * @size: bytes of each datagram in @data; the last may be shorter.
 * @len: bytes in @data.
 */
struct slirp_burst {
	struct slirp_flow {
		uint8_t from[16 + 2];
		uint8_t version;
		int fd;
	} flows[SLIRP_FLOWS];
	struct slirp_path first;
	int fd;
	bool is_open;
	size_t size;
	size_t len;
	uint8_t data[SLIRP_BURST_BYTES];
};

/**
 * slirp_burst_begin() - the library is about to have a packet, its socket is not
 * known yet
 * @packet: with its struct virtio_net_hdr_v1, before its checksum is filled in.
 */
void slirp_burst_begin(struct slirp_burst *b, const uint8_t *packet, size_t len);

/** slirp_burst_begun() - the library has had it */
void slirp_burst_begun(struct slirp_burst *b);

/**
 * slirp_burst_take() - takes a packet that follows the one that the library has had
 * @packet: as in slirp_burst_begin().
 *
 * Return: false where it is for the library, after slirp_burst_end().
 */
bool slirp_burst_take(struct slirp_burst *b, const uint8_t *packet, size_t len);

/** slirp_burst_end() - sends what has been taken; nothing follows it */
void slirp_burst_end(struct slirp_burst *b);

/** slirp_burst_opened() - the library has opened a socket */
void slirp_burst_opened(struct slirp_burst *b, int fd);

/** slirp_burst_closes() - it is about to close one */
void slirp_burst_closes(struct slirp_burst *b, int fd);

#endif
