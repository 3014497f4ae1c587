// SPDX-License-Identifier: GPL-2.0-only
/*
 * poll(2), ppoll(2), select(2) and pselect(2) over descriptors of both sides.
 *
 * Sets of one side are that kernel's own affair. For a mixed set the thread
 * waits in LKL, for its descriptors and for a host epoll set of its own, which
 * holds the host's descriptors for the duration (LKL_CALL_hostfd).
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include "dispatch.h"
#include "fdtab.h"
#include "lkl.h"
#include "lkl_nr.h"
#include "readiness.h"
#include "signals.h"

#define NSEC_PER_SEC	1000000000LL
#define FEW		64		/* descriptors without malloc() */

int64_t poll_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

int64_t poll_deadline(const struct timespec *timeout)
{
	int64_t now;

	if (!timeout)
		return POLL_FOREVER;
	if (timeout->tv_sec > INT_MAX)
		return POLL_FOREVER;
	now = poll_now();
	return now + timeout->tv_sec * NSEC_PER_SEC + timeout->tv_nsec;
}

struct timespec *poll_left(int64_t deadline, struct timespec *left)
{
	int64_t ns;

	if (deadline == POLL_FOREVER)
		return NULL;
	ns = deadline - poll_now();
	if (ns < 0)
		ns = 0;
	left->tv_sec = ns / NSEC_PER_SEC;
	left->tv_nsec = ns % NSEC_PER_SEC;
	return left;
}

/* This thread's host epoll set, and LKL's descriptor that mirrors it. */
static __thread int mixed_set = -1;
static __thread int mixed_mirror = -1;

/* At the exit of a thread that has one. */
static void close_mixed_set(void *unused)
{
	(void)unused;
	if (mixed_mirror >= 0 && lkl_is_running())
		lkl_do(__lkl__NR_close, mixed_mirror);
	if (mixed_set >= 0)
		host_close(mixed_set);
	mixed_mirror = -1;
	mixed_set = -1;
}

static int open_mixed_set(void)
{
	int set, mirror;

	if (mixed_mirror >= 0)
		return 0;
	set = host_fd_hide(host_epoll_create());
	if (set < 0)
		return set;
	mirror = lkl_do(LKL_CALL_hostfd, set);
	if (mirror < 0) {
		host_close(set);
		return mirror;
	}
	mixed_set = set;
	mixed_mirror = mirror;
	thread_at_exit(close_mixed_set);
	return 0;
}

void poll_forget(void)
{
	mixed_set = -1;
	mixed_mirror = -1;
}

/* One set, sorted: the pollfds of each side and where they came from. */
struct split {
	struct pollfd *host, *lkl;
	unsigned int hosts, lkls;
};

static int count_ready(const struct pollfd *fds, unsigned int n)
{
	unsigned int i;
	int ready = 0;

	for (i = 0; i < n; i++)
		ready += fds[i].revents != 0;
	return ready;
}

static void split(struct split *s, const struct pollfd *fds, unsigned int n)
{
	unsigned int i;
	int lkl_fd;

	s->hosts = s->lkls = 0;
	for (i = 0; i < n; i++) {
		lkl_fd = fdtab_lkl(fds[i].fd);
		if (lkl_fd < 0)
			s->host[s->hosts++] = fds[i];
		else
			s->lkl[s->lkls++] = (struct pollfd){
				.fd = lkl_fd, .events = fds[i].events };
	}
}

static int join(const struct split *s, struct pollfd *fds, unsigned int n)
{
	unsigned int i, h = 0, l = 0;

	for (i = 0; i < n; i++)
		fds[i].revents = fdtab_lkl(fds[i].fd) < 0 && h < s->hosts
			? s->host[h++].revents : s->lkl[l++].revents;
	return count_ready(fds, n);
}

static long lkl_poll(struct pollfd *fds, unsigned int n, int64_t deadline)
{
	struct timespec left;

	return lkl_do(__lkl__NR_ppoll, fds, n, poll_left(deadline, &left), 0, 0);
}

/* Both sides once, without waiting. Returns how many are ready. */
static long look(struct split *s)
{
	static const struct timespec zero;
	long ret = host_poll(s->host, s->hosts, &zero);

	if (ret < 0)
		return ret;
	if (lkl_poll(s->lkl, s->lkls, 0) < 0)
		return -EINTR;
	return ret + count_ready(s->lkl, s->lkls);
}

