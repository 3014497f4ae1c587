// SPDX-License-Identifier: GPL-2.0-only
/* The dispatch table (calls.def), indexed by the host's call number. */
#include <errno.h>
#include <stdbool.h>
#include "boot.h"
#include "dispatch.h"
#include "fdtab.h"
#include "lkl_nr.h"
#include "signals.h"
#include "trace.h"

struct route {
	short lkl_nr;			/* the same call in LKL */
	bool net;			/* about a socket */
	long (*special)(const long *args);
};

/* Of the classes of calls.def. */
enum { NET_net = 1, NET_fd = 0, NET_path = 0, NET_ready = 0, NET_process = 0 };

static const struct route routes[] = {
#define FD(name, class, arguments) \
	[SYS_##name] = { .lkl_nr = __lkl__NR_##name, .net = NET_##class },
#define SPECIAL(name, class, arguments, function) \
	[SYS_##name] = { .special = function, .net = NET_##class },
#include "calls.def"
#undef FD
#undef SPECIAL
};

/* Submission queues reach the host kernel behind our back: programs fall back. */
long call_refused(const long *args)
{
	(void)args;
	return -ENOSYS;
}

/*
 * Whether a child of fork() talks on a socket that it has from its parent. What
 * is asked of any file, the shadow answers well enough.
 */
static bool talks_on_parents(long nr, const struct route *route,
			     const long *args)
{
	if (__builtin_expect(!fdtab_parents(args[0]), 1))
		return false;
	switch (nr) {
	case SYS_socket:
	case SYS_socketpair:
		return false;
	case SYS_read:
	case SYS_readv:
	case SYS_write:
	case SYS_writev:
		return true;
	default:
		return route->net;
	}
}

static long follow(const struct route *route, long nr, const long *args)
{
	int lkl_fd;

	if (talks_on_parents(nr, route, args))
		return boot_inherited();
	if (route->special)
		return route->special(args);
	if (!route->lkl_nr)
		return host_call(nr, args);
	lkl_fd = fdtab_lkl(args[0]);
	if (lkl_fd < 0)
		return fdtab_hidden(args[0]) ? -EBADF : host_call(nr, args);
	return lkl_call(route->lkl_nr, (long[6]){ lkl_fd, args[1], args[2],
						  args[3], args[4], args[5] });
}

static long take_route(long nr, const long *args)
{
	uint32_t before;
	long ret;

	if ((unsigned long)nr >= sizeof(routes) / sizeof(routes[0]))
		return host_call(nr, args);
	do {
		before = fdtab_entry(args[0]);
		ret = follow(&routes[nr], nr, args);
		/* Of a descriptor that another thread has just replaced. */
	} while (__builtin_expect(ret == -EBADF, 0) && before &&
		 fdtab_entry(args[0]) != before);
	signals_let_in();
	return ret;
}

long dispatch(long nr, const long *args)
{
	if (__builtin_expect(trace_classes != 0, 0))
		return trace_call(nr, args, take_route);
	return take_route(nr, args);
}
