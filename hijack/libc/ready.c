// SPDX-License-Identifier: GPL-2.0-only
/* Waiting for descriptors. */
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include "epoll_waiter.h"
#include "libc.h"
#include "poll.h"
#include "select.h"

int __poll_chk(struct pollfd *fds, nfds_t n, int timeout, size_t room);
int __ppoll_chk(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
		const sigset_t *mask, size_t room);

/* glibc 2.36 declares that poll() and ppoll() only write to what they read. */
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

#define SIGSET_BYTES HOST_SIGSET_BYTES

static bool any_in_sets(int n, fd_set *a, fd_set *b, fd_set *c)
{
	unsigned long *sets[3] = { (void *)a, (void *)b, (void *)c };

	return n > 0 && select_any_lkl(n, sets);
}

EXPORT int poll(struct pollfd *fds, nfds_t n, int timeout)
{
	if (poll_any_lkl(fds, n))
		return cancellable_call(SYS_poll, fds, n, timeout);
	return direct(poll, SYS_poll, fds, n, timeout);
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

	if (!poll_any_lkl(fds, n))
		return real(ppoll)(fds, n, timeout, mask);
	if (timeout)
		left = *timeout;
	return cancellable_call(SYS_ppoll, fds, n,
				timeout ? &left : NULL, mask, SIGSET_BYTES);
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
		return cancellable_call(SYS_select, n, readable, writable,
					except, timeout);
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
	return cancellable_call(SYS_pselect6, n, readable, writable, except,
				timeout ? &left : NULL, &sig);
}

/* New sets are entered in the table. */
EXPORT int epoll_create(int size)
{
	return call(SYS_epoll_create, size);
}

EXPORT int epoll_create1(int flags)
{
	return call(SYS_epoll_create1, flags);
}

EXPORT int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)
{
	if (OURS(fd))
		return call(SYS_epoll_ctl, epfd, op, fd, event);
	return real(epoll_ctl)(epfd, op, fd, event);
}

/*
 * A wait in the host's set goes to libc, as other calls of the host do, but may
 * be called out when the set gets its first socket.
 */
static __attribute__((noinline)) int
wait_ms(int epfd, struct epoll_event *events, int max, int timeout)
{
	struct epoll_waiter *w = epoll_waiter_begin(epfd);
	int n;

	if (w) {
		n = direct(epoll_wait, SYS_epoll_wait, epfd, events, max,
			   timeout);
		if (epoll_waiter_end(w, events, &n))
			return n;
		timeout = epoll_waiter_left_ms(w, timeout);
	}
	return cancellable_call(SYS_epoll_wait, epfd, events, max, timeout);
}

static __attribute__((noinline)) int
wait_masked_ms(int epfd, struct epoll_event *events, int max, int timeout,
	       const sigset_t *mask)
{
	struct epoll_waiter *w = epoll_waiter_begin(epfd);
	int n;

	if (w) {
		n = real(epoll_pwait)(epfd, events, max, timeout, mask);
		if (epoll_waiter_end(w, events, &n))
			return n;
		timeout = epoll_waiter_left_ms(w, timeout);
	}
	return cancellable_call(SYS_epoll_pwait, epfd, events, max, timeout,
				mask, SIGSET_BYTES);
}

static __attribute__((noinline)) int
wait_masked(int epfd, struct epoll_event *events, int max,
	    const struct timespec *timeout, const sigset_t *mask)
{
	struct epoll_waiter *w = epoll_waiter_begin(epfd);
	struct timespec left;
	int n;

	if (w) {
		n = real(epoll_pwait2)(epfd, events, max, timeout, mask);
		if (epoll_waiter_end(w, events, &n))
			return n;
		timeout = epoll_waiter_left(w, timeout, &left);
	}
	return cancellable_call(SYS_epoll_pwait2, epfd, events, max, timeout,
				mask, SIGSET_BYTES);
}

EXPORT int epoll_wait(int epfd, struct epoll_event *events, int max,
		      int timeout)
{
	if (epoll_waiter_needless(epfd))
		return direct(epoll_wait, SYS_epoll_wait, epfd, events, max,
			      timeout);
	return wait_ms(epfd, events, max, timeout);
}

EXPORT int epoll_pwait(int epfd, struct epoll_event *events, int max,
		       int timeout, const sigset_t *mask)
{
	if (epoll_waiter_needless(epfd))
		return real(epoll_pwait)(epfd, events, max, timeout, mask);
	return wait_masked_ms(epfd, events, max, timeout, mask);
}

EXPORT int epoll_pwait2(int epfd, struct epoll_event *events, int max,
			const struct timespec *timeout, const sigset_t *mask)
{
	if (epoll_waiter_needless(epfd))
		return real(epoll_pwait2)(epfd, events, max, timeout, mask);
	return wait_masked(epfd, events, max, timeout, mask);
}
