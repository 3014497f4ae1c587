// SPDX-License-Identifier: GPL-2.0-only
/* Notes of waits in the host's sets, see epoll_waiter.h. */
#include <linux/membarrier.h>
#include "deadline.h"
#include "epoll_waiter.h"
#include "lock.h"
#include "poll.h"
#include "thread.h"

#define PAGE 4096
#define NSEC_PER_MSEC 1000000LL
#define NSEC_PER_SEC 1000000000LL

__thread struct epoll_waiter *epoll_waiter_mine;
bool epoll_waiter_alarms;

/* The notes are never freed: who looks for a waiter may be reading them. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct epoll_waiter *notes;

/* When the first note was made, by both clocks. */
static struct {
	uint64_t ticks;
	int64_t ns;
} origin;

/* A page of notes more. */
static void more_notes(void)
{
	struct epoll_waiter *page = poll_memory(PAGE);
	size_t i;

	if (!page)
		return;
	if (!notes) {
		origin.ticks = host_ticks();
		origin.ns = deadline_now();
	}
	for (i = 0; i < PAGE / sizeof(*page); i++)
		page[i].next = i ? &page[i - 1] : notes;
	__atomic_store_n(&notes, &page[i - 1], __ATOMIC_RELEASE);
}

static struct epoll_waiter *unused(void)
{
	struct epoll_waiter *w = notes;

	while (w && w->used)
		w = w->next;
	return w;
}

static struct epoll_waiter *obtain(void)
{
	uint64_t mask = lock_take(&lock);
	struct epoll_waiter *w = unused();

	if (!w) {
		more_notes();
		w = unused();
	}
	if (w) {
		w->used = true;
		w->outer = NULL;
	}
	lock_give(&lock, mask);
	return w;
}

static void release(struct epoll_waiter *w)
{
	__atomic_store_n(&w->set, NULL, __ATOMIC_RELAXED);
	__atomic_store_n(&w->used, false, __ATOMIC_RELEASE);
}

/* Ends the wait of this thread that is the innermost. */
static void leave(struct epoll_waiter *w)
{
	epoll_waiter_mine = w->outer;
	release(w);
}

static void thread_ends(void)
{
	while (epoll_waiter_mine)
		leave(epoll_waiter_mine);
}

struct epoll_waiter *epoll_waiter_find(const void *frame)
{
	struct epoll_waiter *outer, *w;

	while ((outer = epoll_waiter_mine) && outer->set &&
	       thread_left(outer->frame, frame))
		epoll_waiter_put(outer);
	if (outer && !outer->set)
		return outer;
	thread_at_exit(thread_ends);
	w = obtain();
	if (w) {
		w->outer = outer;
		epoll_waiter_mine = w;
	}
	return w;
}

void epoll_waiter_put(struct epoll_waiter *w)
{
	if (w->outer)
		leave(w);
	else
		__atomic_store_n(&w->set, NULL, __ATOMIC_RELAXED);
}

bool epoll_waiter_look(struct epoll_waiter *w, struct epoll_set *set,
		       struct epoll_event *events, int *n)
{
	epoll_waiter_put(w);
	if (!epoll_waiter_alarms)
		return true;
	epoll_set_alarm_seen(set);
	if (*n > 0)
		epoll_set_take_mark(events, n);
	return *n || __atomic_load_n(&set->twin, __ATOMIC_SEQ_CST) < 0;
}

bool epoll_waiter_noted(const struct epoll_set *set)
{
	struct epoll_waiter *w = __atomic_load_n(&notes, __ATOMIC_ACQUIRE);

	while (w && __atomic_load_n(&w->set, __ATOMIC_RELAXED) != set)
		w = w->next;
	return w;
}

static bool barrier(void)
{
	/* To register is cheap when it has been done. */
	return !host_syscall3(SYS_membarrier,
			      MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) &&
	       !host_syscall3(SYS_membarrier,
			      MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

bool epoll_waiter_any(const struct epoll_set *set)
{
	return !barrier() || epoll_waiter_noted(set);
}

/*
 * How long a wait has been going on, in nanoseconds: as exactly as the ticks,
 * which is good enough where it is asked once in the life of a set.
 */
static int64_t passed(const struct epoll_waiter *w)
{
	uint64_t now = host_ticks(), all = now - origin.ticks;
	int64_t ns = deadline_now() - origin.ns;

	/* A counter that stops or jumps tells nothing. */
	if (now <= w->since || w->since < origin.ticks || ns <= 0)
		return 0;
	return (double)(now - w->since) / all * ns;
}

static int64_t left_of(const struct epoll_waiter *w, int64_t ns)
{
	ns -= passed(w);
	return ns > 0 ? ns : 0;
}

int epoll_waiter_left_ms(const struct epoll_waiter *w, int ms)
{
	return ms <= 0 ? ms : (left_of(w, ms * NSEC_PER_MSEC) +
			       NSEC_PER_MSEC - 1) / NSEC_PER_MSEC;
}

const struct timespec *epoll_waiter_left(const struct epoll_waiter *w,
					 const struct timespec *timeout,
					 struct timespec *left)
{
	int64_t ns;

	if (!timeout || timeout->tv_sec > INT64_MAX / NSEC_PER_SEC - 1)
		return timeout;
	ns = left_of(w, timeout->tv_sec * NSEC_PER_SEC + timeout->tv_nsec);
	left->tv_sec = ns / NSEC_PER_SEC;
	left->tv_nsec = ns % NSEC_PER_SEC;
	return left;
}
