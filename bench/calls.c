// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Batches of calls that are the host's alone, for passthrough.ts, which runs
 * this with the preload and without and has both work in turns: for each digit
 * on standard input a batch of that kind is made, and the nanoseconds of one
 * call are printed.
 *
 *   0  a byte read from a file
 *   1  a byte written to a pipe, or read from it
 *   2  epoll_wait() on 1,000 descriptors of the host of four kinds
 *   3  the same, where half of them are sockets
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include "common.h"

#define CALLS	1000
#define WARM	50		/* calls before the clock is read */
#define MANY	1000

static int own_file, own_pipe[2], own_set, mixed_set;

static void read_file(void)
{
	char c;

	if (pread(own_file, &c, 1, 0) != 1)
		die("pread");
}

static void use_pipe(void)
{
	char c = 0;

	if (write(own_pipe[1], &c, 1) != 1 || read(own_pipe[0], &c, 1) != 1)
		die("pipe");
}

static void wait_in(int set)
{
	struct epoll_event event;

	if (epoll_wait(set, &event, 1, 1000) != 1)
		die("epoll_wait");
}

static void wait_own(void)
{
	wait_in(own_set);
}

static void wait_mixed(void)
{
	wait_in(mixed_set);
}

static int descriptor(int kind)
{
	int fds[2];

	switch (kind) {
	case 0:
		return eventfd(0, 0);
	case 1:
		return timerfd_create(CLOCK_MONOTONIC, 0);
	case 2:
		return pipe(fds) ? -1 : fds[0];
	case 3:
		return socketpair(AF_UNIX, SOCK_STREAM, 0, fds) ? -1 : fds[0];
	default:
		return socket(AF_INET, SOCK_DGRAM, 0);
	}
}

/* A set of MANY, of which one is always ready; every @nth is a socket. */
static int make_set(int nth)
{
	struct epoll_event event = { .events = EPOLLIN };
	int set = epoll_create1(0), ready = eventfd(1, 0), i, fd;

	for (i = 1; i < MANY; i++) {
		fd = descriptor(nth && i % nth == 0 ? 4 : i % 4);
		if (fd < 0 || epoll_ctl(set, EPOLL_CTL_ADD, fd, &event))
			die("epoll_ctl");
	}
	if (epoll_ctl(set, EPOLL_CTL_ADD, ready, &event))
		die("epoll_ctl");
	return set;
}

static double batch(void (*call)(void))
{
	double start;
	int i;

	for (i = 0; i < WARM; i++)
		call();
	start = now();
	for (i = 0; i < CALLS; i++)
		call();
	return (now() - start) * 1e9 / CALLS;
}

/* Both processes on one processor: no two are equally fast at any time. */
static void pin(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		die("sched_setaffinity");
}

int main(void)
{
	static const struct {
		void (*call)(void);
		int calls;		/* that it makes */
	} kinds[] = { { read_file, 1 },
		      { use_pipe, 2 },
		      { wait_own, 1 },
		      { wait_mixed, 1 } };
	struct rlimit limit;
	int kind;

	pin();
	if (getrlimit(RLIMIT_NOFILE, &limit))
		die("getrlimit");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) || pipe(own_pipe))
		die("pipe");
	own_file = open("/proc/self/exe", O_RDONLY);
	if (own_file < 0)
		die("open");
	own_set = make_set(0);
	mixed_set = make_set(2);
	while ((kind = getchar()) != EOF) {
		kind -= '0';
		if (kind < 0 || kind > 3)
			continue;
		printf("%.3f\n", batch(kinds[kind].call) / kinds[kind].calls);
		fflush(stdout);
	}
	return 0;
}
