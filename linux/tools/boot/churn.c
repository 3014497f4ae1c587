// SPDX-License-Identifier: GPL-2.0-only
/* Threads that end leave nothing behind in the kernel. */
#include <pthread.h>
#include "boot.h"

/* Kernel memory that a thread's task needs is more than 16 KiB. */
#define MAY_VARY (2L << 20)

static void *live(void *unused)
{
	char buf[8];
	int pipe[2];

	(void)unused;
	if (lkl_sys_gettid() <= 1 || lkl_sys_pipe2(pipe, 0) ||
	    lkl_sys_write(pipe[1], "12345678", 8) != 8 ||
	    lkl_sys_read(pipe[0], buf, 8) != 8 || lkl_sys_close(pipe[0]) ||
	    lkl_sys_close(pipe[1]))
		tap_fail(__FILE__, __LINE__, "a call failed");
	return NULL;
}

static bool churn(unsigned int rounds)
{
	pthread_t threads[4];
	unsigned int i, j;

	for (i = 0; i < rounds; i += 4) {
		for (j = 0; j < 4; j++)
			EXPECT_IS(pthread_create(&threads[j], NULL, live, NULL),
				  0);
		for (j = 0; j < 4; j++)
			EXPECT_IS(pthread_join(threads[j], NULL), 0);
	}
	return true;
}

struct state {
	long tasks;
	long processes; /* of the whole system, kernel threads included */
	long slab; /* KiB */
	long free; /* bytes */
};

static bool look(struct state *state)
{
	struct lkl_sysinfo info;

	state->tasks = count_entries("/proc/self/task");
	EXPECT_OK(state->tasks);
	state->slab = file_number("/proc/meminfo", "SUnreclaim:");
	EXPECT_OK(state->slab);
	EXPECT_OK(lkl_sys_sysinfo(&info));
	state->processes = info.procs;
	state->free = info.freeram;
	return true;
}

/* What has ended is freed a little later (RCU): waits until it is. */
static bool look_again(const struct state *before, struct state *after)
{
	struct __lkl__kernel_timespec moment = { .tv_nsec = 20000000 };
	int i;

	for (i = 0; i < 500; i++) {
		if (!look(after))
			return false;
		if (after->tasks <= before->tasks &&
		    after->free + MAY_VARY > before->free)
			break;
		EXPECT_IS(lkl_sys_nanosleep(&moment, NULL), 0);
	}
	return true;
}

bool test_thread_churn(void)
{
	struct state before, after;

	if (!churn(400) || !look(&before))
		return false;
	if (!churn(boot_options()->rounds) || !look_again(&before, &after))
		return false;
	tap_note("%u threads; tasks %ld, then %ld; slab %ld, then %ld KiB; free %ld, then %ld KiB",
		 boot_options()->rounds, before.tasks, after.tasks, before.slab,
		 after.slab, before.free >> 10, after.free >> 10);
	EXPECT(after.tasks <= before.tasks);
	EXPECT(after.processes <= before.processes + 2);
	EXPECT(after.slab < before.slab + (MAY_VARY >> 10));
	EXPECT(after.free + MAY_VARY > before.free);
	return true;
}
