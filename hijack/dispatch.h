/* SPDX-License-Identifier: GPL-2.0-only */
/* From a host system call number and its arguments to the kernel that serves it. */
#ifndef HIJACK_DISPATCH_H
#define HIJACK_DISPATCH_H

#include <sys/syscall.h>
#include "host.h"

/**
 * dispatch() - makes a system call where it belongs
 * @nr: the host's number of the call.
 * @args: its six arguments, descriptors as the program knows them.
 *
 * Return: its result, a negative errno on failure.
 */
long dispatch(long nr, const long *args);

#define DISPATCH_ARGS(a, b, c, d, e, f, ...) \
	((long[6]){ (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), \
		    (long)(f) })
/* dispatch_call(SYS_read, fd, buf, len) */
#define dispatch_call(nr, ...) \
	dispatch(nr, DISPATCH_ARGS(__VA_ARGS__, 0, 0, 0, 0, 0, 0))

/**
 * host_call() - the call, made in the host, where no argument is LKL's
 */
static inline long host_call(long nr, const long *args)
{
	return host_syscall6(nr, args[0], args[1], args[2], args[3], args[4],
			     args[5]);
}

/**
 * lkl_call() - makes a call in LKL and minds the program's signals
 * @nr: number in LKL's table.
 *
 * The handlers of signals that came during the call have run when it returns,
 * and the call was restarted or ended with -EINTR as signal(7) demands.
 */
long lkl_call(long nr, const long *args);

#define lkl_do(nr, ...) \
	lkl_call(nr, DISPATCH_ARGS(__VA_ARGS__, 0, 0, 0, 0, 0, 0))

/* The special rows of calls.def; each documented where it is defined. */
#define FD(name, class, arguments)
#define SPECIAL(name, class, arguments, function) \
	long function(const long *args);
#include "calls.def"
#undef FD
#undef SPECIAL

#endif
