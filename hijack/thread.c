// SPDX-License-Identifier: GPL-2.0-only
/* The end of a thread and its stack, see thread.h. */
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include "host.h"
#include "thread.h"

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

bool thread_others;
__thread bool thread_cancelled;

#define FUNCTIONS 3

/* Which of @functions this thread has asked for: its bits are the key's value. */
static void (*functions[FUNCTIONS])(void);

static void at_exit(void *bits)
{
	int i;

	for (i = 0; i < FUNCTIONS; i++)
		if ((uintptr_t)bits >> i & 1)
			functions[i]();
}

static void make_key(void)
{
	pthread_key_create(&key, at_exit);
}

void thread_at_exit(void (*fn)(void))
{
	uintptr_t bits;
	int i;

	pthread_once(&once, make_key);
	for (i = 0; i < FUNCTIONS - 1 && functions[i] && functions[i] != fn; i++)
		;
	functions[i] = fn;
	bits = (uintptr_t)pthread_getspecific(key) | 1UL << i;
	pthread_setspecific(key, (void *)bits);
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
