// SPDX-License-Identifier: GPL-2.0-only
/* Work at the exit of a thread. */
#include <pthread.h>
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
