/* SPDX-License-Identifier: GPL-2.0-only */
/* What the two sides of the rings share: slirp.c and slirp_thread.c. */
#ifndef LKL_LIB_NETDEV_SLIRP_H
#define LKL_LIB_NETDEV_SLIRP_H

#include <pthread.h>
#include "../host.h"
#include "backend.h"
#include "plugin.h"
#include "publish.h"
#include "ring.h"
#include "slirp_abi.h"
#include "slirp_arrivals.h"
#include "slirp_burst.h"
#include "slirp_closed.h"
#include "slirp_set.h"
#include "slirp_timers.h"

/**
 * struct slirp - its state; what is not said to be others' is the thread's
 * @b: LKL's; its @fd is an eventfd by which the thread wakes LKL.
 * @wake: an eventfd by which LKL wakes the thread.
 * @out, @in: packets that LKL sends, and that it gets.
 * @rx_flags: of the headers of those that it gets; LKL's.
 * @cpu: the processor on which LKL has sent last; LKL's.
 * @closing: the thread is to end.
 * @ip, @ipv6: LKL's addresses, until the thread is @ready.
 * @ports, @port_count: to be published.
 * @failed, @publish_error: the one that could not be, and why; or 0.
 * @set_error: why there is no @set; or 0.
 * @ready: a futex: 1 when the thread has set up everything, or failed to.
 * @set: what to wait for.
 * @burst: datagrams that follow one of the library's.
 * @arrivals: datagrams that follow one that the library has read.
 * @closed: what the library need not keep.
 * @untold: bytes of @in that LKL has not been told of.
 * @put_off: turns since it should have been.
 * @busy: more than 0 where there has been more to do at once lately.
 * @turns: counts them.
 * @moved: bytes of packets, either way, since the last wait.
 * @short_waits: in a row; of more than @needed it looks before it sleeps.
 * @crowded: in so many waits it does not look in a stream, as others want its
 *	processor.
 * @resolved: what the library keeps for want of an address can leave now; it
 *	does so after a wait, and drops what is a second old.
 */
struct slirp {
	struct backend b;
	pthread_t thread;
	int wake;
	struct ring out;
	struct ring in;
	uint8_t rx_flags;
	int cpu;
	bool closing;
	Slirp *library;
	const char *ip;
	const char *ipv6;
	struct published_port ports[PUBLISH_MAX];
	int port_count;
	int failed;
	int publish_error;
	int set_error;
	unsigned int ready;
	struct slirp_timers timers;
	struct slirp_set set;
	struct slirp_burst burst;
	struct slirp_arrivals arrivals;
	struct slirp_closed closed;
	size_t untold;
	unsigned int put_off;
	unsigned int busy;
	unsigned int turns;
	size_t moved;
	unsigned int short_waits;
	unsigned int needed;
	unsigned int crowded;
	bool resolved;
};

/* Wakes who waits for an eventfd, which does not hurt who is awake. */
static inline void slirp_wake(int fd)
{
	const uint64_t one = 1;

	host_write(fd, &one, sizeof(one));
}

/* The functions of libslirp, for plugin_load(). */
extern const struct plugin_symbol slirp_symbols[];

/**
 * slirp_serve() - runs the library until the backend is closed
 * @arg: struct slirp, whose @ready it sets.
 *
 * In a thread of its own, which gets a descriptor table of its own.
 */
void *slirp_serve(void *arg);

#endif
