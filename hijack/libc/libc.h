/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The shape of an entry point: what is LKL's goes to dispatch(), the rest to
 * the libc function behind ours. Errors become -1 and errno here alone.
 */
#ifndef HIJACK_LIBC_H
#define HIJACK_LIBC_H

#include <errno.h>
#include "direct.h"
#include "dispatch.h"
#include "fdtab.h"
#include "real.h"
#include "signals.h"

#define EXPORT __attribute__((visibility("default")))

/* Whether a descriptor is, or may in part be, LKL's. */
#define OURS(fd) __builtin_expect(fdtab_entry(fd) != 0, 0)

static inline long result(long ret)
{
	if ((unsigned long)ret < -4095UL)
		return ret;
	errno = -ret;
	return -1;
}

/* call(SYS_read, fd, buf, len) */
#define call(...) result(dispatch_call(__VA_ARGS__))

/* The same in a function that is a cancellation point (pthreads(7)). */
#define cancellable_call(nr, ...)					\
	result(signals_cancellable(nr, DISPATCH_ARGS(__VA_ARGS__, 0, 0, 0, \
						     0, 0, 0)))

/* A function whose first argument is a descriptor. */
#define FD_FUNCTION(type, name, nr, params, ...)			\
EXPORT type name params							\
{									\
	if (OURS(fd))							\
		return call(nr, __VA_ARGS__);				\
	return real(name)(__VA_ARGS__);					\
}

/* The same, and a cancellation point. */
#define FD_CANCELLABLE(type, name, nr, params, ...)			\
EXPORT type name params							\
{									\
	if (OURS(fd))							\
		return cancellable_call(nr, __VA_ARGS__);		\
	return direct(name, nr, __VA_ARGS__);				\
}

/* From <bits/...2.h>, without the inline functions that are there. */
void __chk_fail(void) __attribute__((noreturn));

#endif