static long wait_mixed(struct split *s, int64_t deadline)
{
	struct epoll_event event;
	unsigned int i;
	long ret = open_mixed_set();

	if (ret < 0)
		return ret;
	for (i = 0; i < s->hosts; i++) {
		/* What the host cannot add (files, twice the same) is or was
		 * there already; look() has seen that it is not ready.
		 */
		event.events = (unsigned short)s->host[i].events;
		event.data.fd = s->host[i].fd;
		if (s->host[i].fd >= 0 &&
		    host_epoll_ctl(mixed_set, EPOLL_CTL_ADD, s->host[i].fd,
				   &event) == -EEXIST) {
			event.events = POLLIN | POLLOUT | POLLPRI;
			host_epoll_ctl(mixed_set, EPOLL_CTL_MOD,
				       s->host[i].fd, &event);
		}
	}

	s->lkl[s->lkls] = (struct pollfd){ .fd = mixed_mirror, .events = POLLIN };
	ret = lkl_poll(s->lkl, s->lkls + 1, deadline);

	for (i = 0; i < s->hosts; i++)
		if (s->host[i].fd >= 0)
			host_epoll_ctl(mixed_set, EPOLL_CTL_DEL,
				       s->host[i].fd, &event);
	return ret;
}

static long poll_mixed(struct pollfd *fds, unsigned int n, int64_t deadline)
{
	struct pollfd few[2 * FEW + 1];
	struct split s = { .host = few };
	long ret;

	if (n > FEW) {
		s.host = malloc((2 * (size_t)n + 1) * sizeof(*fds));
		if (!s.host)
			return -ENOMEM;
	}
	s.lkl = s.host + n;
	split(&s, fds, n);

	for (;;) {
		ret = look(&s);
		if (ret || (deadline != POLL_FOREVER && poll_now() >= deadline))
			break;
		ret = wait_mixed(&s, deadline);
		if (ret < 0)
			break;
	}
	if (ret >= 0)
		ret = join(&s, fds, n);
	if (s.host != few)
		free(s.host);
	return ret;
}

/*
 * The LKL descriptors among @fds get LKL's numbers, in place, for a set that
 * is all LKL's, and afterwards the program's again.
 */
static long poll_lkl(struct pollfd *fds, unsigned int n, int64_t deadline)
{
	struct pollfd few[FEW], *copy = few;
	unsigned int i;
	long ret;

	if (n > FEW) {
		copy = malloc(n * sizeof(*fds));
		if (!copy)
			return -ENOMEM;
	}
	for (i = 0; i < n; i++)
		copy[i] = (struct pollfd){ .fd = fdtab_lkl(fds[i].fd),
					   .events = fds[i].events };
	ret = lkl_poll(copy, n, deadline);
	for (i = 0; ret >= 0 && i < n; i++)
		fds[i].revents = copy[i].revents;
	if (copy != few)
		free(copy);
	return ret;
}

/* How many of @fds are LKL's; descriptors below 0 are nobody's. */
static unsigned int lkl_among(const struct pollfd *fds, unsigned int n,
			      bool *others)
{
	unsigned int i, lkls = 0;

	*others = false;
	for (i = 0; i < n; i++) {
		if (fdtab_lkl(fds[i].fd) >= 0)
			lkls++;
		else if (fds[i].fd >= 0)
			*others = true;
	}
	return lkls;
}

static long poll_both(struct pollfd *fds, unsigned int n, bool others,
		      int64_t deadline)
{
	return others ? poll_mixed(fds, n, deadline)
		      : poll_lkl(fds, n, deadline);
}

/* poll(2) */
long call_poll(const long *args)
{
	struct pollfd *fds = (struct pollfd *)args[0];
	struct timespec ts = { (int)args[2] / 1000,
			       (int)args[2] % 1000 * 1000000L };
	bool others;

	if (!fds || !lkl_among(fds, args[1], &others))
		return host_call(SYS_poll, args);
	return poll_both(fds, args[1], others,
			 poll_deadline((int)args[2] < 0 ? NULL : &ts));
}

/* ppoll(2), system call: the time left is written back */
long call_ppoll(const long *args)
{
	struct pollfd *fds = (struct pollfd *)args[0];
	struct timespec *timeout = (struct timespec *)args[2];
	const uint64_t *mask = (const uint64_t *)args[3];
	int64_t deadline;
	uint64_t saved;
	bool others;
	long ret;

	if (!fds || !lkl_among(fds, args[1], &others))
		return host_call(SYS_ppoll, args);
	deadline = poll_deadline(timeout);
	signals_masked_begin(mask, &saved);
	ret = poll_both(fds, args[1], others, deadline);
	signals_masked_end(mask, &saved, ret);
	poll_left(deadline, timeout);
	return ret;
}

