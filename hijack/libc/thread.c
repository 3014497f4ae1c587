// SPDX-License-Identifier: GPL-2.0-only
/* Making threads, and cancelling one that may be in a call to LKL. */
#include <pthread.h>
#include <threads.h>
#include "libc.h"
#include "thread.h"

EXPORT int pthread_create(pthread_t *thread, const pthread_attr_t *attr,
			  void *(*fn)(void *), void *arg)
{
	thread_others = true;
	return real(pthread_create)(thread, attr, fn, arg);
}

EXPORT int thrd_create(thrd_t *thread, thrd_start_t fn, void *arg)
{
	thread_others = true;
	return real(thrd_create)(thread, fn, arg);
}

EXPORT int pthread_cancel(pthread_t thread)
{
	int err = real(pthread_cancel)(thread);

	if (err)
		return err;
	__atomic_store_n(THREAD_S(thread, thread_cancelled), true,
			 __ATOMIC_SEQ_CST);
	if (!pthread_equal(thread, pthread_self()))
		signals_cancel(thread);
	direct_cancel(thread);
	return 0;
}

EXPORT int pthread_setcancelstate(int state, int *old)
{
	int err = real(pthread_setcancelstate)(state, old);

	if (!err)
		direct_cancelable(state == PTHREAD_CANCEL_ENABLE);
	return err;
}

/*
 * A thread that may end anywhere may not do so in LKL's kernel: there, its type
 * is put aside (signals_cancellable()).
 */
EXPORT int pthread_setcanceltype(int type, int *old)
{
	int err = real(pthread_setcanceltype)(type, old);

	if (!err)
		signals_cancel_anywhere(type == PTHREAD_CANCEL_ASYNCHRONOUS);
	return err;
}
