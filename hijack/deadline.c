// SPDX-License-Identifier: GPL-2.0-only
/* Points in time, see deadline.h. */
#include <stddef.h>
#include "deadline.h"
#include "host.h"
#include "user.h"

#define NSEC_PER_SEC 1000000000LL

/* Longer waits than that, some 30 years, have no end. */
#define LONG_SEC 1000000000LL

int64_t deadline_now(void)
{
	return host_clock(CLOCK_MONOTONIC);
}

int64_t deadline_after(const struct timespec *timeout)
{
	if (!timeout || timeout->tv_sec > LONG_SEC)
		return DEADLINE_NEVER;
	if (!timeout->tv_sec && !timeout->tv_nsec)
		return 0;
	return deadline_now() + timeout->tv_sec * NSEC_PER_SEC +
	       timeout->tv_nsec;
}

struct timespec *deadline_left(int64_t deadline, struct timespec *left)
{
	int64_t ns = 0;

	if (deadline == DEADLINE_NEVER)
		return NULL;
	if (deadline)
		ns = deadline - deadline_now();
	if (ns < 0)
		ns = 0;
	left->tv_sec = ns / NSEC_PER_SEC;
	left->tv_nsec = ns % NSEC_PER_SEC;
	return left;
}

int deadline_read(const struct timespec *timeout, struct timespec *ts)
{
	if (user_copy(ts, timeout, sizeof(*ts)))
		return -EFAULT;
	return ts->tv_sec < 0 || ts->tv_nsec < 0 || ts->tv_nsec >= NSEC_PER_SEC
		? -EINVAL : 0;
}

int deadline_take(const struct timespec *timeout, int64_t *deadline)
{
	struct timespec ts;
	int err = timeout ? deadline_read(timeout, &ts) : 0;

	if (!err)
		*deadline = deadline_after(timeout ? &ts : NULL);
	return err;
}

void deadline_give(int64_t deadline, struct timespec *timeout)
{
	struct timespec ts;

	if (timeout && deadline_left(deadline, &ts))
		(void)user_copy(timeout, &ts, sizeof(ts));
}
