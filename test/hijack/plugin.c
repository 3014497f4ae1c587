// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A library that uses the network: when it is asked, when it is loaded and when
 * it is unloaded. It also stands in front of functions of libc.
 */
#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

EXPORT int plugin_use(void);
EXPORT int plugin_preads(void);
int __xstat(int version, const char *path, struct stat *st);

static int preads;

/* Sends a datagram to itself over loopback. Returns whether it came. */
EXPORT int plugin_use(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(addr);
	int s = socket(AF_INET, SOCK_DGRAM, 0), ok;
	char c = 0;

	ok = !bind(s, (struct sockaddr *)&addr, len) &&
	     !getsockname(s, (struct sockaddr *)&addr, &len) &&
	     sendto(s, "x", 1, 0, (struct sockaddr *)&addr, len) == 1 &&
	     recv(s, &c, 1, 0) == 1 && c == 'x';
	close(s);
	return ok;
}

/* Stands in front of a function, as a tool does that counts calls. */
EXPORT ssize_t pread(int fd, void *buf, size_t len, off_t at)
{
	static ssize_t (*next)(int fd, void *buf, size_t len, off_t at);
	ssize_t n;

	if (!next)
		next = (__typeof__(next))dlsym(RTLD_NEXT, "pread");
	n = next(fd, buf, len, at);
	preads += n > 0;
	return n;
}

EXPORT int plugin_preads(void)
{
	return preads;
}

/* A function by way of its older name, as fakeroot has it. */
EXPORT int stat(const char *path, struct stat *st)
{
	return __xstat(1, path, st);
}

EXPORT int __xstat(int version, const char *path, struct stat *st)
{
	static int (*next)(int version, const char *path, struct stat *st);

	if (!next)
		next = (__typeof__(next))dlsym(RTLD_NEXT, "__xstat");
	return next(version, path, st);
}

/* A clock that stands still, as that of libfaketime. */
EXPORT int clock_gettime(clockid_t clock, struct timespec *ts)
{
	static int (*next)(clockid_t clock, struct timespec *ts);

	if (!next)
		next = (__typeof__(next))dlsym(RTLD_NEXT, "clock_gettime");
	if (!getenv("PLUGIN_CLOCK"))
		return next(clock, ts);
	*ts = (struct timespec){ .tv_sec = 1 };
	return 0;
}

__attribute__((constructor)) static void loaded(void)
{
	if (getenv("PLUGIN_EARLY"))
		dprintf(1, "early %d\n", plugin_use());
}

__attribute__((destructor)) static void unloaded(void)
{
	if (getenv("PLUGIN_EARLY"))
		dprintf(1, "late %d\n", plugin_use());
}
