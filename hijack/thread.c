// SPDX-License-Identifier: GPL-2.0-only
/* Work at the exit of a thread. */
#include <pthread.h>
#include "readiness.h"

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void (*work)(void *unused);

static void make_key(void)
{
	pthread_key_create(&key, work);
}

void thread_at_exit(void (*fn)(void *unused))
{
	work = fn;
	pthread_once(&once, make_key);
	pthread_setspecific(key, &key);
}
