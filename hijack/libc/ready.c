// SPDX-License-Identifier: GPL-2.0-only
/* Waiting for descriptors. */
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include "libc.h"

int __poll_chk(struct pollfd *fds, nfds_t n, int timeout, size_t room);
int __ppoll_chk(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
		const sigset_t *mask, size_t room);

#define SIGSET_BYTES HOST_SIGSET_BYTES

static int any_ours(struct pollfd *fds, nfds_t n)
{
	nfds_t i;

	for (i = 0; fds && i < n; i++)
		if (fdtab_lkl(fds[i].fd) >= 0)
			return 1;
	return 0;
}

static int any_in_sets(int n, fd_set *a, fd_set *b, fd_set *c)
{
	unsigned long *sets[3] = { (void *)a, (void *)b, (void *)c };
	int fd, i, last = fdtab_highest();

	for (fd = 0; fd < n && fd <= last; fd++)
		for (i = 0; i < 3; i++)
			if (sets[i] && sets[i][fd / 64] >> fd % 64 & 1 &&
			    fdtab_lkl(fd) >= 0)
				return 1;
	return 0;
}

EXPORT int poll(struct pollfd *fds, nfds_t n, int timeout)
{
	if (any_ours(fds, n))
		return call(SYS_poll, fds, n, timeout);
	return real(poll)(fds, n, timeout);
}

EXPORT int __poll_chk(struct pollfd *fds, nfds_t n, int timeout, size_t room)
{
	if (room / sizeof(*fds) < n)
		__chk_fail();
	return poll(fds, n, timeout);
}

/* The system calls write the time that is left, libc's functions do not. */
EXPORT int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
		 const sigset_t *mask)
{
	struct timespec left;

	if (!any_ours(fds, n))
		return real(ppoll)(fds, n, timeout, mask);
	if (timeout)
		left = *timeout;
	return call(SYS_ppoll, fds, n, timeout ? &left : NULL, mask,
		    SIGSET_BYTES);
}

EXPORT int __ppoll_chk(struct pollfd *fds, nfds_t n,
		       const struct timespec *timeout, const sigset_t *mask,
		       size_t room)
{
	if (room / sizeof(*fds) < n)
		__chk_fail();
	return ppoll(fds, n, timeout, mask);
}

EXPORT int select(int n, fd_set *readable, fd_set *writable, fd_set *except,
		  struct timeval *timeout)
{
	if (any_in_sets(n, readable, writable, except))
		return call(SYS_select, n, readable, writable, except, timeout);
	return real(select)(n, readable, writable, except, timeout);
}

EXPORT int pselect(int n, fd_set *readable, fd_set *writable, fd_set *except,
		   const struct timespec *timeout, const sigset_t *mask)
{
	struct timespec left;
	struct { const sigset_t *mask; size_t size; } sig = { mask,
							      SIGSET_BYTES };

	if (!any_in_sets(n, readable, writable, except))
		return real(pselect)(n, readable, writable, except, timeout,
				     mask);
	if (timeout)
		left = *timeout;
	return call(SYS_pselect6, n, readable, writable, except,
		    timeout ? &left : NULL, &sig);
}

EXPORT int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)
{
	return call(SYS_epoll_ctl, epfd, op, fd, event);
}

/*
 * A wait in the host's set alone goes through dispatch() too once LKL is in
 * use: the set may get an LKL descriptor while the thread waits.
 */
EXPORT int epoll_wait(int epfd, struct epoll_event *events, int max,
		      int timeout)
{
	return call(SYS_epoll_wait, epfd, events, max, timeout);
}

EXPORT int epoll_pwait(int epfd, struct epoll_event *events, int max,
		       int timeout, const sigset_t *mask)
{
	return call(SYS_epoll_pwait, epfd, events, max, timeout, mask,
		    SIGSET_BYTES);
}

EXPORT int epoll_pwait2(int epfd, struct epoll_event *events, int max,
			const struct timespec *timeout, const sigset_t *mask)
{
	return call(SYS_epoll_pwait2, epfd, events, max, timeout, mask,
		    SIGSET_BYTES);
}
