/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Load over TCP and UDP: what client and server agree on.
 */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <stdatomic.h>
#include <stddef.h>

/* Streams at most: each is a thread, a TCP connection, a UDP port. */
#define LOAD_STREAMS	8

/* The first byte of a connection or datagram says what is wanted. */
#define LOAD_ECHO	'r'	/* give each byte back */
#define LOAD_ONCE	'c'	/* give one byte back, and close */
#define LOAD_SINK	's'	/* take data */
#define LOAD_SOURCE	'S'	/* give data: as much as fits, or (UDP) */
#define LOAD_STOP	'x'	/* ... until this */

/**
 * struct load_shared - a file that server and client map
 * @received: bytes that the server has taken, by stream
 *
 * Both run on one machine, so that what has arrived is known without a message
 * over the path under load.
 */
struct load_shared {
	struct {
		_Alignas(64) atomic_ullong received;
	} stream[LOAD_STREAMS];
};

/**
 * load_map() - maps the file, which is made where it is missing
 * @file: its path.
 */
struct load_shared *load_map(const char *file);

/**
 * load_serve() - serves for ever
 * @port: of TCP, and the first of LOAD_STREAMS ports of UDP.
 * @shared: counts what comes.
 */
_Noreturn void load_serve(int port, struct load_shared *shared);

/**
 * load_buffers() - lets a socket hold much
 * @fd: a UDP socket: a burst is not to be lost because its reader was not on a
 *	processor.
 */
void load_buffers(int fd);

/**
 * load_tcp() - sets a TCP socket up, before it connects or listens
 * @fd: the socket.
 *
 * Both ends of every path send by the same algorithm, where they may choose: a
 * host whose own is another, such as bbr, would be compared by that.
 */
void load_tcp(int fd);

#endif
