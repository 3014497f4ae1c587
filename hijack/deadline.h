/* SPDX-License-Identifier: GPL-2.0-only */
/* Points in time at which waits end. */
#ifndef HIJACK_DEADLINE_H
#define HIJACK_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define DEADLINE_NEVER INT64_MAX

/** deadline_now() - the monotonic clock, in nanoseconds */
int64_t deadline_now(void);

/** deadline_after() - when a wait of @timeout (NULL: without end) ends */
int64_t deadline_after(const struct timespec *timeout);

/**
 * deadline_left() - the time until @deadline
 *
 * Return: @left, filled; NULL when the deadline never comes.
 */
struct timespec *deadline_left(int64_t deadline, struct timespec *left);

/** deadline_passed() - whether it is @deadline or later */
static inline bool deadline_passed(int64_t deadline)
{
	return deadline != DEADLINE_NEVER &&
	       (!deadline || deadline_now() >= deadline);
}

/** deadline_valid() - whether system calls take @timeout */
static inline bool deadline_valid(const struct timespec *timeout)
{
	return !timeout || (timeout->tv_sec >= 0 && timeout->tv_nsec >= 0 &&
			    timeout->tv_nsec < 1000000000L);
}

#endif
