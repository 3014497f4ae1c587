// SPDX-License-Identifier: GPL-2.0-only
/* The end of the kernel, and what it has said all the time. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include "boot.h"

/* A thread that is in the kernel when it ends. */
struct guest {
	pthread_t thread;
	_Atomic(struct lkl_thread *) self;
	long (*stay)(void);
	long result;
};

static long stay_reading(void)
{
	int pipe[2];
	char c;

	lkl_sys_pipe2(pipe, 0);
	return lkl_sys_read(pipe[0], &c, 1);
}

static long stay_asleep(void)
{
	struct __lkl__kernel_timespec t = { .tv_sec = 1000 };

	return lkl_sys_nanosleep(&t, NULL);
}

static long stay_waiting(void)
{
	struct lkl_epoll_event event;

	return lkl_sys_epoll_pwait(lkl_sys_epoll_create1(0), &event, 1, -1,
				   NULL, 0);
}

static long stay_accepting(void)
{
	long fd = lkl_sys_socket(LKL_AF_INET, LKL_SOCK_STREAM, 0);

	lkl_sys_listen(fd, 1);
	return lkl_sys_accept4(fd, NULL, NULL, 0);
}

static long stay_on_futex(void)
{
	static __lkl__u32 word;

	return lkl_sys_futex(&word, LKL_FUTEX_WAIT, 0, NULL, NULL, 0);
}

static long stay_busy(void)
{
	long pid;

	while ((pid = lkl_sys_getpid()) == 1)
		;
	return pid;
}

static void *be_guest(void *arg)
{
	struct guest *guest = arg;

	lkl_sys_getpid();
	atomic_store(&guest->self, lkl_self());
	guest->result = guest->stay();
	return NULL;
}

static struct guest guests[] = {
	{ .stay = stay_reading },   { .stay = stay_asleep },
	{ .stay = stay_waiting },   { .stay = stay_accepting },
	{ .stay = stay_on_futex },  { .stay = stay_busy },
};

#define GUESTS (sizeof(guests) / sizeof(guests[0]))

bool test_halt(void)
{
	struct __lkl__kernel_timespec moment = { .tv_nsec = 10000000 };
	unsigned int i;

	for (i = 0; i < GUESTS; i++) {
		EXPECT_IS(pthread_create(&guests[i].thread, NULL, be_guest,
					 &guests[i]), 0);
		while (!atomic_load(&guests[i].self) ||
		       !lkl_kernel_inside(guests[i].self))
			sched_yield();
	}
	/* Whether they wait already makes no difference, but most shall. */
	EXPECT_IS(lkl_sys_nanosleep(&moment, NULL), 0);
	EXPECT_IS(lkl_halt(), 0);
	for (i = 0; i < GUESTS; i++) {
		EXPECT_IS(pthread_join(guests[i].thread, NULL), 0);
		tap_note("guest %u: %s", i, lkl_strerror(guests[i].result));
		EXPECT_IS(guests[i].result, -LKL_ENODEV);
	}
	return true;
}

bool test_after_halt(void)
{
	EXPECT(!lkl_is_running());
	EXPECT_IS(lkl_sys_getpid(), -LKL_ENODEV);
	EXPECT_IS(lkl_if_up(1), -LKL_ENODEV);
	EXPECT_IS(lkl_halt(), -LKL_ENODEV);
	EXPECT_IS(lkl_start_kernel("mem=64M"), -LKL_EBUSY);
	return true;
}

bool test_log(void)
{
	static const char *const bad[] = {
		"WARNING", "BUG", "Call Trace", "Oops", "panic", "mismatch",
		"INFO: task", "scheduling while atomic", "stall", "leak",
		"inconsistent", "possible recursive", "UBSAN", "KASAN",
		"allocation failure", "Unable to",
	};
	static char tail[16385];
	unsigned int i;

	EXPECT(log_find("Linux version 6.12."));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (log_find(bad[i]))
			return tap_fail(__FILE__, __LINE__,
					"\"%s\" is in the log; see --verbose",
					bad[i]);
	EXPECT(lkl_log_tail(tail, sizeof(tail)) > 0);
	EXPECT(strstr(tail, "System halted"));
	return true;
}
