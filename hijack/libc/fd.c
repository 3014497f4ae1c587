// SPDX-License-Identifier: GPL-2.0-only
/* Descriptors as such: their end, copies, flags and nature. */
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "libc.h"
#include "sockets.h"

int __fxstat(int version, int fd, struct stat *st);
int __fxstat64(int version, int fd, struct stat64 *st);

EXPORT int close(int fd)
{
	if (OURS(fd))
		return cancellable_call(SYS_close, fd);
	return direct(close, SYS_close, fd);
}

EXPORT int close_range(unsigned int first, unsigned int last, int flags)
{
	return call(SYS_close_range, first, last, flags);
}

EXPORT void closefrom(int first)
{
	(void)call(SYS_close_range, first < 0 ? 0 : first, UINT_MAX, 0);
}

EXPORT int dup(int fd)
{
	return call(SYS_dup, fd);
}

EXPORT int dup2(int fd, int to)
{
	return call(SYS_dup2, fd, to);
}

EXPORT int dup3(int fd, int to, int flags)
{
	return call(SYS_dup3, fd, to, flags);
}

/* The third argument, if any, is an int or a pointer: one register. */
#define VARIADIC(name, nr, type, ours)					\
EXPORT int name(int fd, type request, ...)				\
{									\
	va_list ap;							\
	void *arg;							\
									\
	va_start(ap, request);						\
	arg = va_arg(ap, void *);					\
	va_end(ap);							\
	if (OURS(fd) || (ours))						\
		return call(nr, fd, request, arg);			\
	return real(name)(fd, request, arg);				\
}

VARIADIC(fcntl, SYS_fcntl, int, false)
VARIADIC(fcntl64, SYS_fcntl, int, false)
VARIADIC(ioctl, SYS_ioctl, unsigned long, sockets_if_request(request))

EXPORT int fstat(int fd, struct stat *st)
{
	if (OURS(fd))
		return call(SYS_fstat, fd, st);
	return real(fstat)(fd, st);
}

EXPORT int __fxstat(int version, int fd, struct stat *st)
{
	if (OURS(fd))
		return call(SYS_fstat, fd, st);
	return real(__fxstat)(version, fd, st);
}

/* On 64-bit hosts the two structures are one. */
EXPORT int fstat64(int fd, struct stat64 *st)
{
	return fstat(fd, (struct stat *)st);
}

EXPORT int __fxstat64(int version, int fd, struct stat64 *st)
{
	return __fxstat(version, fd, (struct stat *)st);
}
