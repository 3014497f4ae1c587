// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clocks and timers. How late something may be depends on what else the
 * machine does: sleeps must never be short, and the best of many must be good.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include "boot.h"

#define MS 1000000ULL
#define SECOND 1000000000ULL

static unsigned long long kernel_ns(int clock)
{
	struct __lkl__kernel_timespec t = { 0 };

	if (lkl_sys_clock_gettime(clock, &t))
		return 0;
	return t.tv_sec * SECOND + t.tv_nsec;
}

bool test_nanosleep(void)
{
	static const unsigned long long lengths[] = { MS / 20, MS, 20 * MS };
	unsigned long long start, took, best;
	struct __lkl__kernel_timespec t = { 0 };
	unsigned int i, round;

	for (i = 0; i < 3; i++) {
		best = ~0ULL;
		for (round = 0; round < 30; round++) {
			t.tv_nsec = lengths[i];
			start = host_ns();
			EXPECT_IS(lkl_sys_nanosleep(&t, NULL), 0);
			took = host_ns() - start;
			EXPECT(took >= lengths[i]);
			if (took < best)
				best = took;
		}
		tap_note("%llu us: late by %.0f us at best", lengths[i] / 1000,
			 (best - lengths[i]) / 1e3);
		EXPECT(best < lengths[i] + 5 * MS);
	}
	t.tv_nsec = SECOND;
	EXPECT_IS(lkl_sys_nanosleep(&t, NULL), -LKL_EINVAL);
	return true;
}

static _Atomic unsigned long long newest;

/* No thread may see a time before one that another has seen already. */
static void *read_clock(void *unused)
{
	unsigned long long seen, now;
	int i;

	(void)unused;
	for (i = 0; i < 100000; i++) {
		seen = atomic_load(&newest);
		now = kernel_ns(LKL_CLOCK_MONOTONIC);
		if (now < seen) {
			tap_fail(__FILE__, __LINE__, "%llu comes after %llu",
				 now, seen);
			break;
		}
		while (seen < now && !atomic_compare_exchange_weak(&newest,
								   &seen, now))
			;
	}
	return NULL;
}

bool test_monotonic(void)
{
	pthread_t threads[4];
	int i;

	for (i = 0; i < 4; i++)
		EXPECT_IS(pthread_create(&threads[i], NULL, read_clock, NULL),
			  0);
	for (i = 0; i < 4; i++)
		EXPECT_IS(pthread_join(threads[i], NULL), 0);
	return true;
}

/* The kernel's clock minus the host's, as bounds: the one is read between. */
static bool offset(long long *low, long long *high)
{
	long long before, now, after;
	int i;

	*low = -(1LL << 62);
	*high = 1LL << 62;
	for (i = 0; i < 1000; i++) {
		before = host_ns();
		now = kernel_ns(LKL_CLOCK_MONOTONIC);
		after = host_ns();
		if (now - after > *low)
			*low = now - after;
		if (now - before < *high)
			*high = now - before;
	}
	EXPECT(*low <= *high);
	return true;
}

bool test_clock_rate(void)
{
	struct __lkl__kernel_timespec t = { .tv_nsec = 300 * MS };
	long long low, high, later_low, later_high;

	if (!offset(&low, &high))
		return false;
	EXPECT_IS(lkl_sys_nanosleep(&t, NULL), 0);
	if (!offset(&later_low, &later_high))
		return false;
	/* 100 parts in a million, though they are the same clock. */
	EXPECT(later_high > low - 30000 && later_low < high + 30000);
	return true;
}

bool test_realtime(void)
{
	struct timespec host;
	long long now, difference;

	clock_gettime(CLOCK_REALTIME, &host);
	now = kernel_ns(LKL_CLOCK_REALTIME);
	difference = now - (long long)(host.tv_sec * SECOND + host.tv_nsec);
	tap_note("%.3f ms from the host's", difference / 1e6);
	EXPECT(difference > -2LL * (long long)SECOND &&
	       difference < 2LL * (long long)SECOND);
	return true;
}

bool test_timerfd(void)
{
	struct __lkl__kernel_itimerspec period = {
		.it_interval = { .tv_nsec = MS },
		.it_value = { .tv_nsec = 2 * MS },
	};
	unsigned long long start = host_ns(), expired = 0, n;
	long fd = lkl_sys_timerfd_create(LKL_CLOCK_MONOTONIC, 0);

	EXPECT_OK(fd);
	EXPECT_IS(lkl_sys_timerfd_settime(fd, 0, &period, NULL), 0);
	while (expired < 10) {
		EXPECT_IS(lkl_sys_read(fd, (char *)&n, sizeof(n)), sizeof(n));
		expired += n;
	}
	EXPECT(host_ns() - start >= 2 * MS + (expired - 1) * MS);
	EXPECT_IS(lkl_sys_close(fd), 0);
	return true;
}
