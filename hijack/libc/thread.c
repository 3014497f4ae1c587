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
