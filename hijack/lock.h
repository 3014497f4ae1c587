/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Locks of this library. A handler of the program that comes here too must not
 * run while its thread has the lock: signals wait meanwhile.
 */
#ifndef HIJACK_LOCK_H
#define HIJACK_LOCK_H

#include <pthread.h>
#include <stdint.h>
#include "host.h"

/** lock_take() - Return: the mask for lock_give() */
static inline uint64_t lock_take(pthread_mutex_t *lock)
{
	uint64_t every = ~0ULL, mask;

	host_sigmask(SIG_SETMASK, &every, &mask);
	pthread_mutex_lock(lock);
	return mask;
}

static inline void lock_give(pthread_mutex_t *lock, uint64_t mask)
{
	pthread_mutex_unlock(lock);
	host_sigmask(SIG_SETMASK, &mask, NULL);
}

#endif