/* ------------------------------------------------------------------------ */

#define READ_EVENTS	(POLLRDNORM | POLLRDBAND | POLLIN | POLLHUP | POLLERR)
#define WRITE_EVENTS	(POLLWRBAND | POLLWRNORM | POLLOUT | POLLERR)
#define EXCEPT_EVENTS	POLLPRI

/* A set of select(2) may be longer than an fd_set: words of the kernel's. */
static bool in_set(const unsigned long *set, int fd)
{
	return set && set[fd / 64] >> (fd % 64) & 1;
}

static bool any_lkl(int n, unsigned long *const sets[3])
{
	int fd, i;

	for (fd = 0; fd < n && fd <= fdtab_highest(); fd++)
		for (i = 0; i < 3; i++)
			if (in_set(sets[i], fd) && fdtab_lkl(fd) >= 0)
				return true;
	return false;
}

static long select_both(int n, unsigned long *sets[3], int64_t deadline)
{
	static const short wanted[3] = { POLLIN | POLLRDNORM | POLLRDBAND,
					 POLLOUT | POLLWRNORM | POLLWRBAND,
					 POLLPRI };
	static const short means[3] = { READ_EVENTS, WRITE_EVENTS,
					EXCEPT_EVENTS };
	struct pollfd *fds = malloc((n + 1) * sizeof(*fds));
	unsigned int count = 0, k;
	bool others;
	int fd, i;
	long ret;

	if (!fds)
		return -ENOMEM;
	for (fd = 0; fd < n; fd++) {
		short events = 0;

		for (i = 0; i < 3; i++)
			if (in_set(sets[i], fd))
				events |= wanted[i];
		if (events)
			fds[count++] = (struct pollfd){ .fd = fd,
							.events = events };
	}
	lkl_among(fds, count, &others);
	ret = poll_both(fds, count, others, deadline);
	for (k = 0; ret >= 0 && k < count; k++)
		if (fds[k].revents & POLLNVAL)
			ret = -EBADF;
	if (ret >= 0) {
		ret = 0;
		for (i = 0; i < 3; i++) {
			if (!sets[i])
				continue;
			for (k = 0; k < count; k++) {
				unsigned long *word = &sets[i][fds[k].fd / 64];
				unsigned long bit = 1UL << fds[k].fd % 64;

				if (!(*word & bit))
					continue;
				if (fds[k].revents & means[i])
					ret++;
				else
					*word &= ~bit;
			}
		}
	}
	free(fds);
	return ret;
}

/* select(2), system call: the time left is written back */
long call_select(const long *args)
{
	unsigned long *sets[3] = { (unsigned long *)args[1],
				   (unsigned long *)args[2],
				   (unsigned long *)args[3] };
	struct timeval *tv = (struct timeval *)args[4];
	struct timespec ts, *timeout = NULL;
	int64_t deadline;
	long ret;

	if ((int)args[0] < 0 || !any_lkl(args[0], sets))
		return host_call(SYS_select, args);
	if (tv) {
		if (tv->tv_sec < 0 || tv->tv_usec < 0)
			return -EINVAL;
		ts.tv_sec = tv->tv_sec + tv->tv_usec / 1000000;
		ts.tv_nsec = tv->tv_usec % 1000000 * 1000;
		timeout = &ts;
	}
	deadline = poll_deadline(timeout);
	ret = select_both(args[0], sets, deadline);
	if (tv && poll_left(deadline, &ts)) {
		tv->tv_sec = ts.tv_sec;
		tv->tv_usec = ts.tv_nsec / 1000;
	}
	return ret;
}

/* pselect6(2), system call: its sixth argument points to mask and size */
long call_pselect6(const long *args)
{
	unsigned long *sets[3] = { (unsigned long *)args[1],
				   (unsigned long *)args[2],
				   (unsigned long *)args[3] };
	struct timespec *timeout = (struct timespec *)args[4];
	const struct { const uint64_t *mask; size_t size; } *sig =
		(const void *)args[5];
	const uint64_t *mask = sig ? sig->mask : NULL;
	int64_t deadline;
	uint64_t saved;
	long ret;

	if ((int)args[0] < 0 || !any_lkl(args[0], sets))
		return host_call(SYS_pselect6, args);
	deadline = poll_deadline(timeout);
	signals_masked_begin(mask, &saved);
	ret = select_both(args[0], sets, deadline);
	signals_masked_end(mask, &saved, ret);
	poll_left(deadline, timeout);
	return ret;
}
