// SPDX-License-Identifier: GPL-2.0-only
/*
 * epoll(7) over descriptors of both sides: every descriptor is watched by its
 * own kernel, with all of that kernel's modes; waiting is done in the twin, if
 * a set has one (epoll_set.h).
 */
#include <errno.h>
#include <sys/epoll.h>
#include "boot.h"
#include "deadline.h"
#include "dispatch.h"
#include "epoll_set.h"
#include "epoll_waiter.h"
#include "fdtab.h"
#include "lkl_nr.h"
#include "ring.h"
#include "signals.h"

static long create(long nr, const long *args)
{
	long fd = host_call(nr, args);

	if (fd >= 0 && fd < (long)FDTAB_SIZE && !boot_foreign())
		epoll_set_enter(fd);
	return fd;
}

/* epoll_create(2) */
long call_epoll_create(const long *args)
{
	return create(SYS_epoll_create, args);
}

/* epoll_create1(2) */
long call_epoll_create1(const long *args)
{
	return create(SYS_epoll_create1, args);
}

/* LKL's number for a member of a set, -1 when it is the host's. */
static int member(int fd, bool add)
{
	int lkl_fd = fdtab_lkl(fd);

	if (lkl_fd >= 0)
		return lkl_fd;
	/*
	 * A set in a set is a member by its twin, which speaks for both sides,
	 * whenever it gets descriptors of which.
	 */
	if (add && epoll_set_of(fd) && !boot_foreign())
		return epoll_set_make_twin(fd);
	return epoll_set_twin(fd);
}

/* epoll_ctl(2) */
long call_epoll_ctl(const long *args)
{
	bool add = (int)args[1] == EPOLL_CTL_ADD;
	int lkl_fd, twin;

	if (!fdtab_entry(args[2]) || (int)args[0] == (int)args[2])
		return host_call(SYS_epoll_ctl, args);
	/* Its shadow would be ready all the time, and every use of it fail. */
	if (add && fdtab_parents(args[2]))
		return boot_inherited();
	lkl_fd = member(args[2], add);
	if (lkl_fd < 0)
		return host_call(SYS_epoll_ctl, args);
	twin = add ? epoll_set_make_twin(args[0]) : epoll_set_twin(args[0]);
	if (add && twin < 0)
		return twin;
	/* The host's set, which has no shadows in it, knows what is wrong. */
	if (twin < 0)
		return host_call(SYS_epoll_ctl, args);
	return lkl_do(__lkl__NR_epoll_ctl, twin, args[1], lkl_fd, args[3]);
}

static long wait_twin(int epfd, int twin, struct epoll_event *events, int max,
		      int64_t deadline)
{
	struct timespec left;
	int n, host;

	if (max <= 0)
		return -EINVAL;
	for (;;) {
		n = lkl_do(__lkl__NR_epoll_pwait2, twin, events, max,
			   deadline_left(deadline, &left), 0, 0);
		if (n < 0)
			return n;
		/*
		 * LKL rotates its ready members, so the host has its turn. Its
		 * events may be there before the mirror has learnt of them.
		 */
		epoll_set_take_mark(events, &n);
		host = n < max ? host_epoll_wait(epfd, events + n, max - n, 0)
			       : 0;
		if (host > 0) {
			host += n;
			if (epoll_set_take_mark(events, &host))
				epoll_set_alarm_seen(epoll_set_of(epfd));
			n = host;
		}
		if (n || deadline_passed(deadline))
			return n;
	}
}

/* One wait, as the arguments of the host's call say. */
struct wait {
	long nr;
	const long *args;
	const struct timespec *timeout;
	const uint64_t *mask;
	size_t mask_size;
};

static long call_wait(const struct wait *w)
{
	int fd = w->args[0], twin, n;
	struct epoll_event *events = (struct epoll_event *)w->args[1];
	int64_t deadline = deadline_after(w->timeout);
	struct epoll_waiter *waiter = epoll_waiter_begin(fd);
	uint64_t saved;
	long ret;

	if (waiter) {
		n = host_call(w->nr, w->args);
		if (epoll_waiter_end(waiter, events, &n))
			return n;
	}
	twin = epoll_set_twin(fd);
	if (twin < 0)
		return fdtab_hidden(fd) ? -EBADF : host_call(w->nr, w->args);
	ret = signals_masked_begin(w->mask, w->mask_size, &saved);
	if (ret)
		return ret;
	ret = wait_twin(fd, twin, events, w->args[2], deadline);
	signals_masked_end(w->mask, &saved, ret);
	if (ring_used())
		ring_fill();
	return ret;
}

static const struct timespec *from_ms(long ms, struct timespec *ts)
{
	if ((int)ms < 0)
		return NULL;
	ts->tv_sec = (int)ms / 1000;
	ts->tv_nsec = (int)ms % 1000 * 1000000L;
	return ts;
}

/* epoll_wait(2) */
long call_epoll_wait(const long *args)
{
	struct timespec ts;

	return call_wait(&(struct wait){ SYS_epoll_wait, args,
					 from_ms(args[3], &ts), NULL, 0 });
}

/* epoll_pwait(2) */
long call_epoll_pwait(const long *args)
{
	struct timespec ts;

	return call_wait(&(struct wait){ SYS_epoll_pwait, args,
					 from_ms(args[3], &ts),
					 (const uint64_t *)args[4], args[5] });
}

/* epoll_pwait2(2) */
long call_epoll_pwait2(const long *args)
{
	const struct timespec *timeout = (const struct timespec *)args[3];
	struct timespec ts;
	int err = timeout ? deadline_read(timeout, &ts) : 0;

	if (err)
		return err;
	return call_wait(&(struct wait){ SYS_epoll_pwait2, args,
					 timeout ? &ts : NULL,
					 (const uint64_t *)args[4], args[5] });
}
