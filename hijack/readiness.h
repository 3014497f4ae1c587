/* SPDX-License-Identifier: GPL-2.0-only */
/* What readiness.c and epoll.c share: deadlines, and the ends of threads and forks. */
#ifndef HIJACK_READINESS_H
#define HIJACK_READINESS_H

#include <stdint.h>
#include <time.h>

#define POLL_FOREVER INT64_MAX

/** poll_now() - the monotonic clock, in nanoseconds */
int64_t poll_now(void);

/** poll_deadline() - when a wait of @timeout (NULL: without end) ends */
int64_t poll_deadline(const struct timespec *timeout);

/**
 * poll_left() - the time until @deadline
 *
 * Return: @left, filled; NULL when the deadline never comes.
 */
struct timespec *poll_left(int64_t deadline, struct timespec *left);

/** poll_forget() - in a child of fork(): what was opened is the parent's */
void poll_forget(void);

/** thread_at_exit() - has @fn called at the exit of the calling thread */
void thread_at_exit(void (*fn)(void *unused));

#endif
