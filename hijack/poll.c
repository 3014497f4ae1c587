// SPDX-License-Identifier: GPL-2.0-only
/*
 * poll(2) and ppoll(2) over descriptors of both sides.
 *
 * Sets of one side are that kernel's own affair. For a mixed set the thread
 * waits in LKL, for its descriptors and for a host epoll set that holds the
 * host's descriptors for the duration (mixed.h).
 */
#include <errno.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include "boot.h"
#include "deadline.h"
#include "dispatch.h"
#include "epoll_set.h"
#include "fdtab.h"
#include "lkl_nr.h"
#include "mixed.h"
#include "poll.h"
#include "ring.h"
#include "signals.h"
#include "user.h"

#define FEW 64			/* descriptors for which the stack has room */

void *poll_memory(size_t size)
{
	long addr = host_mmap(NULL, size, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return addr < 0 && addr > -4096 ? NULL : (void *)addr;
}

void poll_memory_free(void *memory, size_t size)
{
	if (memory)
		host_munmap(memory, size);
}

bool poll_any_lkl(const struct pollfd *fds, unsigned int n)
{
	unsigned int i;
	int fd;

	for (i = 0; i < n; i++) {
		user_get(fd, &fds[i].fd, bad);
		if (epoll_set_readiness(fd) >= 0)
			return true;
	}
bad:
	return false;
}

/**
 * struct sides - a list of descriptors, sorted
 * @host: the host's among them, @hosts.
 * @lkl: LKL's, @lkls, with its numbers; there is room for one more.
 * @from: for each of the program's list, its place: in @host, in @lkl below
 *	zero (~place), or NOWHERE.
 */
struct sides {
	struct pollfd *host, *lkl;
	unsigned int hosts, lkls;
	int *from;
};

#define NOWHERE INT32_MAX

static int sort(struct sides *s, const struct pollfd *fds, unsigned int n)
{
	unsigned int i;
	short events;
	int fd, lkl_fd;

	s->hosts = s->lkls = 0;
	for (i = 0; i < n; i++) {
		user_get(fd, &fds[i].fd, bad);
		user_get(events, &fds[i].events, bad);
		lkl_fd = epoll_set_readiness(fd);
		if (fd < 0) {
			s->from[i] = NOWHERE;
		} else if (lkl_fd < 0) {
			s->from[i] = s->hosts;
			s->host[s->hosts++] = (struct pollfd){
				.fd = fd, .events = events };
		} else {
			s->from[i] = ~s->lkls;
			s->lkl[s->lkls++] = (struct pollfd){
				.fd = lkl_fd, .events = events };
		}
	}
	return 0;
bad:
	return -EFAULT;
}

/*
 * Puts the events into the program's list. Returns how many have any. LKL has
 * closed a descriptor of ours only when the process ends.
 */
static int merge(const struct sides *s, struct pollfd *fds, unsigned int n)
{
	unsigned int i;
	int ready = 0;
	short events;

	for (i = 0; i < n; i++) {
		if (s->from[i] == NOWHERE)
			events = 0;
		else
			events = s->from[i] >= 0
				? s->host[s->from[i]].revents
				: s->lkl[~s->from[i]].revents;
		if (events & POLLNVAL)
			boot_hold();
		user_put(events, &fds[i].revents, bad);
		ready += events != 0;
	}
	return ready;
bad:
	return -EFAULT;
}

static long lkl_poll(struct pollfd *fds, unsigned int n, int64_t deadline)
{
	struct timespec left;

	return lkl_do(__lkl__NR_ppoll, fds, n, deadline_left(deadline, &left),
		      0, 0);
}

/* Both sides once, without waiting. Returns whether any is ready. */
static long look(struct sides *s)
{
	static const struct timespec zero;
	long host = host_poll(s->host, s->hosts, &zero), lkl;

	if (host < 0)
		return host;
	lkl = lkl_poll(s->lkl, s->lkls, 0);
	return lkl < 0 ? lkl : host + lkl;
}

static long wait_both(struct sides *s, int64_t deadline)
{
	struct mixed m;
	long ret = mixed_begin(&m, s->host, s->hosts);

	if (ret < 0)
		return ret;
	s->lkl[s->lkls] = (struct pollfd){ .fd = m.mirror, .events = POLLIN };
	ret = lkl_poll(s->lkl, s->lkls + 1, deadline);
	mixed_end(&m, s->host, s->hosts);
	return ret;
}

static long poll_sorted(struct sides *s, int64_t deadline)
{
	long ret;

	if (!s->hosts)
		return lkl_poll(s->lkl, s->lkls, deadline);
	for (;;) {
		ret = look(s);
		if (ret || deadline_passed(deadline))
			return ret;
		ret = wait_both(s, deadline);
		if (ret < 0)
			return ret;
	}
}

/* Sockets are readable for what is in their rings, too (ring.h). */
static bool mark_rings(struct sides *s)
{
	short events;
	bool any = false;
	unsigned int i;

	if (!ring_used())
		return false;
	for (i = 0; i < s->lkls; i++) {
		events = s->lkl[i].events & (POLLIN | POLLRDNORM);
		if (!events || !ring_holds(s->lkl[i].fd))
			continue;
		s->lkl[i].revents |= events;
		any = true;
	}
	return any;
}

long poll_until(struct pollfd *fds, unsigned int n, int64_t deadline)
{
	size_t size = ((size_t)n * 2 + 1) * sizeof(*fds) + n * sizeof(int);
	struct pollfd few[FEW * 3 + 1];
	void *memory = NULL;
	struct sides s = { .host = few };
	long ret;

	_Static_assert(sizeof(few) >= (FEW * 2 + 1) * sizeof(*fds) +
				      FEW * sizeof(int), "room for FEW");
	if (n > FEW) {
		memory = poll_memory(size);
		if (!memory)
			return -ENOMEM;
		s.host = memory;
	}
	s.lkl = s.host + n;
	s.from = (int *)(s.lkl + n + 1);
	ret = sort(&s, fds, n);
	if (!ret)
		ret = poll_sorted(&s, mark_rings(&s) ? 0 : deadline);
	if (ring_used())
		ring_fill();
	mark_rings(&s);
	if (ret >= 0)
		ret = merge(&s, fds, n);
	poll_memory_free(memory, size);
	return ret;
}

/*
 * More than the process may have open. Of a few that is not asked, for it costs
 * a call of the host.
 */
static bool too_many(unsigned int n)
{
	struct rlimit limit;

	return n > FEW &&
	       !host_syscall6(SYS_prlimit64, 0, RLIMIT_NOFILE, 0,
			      (long)&limit, 0, 0) && n > limit.rlim_cur;
}

/* poll(2) */
long call_poll(const long *args)
{
	struct pollfd *fds = (struct pollfd *)args[0];
	int ms = args[2];
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };

	if (!poll_any_lkl(fds, args[1]))
		return host_call(SYS_poll, args);
	if (too_many(args[1]))
		return -EINVAL;
	return poll_until(fds, args[1], deadline_after(ms < 0 ? NULL : &ts));
}

/* ppoll(2), system call: the time left is written back */
long call_ppoll(const long *args)
{
	struct pollfd *fds = (struct pollfd *)args[0];
	struct timespec *timeout = (struct timespec *)args[2];
	const uint64_t *mask = (const uint64_t *)args[3];
	int64_t deadline;
	uint64_t saved;
	long ret;

	if (!poll_any_lkl(fds, args[1]))
		return host_call(SYS_ppoll, args);
	ret = too_many(args[1]) ? -EINVAL : deadline_take(timeout, &deadline);
	if (!ret)
		ret = signals_masked_begin(mask, args[4], &saved);
	if (ret)
		return ret;
	ret = poll_until(fds, args[1], deadline);
	signals_masked_end(mask, &saved, ret);
	deadline_give(deadline, timeout);
	return ret;
}
