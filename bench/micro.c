// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a program sees of single calls, run with and without the preload:
 *
 *   micro null          ns of a getppid() in the kernel that serves the network
 *   micro memory        resident memory of this process, in bytes
 *   micro loopback      bytes per second from thread to thread over 127.0.0.1
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "common.h"

#define CALLS	2000000
#define SECONDS	1.5

static char buf[2][1 << 17];

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

	for (i = 0; argc == 2 && i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strcmp(argv[1], modes[i].name))
			continue;
		printf("%.3f\n", modes[i].run());
		return 0;
	}
	fprintf(stderr, "usage: micro null|memory|loopback\n");
	return 2;
}
