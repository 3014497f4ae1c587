/* SPDX-License-Identifier: GPL-2.0-only */
/* What has to do with the calling thread: its end, its stack. */
#ifndef HIJACK_THREAD_H
#define HIJACK_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/*
 * Whether the program has ever made a thread. libc makes some by itself, which
 * run what the program gives it (SIGEV_THREAD); they do not count.
 */
extern bool thread_others;

/* Whether this thread has been cancelled; stored by who does it, for good. */
extern __thread bool thread_cancelled;

/*
 * Another thread's own @variable, a pointer. Static thread-local storage lies at
 * the same distance from pthread_t, the thread pointer, in all threads.
 */
#define THREAD_S(thread, variable)					\
	((__typeof__(&(variable)))((char *)&(variable) -		\
				   (char *)pthread_self() + (char *)(thread)))

/**
 * thread_at_exit() - has @fn called at the exit of the calling thread
 * @fn: one of the few that are there; it is called once for a thread.
 */
void thread_at_exit(void (*fn)(void));

/**
 * thread_left() - whether a function has been left by a jump out of a handler
 * @frame: its __builtin_frame_address(0), of this thread.
 * @now: the caller's.
 *
 * False while the function waits for the handler that makes this call.
 */
bool thread_left(const void *frame, const void *now);

#endif
