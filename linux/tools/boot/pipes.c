// SPDX-License-Identifier: GPL-2.0-only
/* Data and waiting between threads of the host. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include "boot.h"

bool test_pipe(void)
{
	char buf[16] = "";
	int fds[2];

	EXPECT_IS(lkl_sys_pipe2(fds, LKL_O_NONBLOCK), 0);
	EXPECT_IS(lkl_sys_read(fds[0], buf, sizeof(buf)), -LKL_EAGAIN);
	EXPECT_IS(lkl_sys_write(fds[1], "pipe", 4), 4);
	EXPECT_IS(lkl_sys_read(fds[0], buf, sizeof(buf)), 4);
	EXPECT(!strcmp(buf, "pipe"));
	EXPECT_IS(lkl_sys_write(fds[0], "x", 1), -LKL_EBADF);
	EXPECT_IS(lkl_sys_close(fds[1]), 0);
	EXPECT_IS(lkl_sys_read(fds[0], buf, sizeof(buf)), 0);
	EXPECT_IS(lkl_sys_close(fds[0]), 0);
	return true;
}

#define TOTAL (4U << 20)

/* Writes TOTAL bytes in parts of changing size, more than the pipe takes. */
static void *write_all(void *arg)
{
	const int *fds = arg;
	static char buf[100000];
	unsigned int sent = 0, part = 1, i;
	long n;

	while (sent < TOTAL) {
		if (part > TOTAL - sent)
			part = TOTAL - sent;
		for (i = 0; i < part; i++)
			buf[i] = (sent + i) * 13;
		n = lkl_sys_write(fds[1], buf, part);
		if (n <= 0) {
			tap_fail(__FILE__, __LINE__, "write: %s",
				 lkl_strerror(n));
			break;
		}
		sent += n;
		part = part * 3 % 100000 + 1;
	}
	lkl_sys_close(fds[1]);
	return NULL;
}

bool test_pipe_blocks(void)
{
	char buf[7000];
	unsigned int received = 0;
	pthread_t writer;
	int fds[2];
	long n, i;

	EXPECT_IS(lkl_sys_pipe2(fds, 0), 0);
	EXPECT_IS(pthread_create(&writer, NULL, write_all, fds), 0);
	while ((n = lkl_sys_read(fds[0], buf, sizeof(buf))) > 0) {
		for (i = 0; i < n; i++)
			EXPECT(buf[i] == (char)((received + i) * 13));
		received += n;
	}
	EXPECT_IS(n, 0);
	EXPECT_IS(pthread_join(writer, NULL), 0);
	EXPECT_IS(received, TOTAL);
	EXPECT_IS(lkl_sys_close(fds[0]), 0);
	return true;
}

static atomic_uint word;

static void *wake(void *unused)
{
	(void)unused;
	atomic_store(&word, 1);
	while (!lkl_sys_futex((__lkl__u32 *)&word, LKL_FUTEX_WAKE, 1, NULL, NULL,
			      0))
		;
	return NULL;
}

bool test_futex(void)
{
	struct __lkl__kernel_timespec moment = { .tv_nsec = 1000000 };
	pthread_t thread;
	long err;

	EXPECT_IS(lkl_sys_futex((__lkl__u32 *)&word, LKL_FUTEX_WAIT, 5, NULL, NULL,
				0), -LKL_EAGAIN);
	EXPECT_IS(lkl_sys_futex((__lkl__u32 *)&word, LKL_FUTEX_WAIT, 0, &moment,
				NULL, 0), -LKL_ETIMEDOUT);
	/* The waker wakes until somebody has waited. */
	atomic_store(&word, 1);
	EXPECT_IS(pthread_create(&thread, NULL, wake, NULL), 0);
	err = lkl_sys_futex((__lkl__u32 *)&word, LKL_FUTEX_WAIT, 1, NULL, NULL, 0);
	EXPECT_IS(pthread_join(thread, NULL), 0);
	EXPECT_IS(err, 0);
	return true;
}

#define READERS 3

static _Thread_local bool reads;
static atomic_uint told;

static void count_reader(void)
{
	if (reads) {
		reads = false;
		told++;
	}
}

static void *read_one(void *arg)
{
	const int *fds = arg;
	char byte;

	reads = true;
	if (lkl_sys_read(fds[0], &byte, 1) != 1)
		tap_fail(__FILE__, __LINE__, "read");
	return NULL;
}

/* Every thread that waits tells so while it does, and none that need not. */
bool test_waits_are_told(void)
{
	pthread_t readers[READERS];
	int fds[2], i;

	EXPECT_IS(lkl_sys_pipe2(fds, 0), 0);
	EXPECT_IS(lkl_sys_write(fds[1], "x", 1), 1);
	told = 0;
	lkl_set_wait(count_reader);
	read_one(fds);
	EXPECT_IS(told, 0);
	reads = false;
	for (i = 0; i < READERS; i++)
		EXPECT_IS(pthread_create(&readers[i], NULL, read_one, fds), 0);
	while (told < READERS)
		sched_yield();
	EXPECT_IS(lkl_sys_write(fds[1], "xxx", READERS), READERS);
	for (i = 0; i < READERS; i++)
		pthread_join(readers[i], NULL);
	lkl_set_wait(NULL);
	lkl_sys_close(fds[0]);
	lkl_sys_close(fds[1]);
	return true;
}
