// SPDX-License-Identifier: GPL-2.0-only
/*
 * epoll(7) over descriptors of both sides.
 *
 * An epoll set is the host's until the first LKL descriptor is added. From
 * then on it has a twin in LKL, which holds the LKL descriptors and a mirror
 * of the host's set; waiting is done in the twin. So every descriptor is
 * watched by its own kernel, with all of that kernel's modes.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include "boot.h"
#include "dispatch.h"
#include "epoll.h"
#include "fdtab.h"
#include "lkl.h"
#include "lkl_nr.h"
#include "readiness.h"
#include "signals.h"

/*
 * Its address tells, as event data, that the host's set is ready (in the
 * twin), or that the set has a twin by now (in the host's): no program knows it.
 */
static char mark;
#define MARK ((uint64_t)(uintptr_t)&mark)

/*
 * What belongs to a twin, beside its descriptor in the table. @wake is in the
 * host's set until a thread that waits there alone has learnt of the twin.
 */
struct twin {
	struct twin *next;
	int lkl_fd;
	int mirror;		/* LKL's descriptor that mirrors @host */
	int host;		/* the host's set, by a number of ours */
	int wake;
	int refs;		/* numbers that name the set */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct twin *twins;

static struct twin **find_twin(int lkl_fd)
{
	struct twin **t = &twins;

	while (*t && (*t)->lkl_fd != lkl_fd)
		t = &(*t)->next;
	return t;
}

static void free_twin(struct twin *t)
{
	if (t->mirror >= 0)
		lkl_do(__lkl__NR_close, t->mirror);
	if (t->lkl_fd >= 0)
		lkl_do(__lkl__NR_close, t->lkl_fd);
	if (t->host >= 0)
		host_close(t->host);
	if (t->wake >= 0)
		host_close(t->wake);
	free(t);
}

void epoll_twin_get(int lkl_fd)
{
	pthread_mutex_lock(&lock);
	(*find_twin(lkl_fd))->refs++;
	pthread_mutex_unlock(&lock);
}

void epoll_twin_put(int lkl_fd)
{
	struct twin **t, *gone = NULL;

	pthread_mutex_lock(&lock);
	t = find_twin(lkl_fd);
	if (*t && !--(*t)->refs) {
		gone = *t;
		*t = gone->next;
	}
	pthread_mutex_unlock(&lock);
	if (gone)
		free_twin(gone);
}

/* Fills @t for the host's set @epfd. Returns 0 or a negative errno. */
static int open_twin(struct twin *t, int epfd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u64 = MARK };
	int ret;

	t->wake = host_fd_hide(host_eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK));
	if (t->wake < 0)
		return t->wake;
	/* What is not an epoll set, the host refuses here. */
	ret = host_epoll_ctl(epfd, EPOLL_CTL_ADD, t->wake, &event);
	if (ret < 0)
		return ret;
	t->host = host_fd_hide(host_fcntl(epfd, F_DUPFD_CLOEXEC, 0));
	if (t->host < 0)
		return t->host;
	t->mirror = lkl_do(LKL_CALL_hostfd, t->host);
	if (t->mirror < 0)
		return t->mirror;
	t->lkl_fd = lkl_do(__lkl__NR_epoll_create1, 0);
	if (t->lkl_fd < 0)
		return t->lkl_fd;
	return lkl_do(__lkl__NR_epoll_ctl, t->lkl_fd, EPOLL_CTL_ADD, t->mirror,
		      &event);
}

/* The twin of @epfd, made if need be; a negative errno on failure. */
static int make_twin(int epfd)
{
	struct twin *t;
	int ret = boot_ready();

	if (ret < 0)
		return ret;
	pthread_mutex_lock(&lock);
	ret = fdtab_twin(epfd);
	if (ret >= 0)
		goto out;
	t = malloc(sizeof(*t));
	if (!t) {
		ret = -ENOMEM;
		goto out;
	}
	*t = (struct twin){ .next = twins, .lkl_fd = -1, .mirror = -1,
			    .host = -1, .wake = -1, .refs = 1 };
	ret = open_twin(t, epfd);
	if (ret < 0) {
		free_twin(t);
		goto out;
	}
	twins = t;
	fdtab_set(epfd, t->lkl_fd, FDTAB_EPOLL);
	ret = t->lkl_fd;
out:
	pthread_mutex_unlock(&lock);
	return ret;
}

