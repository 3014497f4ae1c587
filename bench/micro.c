// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a program sees of single calls, run with and without the preload:
 *
 *   micro null          ns of a getppid() in the kernel that serves the network
 *   micro passthrough   ns of calls that are the host's alone: a byte read from
 *                       a file, one written to a pipe and read from it, and an
 *                       epoll_wait() on 1,000 descriptors of the host of four
 *                       kinds; and of one where half of them are sockets
 *   micro memory        resident memory of this process, in bytes
 *   micro loopback      bytes per second from thread to thread over 127.0.0.1
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define CALLS	2000000
#define ROUNDS	10
#define MANY	1000
#define SECONDS	1.5

static char buf[2][1 << 17];

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* LKL's own system call interface, which the preload brings along. */
static double null_call(void)
{
	long (*lkl_syscall)(long nr, const long *args) =
		(long (*)(long, const long *))dlsym(RTLD_DEFAULT, "lkl_syscall");
	const long getppid_of_lkl = 173, args[6] = { 0 };
	double start = now();
	int i;

	for (i = 0; i < CALLS; i++) {
		if (lkl_syscall)
			lkl_syscall(getppid_of_lkl, args);
		else
			syscall(SYS_getppid);
	}
	return (now() - start) / CALLS * 1e9;
}

static int own_file, own_pipe[2];
static int own_set, mixed_set;

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

/* The quietest of some rounds: what else runs on the machine only adds. */
static double time_of(void (*call)(void))
{
	double best = 1e9, start, took;
	int round, i;

	for (round = 0; round < ROUNDS; round++) {
		start = now();
		for (i = 0; i < CALLS / ROUNDS / 4; i++)
			call();
		took = (now() - start) / (CALLS / ROUNDS / 4) * 1e9;
		if (took < best)
			best = took;
	}
	return best;
}

static int passthrough(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		die("getrlimit");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) || pipe(own_pipe))
		die("pipe");
	own_file = open("/proc/self/exe", O_RDONLY);
	own_set = make_set(0);
	mixed_set = make_set(2);
	printf("{\"file\": %.3f, \"pipe\": %.3f, \"epoll\": %.3f, \"mixed\": %.3f}\n",
	       time_of(read_file), time_of(use_pipe) / 2, time_of(wait_own),
	       time_of(wait_mixed));
	return 0;
}

static double memory(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long size, resident;

	if (!f || fscanf(f, "%ld %ld", &size, &resident) != 2)
		die("/proc/self/statm");
	return (double)resident * sysconf(_SC_PAGESIZE);
}

static void *sink(void *arg)
{
	while (read(*(int *)arg, buf[0], sizeof(buf[0])) > 0)
		;
	return NULL;
}

static double loopback(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(addr);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int out = socket(AF_INET, SOCK_STREAM, 0), in;
	double start, sent = 0;
	pthread_t thread;
	ssize_t n;

	if (bind(listener, (struct sockaddr *)&addr, sizeof(addr)) ||
	    listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&addr, &len) ||
	    connect(out, (struct sockaddr *)&addr, sizeof(addr)))
		die("127.0.0.1");
	in = accept(listener, NULL, NULL);
	pthread_create(&thread, NULL, sink, &in);
	start = now();
	while (now() < start + SECONDS) {
		n = write(out, buf[1], sizeof(buf[1]));
		if (n < 0)
			die("write");
		sent += n;
	}
	sent /= now() - start;
	close(out);
	pthread_join(thread, NULL);
	return sent;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		double (*run)(void);
	} modes[] = { { "null", null_call },
		      { "memory", memory },
		      { "loopback", loopback } };
	size_t i;

	if (argc == 2 && !strcmp(argv[1], "passthrough"))
		return passthrough();
	for (i = 0; argc == 2 && i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strcmp(argv[1], modes[i].name))
			continue;
		printf("%.3f\n", modes[i].run());
		return 0;
	}
	fprintf(stderr, "usage: micro null|passthrough|memory|loopback\n");
	return 2;
}
