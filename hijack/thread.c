// SPDX-License-Identifier: GPL-2.0-only
/* The end of a thread and its stack, see thread.h. */
#include <pthread.h>
#include <signal.h>
#include "host.h"
#include "thread.h"

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void (*work)(void);

static void at_exit(void *unused)
{
	(void)unused;
	work();
}

static void make_key(void)
{
	pthread_key_create(&key, at_exit);
}

void thread_at_exit(void (*fn)(void))
{
	work = fn;
	pthread_once(&once, make_key);
	if (!pthread_getspecific(key))
		pthread_setspecific(key, &key);
}

bool thread_left(const void *frame, const void *now)
{
	stack_t alternate;

	/* From there, the stack's addresses do not tell. */
	if (host_syscall3(SYS_sigaltstack, 0, (long)&alternate, 0) < 0 ||
	    alternate.ss_flags & SS_ONSTACK)
		return false;
	/* What a function calls has a lower frame. */
	return frame <= now;
}
