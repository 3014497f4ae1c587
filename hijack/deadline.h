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

/**
 * deadline_read() - reads the program's *@timeout
 *
 * Return: 0, -EFAULT, or -EINVAL for a time that system calls do not take.
 */
int deadline_read(const struct timespec *timeout, struct timespec *ts);

/** deadline_take() - when the wait of *@timeout, if not NULL, ends; likewise */
int deadline_take(const struct timespec *timeout, int64_t *deadline);

/**
 * deadline_give() - writes the time that is left into the program's @timeout
 *
 * That it cannot be written is no error, as the wait is over. NULL is allowed.
 */
void deadline_give(int64_t deadline, struct timespec *timeout);

/** deadline_passed() - whether it is @deadline or later */
static inline bool deadline_passed(int64_t deadline)
{
	return deadline != DEADLINE_NEVER &&
	       (!deadline || deadline_now() >= deadline);
}

#endif
