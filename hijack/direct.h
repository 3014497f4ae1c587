/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls of the host that are made here instead of in libc. There, a cancellation
 * point of a process that has threads, and the service thread is one, takes two
 * locked instructions, by which the thread says that a signal may end it.
 *
 * Here the thread says nothing, but each call is in a table. Whoever cancels the
 * thread stores so and sends it a signal. When that finds the call not made yet,
 * or to be made again, it goes on in libc, which ends the thread (pthreads(7)).
 */
#ifndef HIJACK_DIRECT_H
#define HIJACK_DIRECT_H

#include <errno.h>
#include <pthread.h>
#include "code_table.h"
#include "dispatch.h"
#include "host.h"
#include "real.h"

/* The thread's number in the host; 0 while libc makes its calls. */
extern __thread int direct_thread;

/* From label 1, where it looks, to 2, the call; from 3 on it is not made. */
#define DIRECT_CALL CODE_TABLE_ENTRY(direct_calls, 1b, 2b)

/**
 * direct_by_libc() - libc is to make this call of the thread
 *
 * The next ones may be made here, if the thread can be cancelled and is not.
 */
void direct_by_libc(void);

/** direct_failed() - a call has ended with -@err. Return: -1, with errno */
int direct_failed(int err);

/** direct_cancel() - makes a thread, which is cancelled, leave such a call */
void direct_cancel(pthread_t thread);

/** direct_cancelable() - this thread's cancelability state is such */
void direct_cancelable(bool enabled);

/**
 * direct_interrupted() - a handler of signals that has run in this thread returns
 * @context: to where.
 *
 * The thread may have been cancelled since, when it was not in the call any more.
 */
void direct_interrupted(void *context);

/** direct_forked() - the thread is now that of a child of fork() */
void direct_forked(void);

/*
 * direct(read, SYS_read, fd, buf, len): libc's function with the system call
 * that is all of it, whose result it is.
 */
#define direct(name, nr, ...)	\
	direct_args(name, nr, (__VA_ARGS__), __VA_ARGS__, 0, 0, 0, 0, 0, 0)

#define direct_args(name, nr, all, a, b, c, d, e, f, ...)		\
({									\
	long ret_ = HOST_NOT_MADE;					\
									\
	if (__builtin_expect(real_is_libcs(name), 1))			\
		HOST_CALL_IF(direct_thread, ret_, nr, a, b, c, d, e, f,	\
			     DIRECT_CALL);				\
	if (__builtin_expect((unsigned long)ret_ >= -4095UL, 0)) {	\
		if (ret_ == HOST_NOT_MADE) {				\
			direct_by_libc();				\
			ret_ = real(name)all;				\
		} else {						\
			ret_ = direct_failed(-ret_);			\
		}							\
	}								\
	ret_;								\
})

#endif
