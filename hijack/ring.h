/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rings of packet sockets that a program maps (packet(7), PACKET_RX_RING).
 *
 * LKL has no MMU with which to show the program its own, so the ring is made
 * here, and filled from the socket when the program waits for it.
 */
#ifndef HIJACK_RING_H
#define HIJACK_RING_H

#include <stdbool.h>
#include <stddef.h>

/** ring_used() - whether there is any; ring_fill() has nothing to do otherwise */
bool ring_used(void);

/** ring_fill() - puts what has arrived at each of the sockets into its ring */
void ring_fill(void);

/**
 * ring_holds() - whether the program has not given back what was filled last
 *
 * The socket is readable as long, though the kernel's own queue is empty.
 */
bool ring_holds(int lkl_fd);

/**
 * ring_set() - PACKET_RX_RING
 * @value: struct tpacket_req, or tpacket_req3 if that is the socket's version.
 *
 * Return: 0 or a negative errno.
 */
long ring_set(int lkl_fd, const void *value, size_t len);

/** ring_map() - mmap(2) of the ring; -ENODEV when the socket has none */
long ring_map(int lkl_fd, const long *args);

/** ring_end() - the socket is closed */
void ring_end(int lkl_fd);

#endif
