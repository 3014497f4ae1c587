/* SPDX-License-Identifier: GPL-2.0-only */
/* The timers that libslirp asks for; they run in its thread. */
#ifndef LKL_LIB_NETDEV_SLIRP_TIMERS_H
#define LKL_LIB_NETDEV_SLIRP_TIMERS_H

#include "slirp_abi.h"

#define SLIRP_TIMERS 4
#define NSEC_PER_MSEC 1000000ULL

/* All of them, zero at the start. */
struct slirp_timers {
	struct slirp_timer {
		SlirpTimerCb call;
		void *arg;
		unsigned long long at;	/* ns; 0 when it does not run */
	} timer[SLIRP_TIMERS];
};

/** slirp_timers_new() - makes a timer that calls @call with @arg */
struct slirp_timer *slirp_timers_new(struct slirp_timers *timers,
				     SlirpTimerCb call, void *arg);

/** slirp_timer_free() - undoes slirp_timers_new() */
void slirp_timer_free(struct slirp_timer *timer);

/** slirp_timer_set() - starts it; @ms: when, by the clock of posix_time() */
void slirp_timer_set(struct slirp_timer *timer, int64_t ms);

/** slirp_timers_run() - calls those that are due */
void slirp_timers_run(struct slirp_timers *timers);

/**
 * slirp_timers_left() - how long a wait may last
 *
 * Return: milliseconds, rounded up, until the first timer is due; at most @most.
 */
uint32_t slirp_timers_left(const struct slirp_timers *timers, uint32_t most);

#endif
