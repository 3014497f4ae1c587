/* SPDX-License-Identifier: GPL-2.0-only */
/* The end of connections, at the program's exit. */
#ifndef HIJACK_DRAIN_H
#define HIJACK_DRAIN_H

/**
 * drain_tcp() - lets closed TCP connections deliver their data and their FIN
 *
 * As a kernel does that outlives the program; for a bounded time.
 */
void drain_tcp(void);

#endif
