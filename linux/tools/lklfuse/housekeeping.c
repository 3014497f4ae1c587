// SPDX-License-Identifier: GPL-2.0-only
/* A thread that keeps the clock inside right and the number of nodes small. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include "node.h"

/* LKL's clock goes on from where it began: not through corrections, or sleep. */
#define CLOCK_SECONDS 10
#define CLOCK_TOLERANCE 10000000L	/* ns */

static pthread_t thread;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static bool ending, too_many;

static void set_clock(void)
{
	struct __lkl__kernel_timespec inside, outside;
	struct timespec host;
	long long off;

	clock_gettime(CLOCK_REALTIME, &host);
	if (lkl_sys_clock_gettime(LKL_CLOCK_REALTIME, &inside))
		return;
	off = (host.tv_sec - inside.tv_sec) * 1000000000LL +
	      host.tv_nsec - inside.tv_nsec;
	if (llabs(off) < CLOCK_TOLERANCE)
		return;
	outside.tv_sec = host.tv_sec;
	outside.tv_nsec = host.tv_nsec;
	lkl_sys_clock_settime(LKL_CLOCK_REALTIME, &outside);
}

static void *keep_house(void *unused)
{
	struct timespec until;
	bool trim;

	for (;;) {
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += CLOCK_SECONDS;
		pthread_mutex_lock(&lock);
		while (!ending && !too_many &&
		       pthread_cond_clockwait(&wake, &lock, CLOCK_MONOTONIC,
					      &until) != ETIMEDOUT)
			;
		if (ending)
			break;
		trim = too_many;
		pthread_mutex_unlock(&lock);

		if (trim)
			nodes_trim();
		set_clock();
		pthread_mutex_lock(&lock);
		too_many = false;
		pthread_mutex_unlock(&lock);
	}
	pthread_mutex_unlock(&lock);
	return unused;
}

/* Signals are for libfuse's thread, which they wake. */
int housekeeping_start(void)
{
	sigset_t all, old;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&thread, NULL, keep_house, NULL);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return -err;
}

void housekeeping_wake(void)
{
	pthread_mutex_lock(&lock);
	too_many = true;
	pthread_cond_signal(&wake);
	pthread_mutex_unlock(&lock);
}

void housekeeping_end(void)
{
	pthread_mutex_lock(&lock);
	ending = true;
	pthread_cond_signal(&wake);
	pthread_mutex_unlock(&lock);
	pthread_join(thread, NULL);
}
