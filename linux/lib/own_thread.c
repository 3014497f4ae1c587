// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads of this library, see own_thread.h.
 *
 * A program ends with its last thread (pthread_exit(3)). libc counts them, ours
 * too, in a variable that is there for debuggers: ours are taken out of it while
 * they live, as libc does so itself at their end.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include "host.h"
#include "own_thread.h"

_Thread_local bool own_thread;

/* Null in another libc: there our threads keep the program. */
static unsigned int *counted;

int own_thread_create(pthread_t *thread, const pthread_attr_t *attr,
		      void *(*fn)(void *), void *arg)
{
	int err;

	counted = dlsym(RTLD_DEFAULT, "__nptl_nthreads");
	err = pthread_create(thread, attr, fn, arg);
	if (!err && counted)
		__atomic_sub_fetch(counted, 1, __ATOMIC_RELAXED);
	return err;
}

void own_thread_begin(const char *name)
{
	const uint64_t most = ~(3ULL << 31);

	own_thread = true;
	host_prctl(PR_SET_NAME, (unsigned long)name);
	host_sigmask(SIG_SETMASK, &most, NULL);
}

void own_thread_end(void)
{
	/* Where the program's last one has gone it ends by that, not by ours. */
	if (counted && __atomic_add_fetch(counted, 1, __ATOMIC_RELAXED) == 1)
		__atomic_add_fetch(counted, 1, __ATOMIC_RELAXED);
}
