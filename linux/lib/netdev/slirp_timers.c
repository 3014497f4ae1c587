// SPDX-License-Identifier: GPL-2.0-only
/* The timers that libslirp asks for, see slirp_timers.h. */
#include "../posix.h"
#include "slirp_timers.h"

struct slirp_timer *slirp_timers_new(struct slirp_timers *timers,
				     SlirpTimerCb call, void *arg)
{
	struct slirp_timer *t = timers->timer;

	while (t < timers->timer + SLIRP_TIMERS - 1 && t->call)
		t++;
	*t = (struct slirp_timer){ call, arg, 0 };
	return t;
}

void slirp_timer_free(struct slirp_timer *timer)
{
	*timer = (struct slirp_timer){ 0 };
}

void slirp_timer_set(struct slirp_timer *timer, int64_t ms)
{
	timer->at = ms * NSEC_PER_MSEC;
}

void slirp_timers_run(struct slirp_timers *timers)
{
	struct slirp_timer *t;

	for (t = timers->timer; t < timers->timer + SLIRP_TIMERS; t++) {
		if (!t->at || t->at > posix_time())
			continue;
		t->at = 0;
		t->call(t->arg);
	}
}

uint32_t slirp_timers_left(const struct slirp_timers *timers, uint32_t most)
{
	unsigned long long now = posix_time(), left;
	const struct slirp_timer *t;

	for (t = timers->timer; t < timers->timer + SLIRP_TIMERS; t++) {
		if (!t->at)
			continue;
		left = t->at > now ? t->at - now : 0;
		left = (left + NSEC_PER_MSEC - 1) / NSEC_PER_MSEC;
		if (left < most)
			most = left;
	}
	return most;
}
