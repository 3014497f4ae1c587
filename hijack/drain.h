/* SPDX-License-Identifier: GPL-2.0-only */
/* The end of connections, at the program's exit. */
#ifndef HIJACK_DRAIN_H
#define HIJACK_DRAIN_H

#include <stdbool.h>

/**
 * drain_threads() - has the calls end that other threads are in
 *
 * On a host the threads themselves would. A socket that one of them waits for
 * is open until then, though its descriptor is closed.
 *
 * Return: whether there were any; they may have opened others since.
 */
bool drain_threads(void);

/**
 * drain_has_link() - whether anything can leave
 * @ids: LKL's devices, of which @n; negative ones are none.
 *
 * Return: whether one of them is up and has a carrier.
 */
bool drain_has_link(const int *ids, unsigned int n);

/**
 * drain_tcp() - lets closed TCP connections deliver their data and their FIN
 *
 * As a kernel does that outlives the program; for a bounded time, and not when
 * it is in vain.
 */
void drain_tcp(const int *ids, unsigned int n);

#endif
