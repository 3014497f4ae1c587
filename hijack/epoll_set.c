// SPDX-License-Identifier: GPL-2.0-only
/* The epoll sets of the program and their twins, see epoll_set.h. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/eventfd.h>
#include "boot.h"
#include "deadline.h"
#include "dispatch.h"
#include "epoll_set.h"
#include "epoll_waiter.h"
#include "fdtab.h"
#include "lkl.h"
#include "lkl_nr.h"
#include "lock.h"

char epoll_mark;
struct epoll_set epoll_sets[EPOLL_SETS];

/* After so many nanoseconds every waiter has come out, or never will. */
#define ALARM_ENDS 1000000000LL

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned int used;
static int free_set = -1;

struct epoll_set *epoll_set_of(long fd)
{
	uint32_t entry = fdtab_entry(fd);

	return (entry & FDTAB_KIND) == FDTAB_EPOLL
		? &epoll_sets[entry >> FDTAB_SHIFT] : NULL;
}

int epoll_set_twin(long fd)
{
	struct epoll_set *set = epoll_set_of(fd);

	return set ? __atomic_load_n(&set->twin, __ATOMIC_SEQ_CST) : -1;
}

/* Under the lock. */
static struct epoll_set *enter(int fd)
{
	struct epoll_set *set;

	if (free_set >= 0) {
		set = &epoll_sets[free_set];
		free_set = set->next;
	} else if (used < EPOLL_SETS) {
		set = &epoll_sets[used++];
	} else {
		return NULL;
	}
	set->twin = set->mirror = set->host = set->alarm = -1;
	set->refs = 1;
	fdtab_set(fd, set - epoll_sets, FDTAB_EPOLL);
	return set;
}

struct epoll_set *epoll_set_enter(int fd)
{
	uint64_t saved = lock_take(&lock);
	struct epoll_set *set = enter(fd);

	lock_give(&lock, saved);
	return set;
}

static void close_twin(struct epoll_set *set)
{
	if (set->alarm >= 0)
		fdtab_close_hidden(set->alarm);
	if (set->mirror >= 0)
		lkl_do(__lkl__NR_close, set->mirror);
	if (set->twin >= 0)
		fdtab_close_lkl(set->twin);
	if (set->host >= 0)
		fdtab_close_hidden(set->host);
	set->mirror = set->host = set->alarm = -1;
	__atomic_store_n(&set->twin, -1, __ATOMIC_SEQ_CST);
}

void epoll_set_get(unsigned int number)
{
	uint64_t saved = lock_take(&lock);

	epoll_sets[number].refs++;
	lock_give(&lock, saved);
}

void epoll_set_put(unsigned int number)
{
	struct epoll_set *set = &epoll_sets[number];
	uint64_t saved = lock_take(&lock);

	if (!--set->refs) {
		close_twin(set);
		set->next = free_set;
		free_set = number;
	}
	lock_give(&lock, saved);
}

/* Has all waiters of the host's set come out. */
static void raise_alarm(struct epoll_set *set)
{
	struct epoll_event event = { .events = EPOLLIN,
				     .data.u64 = EPOLL_MARK };

	__atomic_store_n(&epoll_waiter_alarms, true, __ATOMIC_SEQ_CST);
	set->raised = deadline_now();
	set->alarm = host_fd_hide(host_eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK));
	if (set->alarm >= 0)
		host_epoll_ctl(set->host, EPOLL_CTL_ADD, set->alarm, &event);
}

/* Under the lock. Returns 0 or a negative errno. */
static int open_twin(struct epoll_set *set, int fd)
{
	struct epoll_event event = { .events = EPOLLIN,
				     .data.u64 = EPOLL_MARK };
	int twin, ret;

	set->host = host_fd_hide(host_fcntl(fd, F_DUPFD_CLOEXEC, 0));
	if (set->host < 0)
		return set->host;
	set->mirror = lkl_do(LKL_CALL_hostfd, set->host);
	if (set->mirror < 0)
		return set->mirror;
	twin = lkl_do(__lkl__NR_epoll_create1, EPOLL_CLOEXEC);
	if (twin < 0)
		return twin;
	ret = lkl_do(__lkl__NR_epoll_ctl, twin, EPOLL_CTL_ADD, set->mirror,
		     &event);
	if (ret < 0) {
		lkl_do(__lkl__NR_close, twin);
		return ret;
	}
	__atomic_store_n(&set->twin, twin, __ATOMIC_SEQ_CST);
	if (epoll_waiter_any(set))
		raise_alarm(set);
	return 0;
}

/* What the host says to an operation that is possible in no set. */
static bool is_set(int fd)
{
	struct epoll_event event = { 0 };
	int other = host_eventfd(0, EFD_CLOEXEC), ret;

	if (other < 0)
		return true;
	ret = host_epoll_ctl(fd, EPOLL_CTL_MOD, other, &event);
	host_close(other);
	return ret == -ENOENT;
}

int epoll_set_make_twin(int fd)
{
	struct epoll_set *set;
	uint64_t saved;
	int ret = epoll_set_twin(fd);

	if (ret >= 0)
		return ret;
	if (!epoll_set_of(fd) && !is_set(fd))
		return host_fcntl(fd, F_GETFD, 0) < 0 ? -EBADF : -EINVAL;
	ret = boot_ready();
	if (ret < 0)
		return ret;

	saved = lock_take(&lock);
	set = epoll_set_of(fd);
	if (!set)
		set = enter(fd);
	ret = set ? 0 : -ENOMEM;
	if (set && set->twin < 0)
		ret = open_twin(set, fd);
	if (ret < 0 && set)
		close_twin(set);
	if (!ret)
		ret = set->twin;
	lock_give(&lock, saved);
	return ret;
}

static void end_alarm(struct epoll_set *set)
{
	if (set->alarm >= 0)
		fdtab_close_hidden(set->alarm);
	set->alarm = -1;
}

void epoll_set_alarm_seen(struct epoll_set *set)
{
	uint64_t saved;

	if (!set)
		return;
	saved = lock_take(&lock);
	if (!epoll_waiter_noted(set) ||
	    deadline_now() - set->raised > ALARM_ENDS)
		end_alarm(set);
	lock_give(&lock, saved);
}

bool epoll_set_take_mark(struct epoll_event *events, int *n)
{
	int i;

	for (i = 0; i < *n; i++) {
		if (events[i].data.u64 != EPOLL_MARK)
			continue;
		memmove(&events[i], &events[i + 1],
			(*n - i - 1) * sizeof(*events));
		--*n;
		return true;
	}
	return false;
}
