// SPDX-License-Identifier: GPL-2.0-or-later
/* A thread that ends, however, leaves no task in LKL's kernel. */
#include <dlfcn.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/sysinfo.h>
#include <unistd.h>
#include "run.h"

#define LKL_NR_SYSINFO 179	/* asm-generic */

/* How many tasks LKL has. */
static int tasks(void)
{
	long (*lkl_syscall)(long nr, const long *args) =
		(long (*)(long, const long *))dlsym(RTLD_DEFAULT, "lkl_syscall");
	struct sysinfo info;

	CHECK(lkl_syscall);
	CHECK_EQ(lkl_syscall(LKL_NR_SYSINFO, (long[6]){ (long)&info }), 0);
	return info.procs;
}

static void *uses(void *arg)
{
	int s = socket(AF_INET, SOCK_DGRAM, 0), p[2];
	struct pollfd fds[2] = { { s, POLLIN, 0 }, { -1, POLLIN, 0 } };

	CHECK(s >= 0);
	CHECK_EQ(pipe(p), 0);
	fds[1].fd = p[0];
	CHECK_EQ(poll(fds, 2, 1), 0);
	close(p[0]);
	close(p[1]);
	close(s);
	return arg;
}

static void *exits(void *arg)
{
	uses(NULL);
	pthread_exit(arg);
}

static void *blocks(void *arg)
{
	char c;

	return recv(*(int *)arg, &c, 1, 0) ? NULL : arg;
}

int main(void)
{
	static struct ended ended;
	pthread_t thread[100];
	int round, i, s, before = 0, count = 0;

	if (!again()) {
		run_hijacked(NULL, NULL, NULL, &ended);
		fputs(ended.err, stderr);
		CHECK_EQ(ended.status, 0);
		return 0;
	}
	s = socket(AF_INET, SOCK_DGRAM, 0);
	for (round = 0; round < 5; round++) {
		for (i = 0; i < 100; i++)
			CHECK_EQ(pthread_create(&thread[i], NULL,
						i % 3 == 0 ? uses : i % 3 == 1
						? exits : blocks, &s), 0);
		for (i = 2; i < 100; i += 3)
			CHECK_EQ(pthread_cancel(thread[i]), 0);
		for (i = 0; i < 100; i++)
			CHECK_EQ(pthread_join(thread[i], NULL), 0);
		count = tasks();
		if (!round)
			before = count;
	}
	/* Workers of the kernel come and go; 400 threads would show. */
	CHECK(count < before + 10);
	return 0;
}