/* A thread has learnt of the twin: the host's set need not say so any more. */
static void drop_wake(int lkl_fd)
{
	struct twin *t;

	pthread_mutex_lock(&lock);
	t = *find_twin(lkl_fd);
	if (t && t->wake >= 0) {
		host_close(t->wake);
		t->wake = -1;
	}
	pthread_mutex_unlock(&lock);
}

/* epoll_ctl(2) */
long call_epoll_ctl(const long *args)
{
	int lkl_fd = fdtab_lkl(args[2]), twin;

	/* A set inside a set: its twin, if it has one, speaks for both sides. */
	if (lkl_fd < 0)
		lkl_fd = fdtab_twin(args[2]);
	if (lkl_fd < 0 || args[0] == args[2])
		return host_call(SYS_epoll_ctl, args);
	twin = fdtab_twin(args[0]);
	if (twin < 0)
		twin = make_twin(args[0]);
	if (twin < 0)
		return twin;
	return lkl_do(__lkl__NR_epoll_ctl, twin, args[1], lkl_fd, args[3]);
}

/* Drops the marked event. Returns whether it was there. */
static bool take_mark(struct epoll_event *events, int *n)
{
	int i;

	for (i = 0; i < *n; i++) {
		if (events[i].data.u64 != MARK)
			continue;
		memmove(&events[i], &events[i + 1],
			(*n - i - 1) * sizeof(*events));
		--*n;
		return true;
	}
	return false;
}

static long wait_twin(int epfd, int twin, struct epoll_event *events, int max,
		      int64_t deadline)
{
	struct timespec left;
	int n, host;

	for (;;) {
		n = lkl_do(__lkl__NR_epoll_pwait2, twin, events, max,
			   poll_left(deadline, &left), 0, 0);
		if (n <= 0)
			return n;
		if (take_mark(events, &n)) {
			host = host_epoll_wait(epfd, events + n, max - n, 0);
			if (host > 0) {
				host += n;
				if (take_mark(events, &host))
					drop_wake(twin);
				n = host;
			}
		}
		if (n)
			return n;
	}
}

/*
 * epoll_wait(2) in all its forms. @nr and @args are the host's, for a set that
 * has no twin.
 */
static long call_wait(long nr, const long *args, const struct timespec *timeout,
		      const uint64_t *mask)
{
	struct epoll_event *events = (struct epoll_event *)args[1];
	int64_t deadline = POLL_FOREVER;
	int twin = fdtab_twin(args[0]), n;
	uint64_t saved;
	long ret;

	if (twin < 0) {
		n = ret = host_call(nr, args);
		if (ret <= 0 || !take_mark(events, &n))
			return ret;
		if (n)
			return n;
		twin = fdtab_twin(args[0]);
		if (twin < 0)
			return 0;
		drop_wake(twin);
	}
	if ((int)args[2] <= 0)
		return -EINVAL;
	deadline = poll_deadline(timeout);
	signals_masked_begin(mask, &saved);
	ret = wait_twin(args[0], twin, events, args[2], deadline);
	signals_masked_end(mask, &saved, ret);
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

	return call_wait(SYS_epoll_wait, args, from_ms(args[3], &ts), NULL);
}

/* epoll_pwait(2) */
long call_epoll_pwait(const long *args)
{
	struct timespec ts;

	return call_wait(SYS_epoll_pwait, args, from_ms(args[3], &ts),
			 (const uint64_t *)args[4]);
}

/* epoll_pwait2(2) */
long call_epoll_pwait2(const long *args)
{
	return call_wait(SYS_epoll_pwait2, args,
			 (const struct timespec *)args[3],
			 (const uint64_t *)args[4]);
}
