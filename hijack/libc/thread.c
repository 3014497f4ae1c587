// SPDX-License-Identifier: GPL-2.0-only
/* Cancelling a thread that may be in a call to LKL. */
#include <pthread.h>
#include "libc.h"

EXPORT int pthread_cancel(pthread_t thread)
{
	int err = real(pthread_cancel)(thread);

	if (!err && !pthread_equal(thread, pthread_self()))
		signals_cancel(thread);
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
