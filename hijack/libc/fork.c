// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ways to a child that run no handlers of pthread_atfork(3). Those of
 * vfork(2)'s kind share the parent's memory, whose table is not theirs to
 * change (boot_foreign()).
 */
#include <sched.h>
#include <stdarg.h>
#include <unistd.h>
#include "boot.h"
#include "libc.h"
#include "thread.h"
#include "user.h"

EXPORT pid_t _Fork(void)
{
	pid_t pid = real(_Fork)();

	if (!pid)
		boot_in_child(false);
	return pid;
}

struct start {
	int (*fn)(void *arg);
	void *arg;
	int flags;
};

static int start_child(void *arg)
{
	const struct start *start = arg;

	boot_in_child(start->flags & CLONE_FILES);
	return start->fn(start->arg);
}

EXPORT int clone(int (*fn)(void *arg), void *stack, int flags, void *arg, ...)
{
	struct start start = { fn, arg, flags };
	void *rest[3];
	va_list ap;
	int i;

	va_start(ap, arg);
	for (i = 0; i < 3; i++)
		rest[i] = va_arg(ap, void *);
	va_end(ap);
	if ((flags & (CLONE_VM | CLONE_VFORK)) == CLONE_VM)
		thread_others = true;
	/* With memory of its own, the child has this frame, too. */
	if (fn && !(flags & CLONE_VM))
		return real(clone)(start_child, stack, flags, &start, rest[0],
				   rest[1], rest[2]);
	return real(clone)(fn, stack, flags, arg, rest[0], rest[1], rest[2]);
}

/* fork(2) and vfork(2) as plain system calls: syscall(SYS_fork). */
static long plain(long nr, const long *args, uint64_t flags)
{
	long pid;

	if (flags & CLONE_VM)
		thread_others = true;
	pid = host_call(nr, args);
	if (!pid && !(flags & CLONE_VM))
		boot_in_child(flags & CLONE_FILES);
	return pid;
}

long call_fork(const long *args)
{
	return plain(SYS_fork, args, 0);
}

long call_clone(const long *args)
{
	return plain(SYS_clone, args, args[0]);
}

/* clone3(2): the flags are the first word of its structure. */
long call_clone3(const long *args)
{
	uint64_t flags;

	user_get(flags, (const uint64_t *)args[0], bad);
	return plain(SYS_clone3, args, flags);
bad:
	return host_call(SYS_clone3, args);
}
