/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Threads that wait in a set of the host alone: when it gets its twin they are
 * called out by an alarm (epoll_set.h). Who makes the twin finds them here.
 *
 * The wait of a program that has no socket in its set is to cost what it costs
 * the host, so it has no locked instruction and asks no clock: it leaves a note
 * and looks at the set once. The barrier between the two is run by who makes
 * the twin, for all threads (membarrier(2)).
 */
#ifndef HIJACK_EPOLL_WAITER_H
#define HIJACK_EPOLL_WAITER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <time.h>
#include "epoll_set.h"
#include "host.h"
#include "thread.h"

/**
 * struct epoll_waiter - a thread's note of its wait
 * @set: where it waits; NULL when it does not. The rest is the thread's own.
 * @frame: of the function that waits: it may be left by a jump out of a handler.
 * @since: host_ticks() of when it began.
 * @outer: the wait that a handler has interrupted, which makes this one.
 * @next: of all notes.
 * @used: by a thread; under the lock of the notes.
 */
struct epoll_waiter {
	struct epoll_set *set;
	const void *frame;
	uint64_t since;
	struct epoll_waiter *outer;
	struct epoll_waiter *next;
	bool used;
} __attribute__((aligned(64)));

extern __thread struct epoll_waiter *epoll_waiter_mine;

/* Whether an alarm has ever been raised: rarely in the life of a program. */
extern bool epoll_waiter_alarms;

/** epoll_waiter_find() - a note to use, when the thread's is not there or in use */
struct epoll_waiter *epoll_waiter_find(const void *frame);

/** epoll_waiter_put() - a note is not in use any more */
void epoll_waiter_put(struct epoll_waiter *w);

/** epoll_waiter_look() - epoll_waiter_end(), when it may have been called out */
bool epoll_waiter_look(struct epoll_waiter *w, struct epoll_set *set,
		       struct epoll_event *events, int *n);

/** epoll_waiter_noted() - whether there is a note of a wait in the host's @set */
bool epoll_waiter_noted(const struct epoll_set *set);

/**
 * epoll_waiter_any() - whether a thread may wait in the host's @set that does
 * not see what the caller has stored before
 */
bool epoll_waiter_any(const struct epoll_set *set);

/** epoll_waiter_left_ms() - of the timeout of a wait that was called out */
int epoll_waiter_left_ms(const struct epoll_waiter *w, int ms);

/** epoll_waiter_left() - likewise; @left is for the answer, NULL has no end */
const struct timespec *epoll_waiter_left(const struct epoll_waiter *w,
					 const struct timespec *timeout,
					 struct timespec *left);

/**
 * epoll_waiter_needless() - whether a wait in the set @fd is the host's alone
 *
 * And stays so: there is no other thread, and a handler of signals ends it.
 */
static inline bool epoll_waiter_needless(long fd)
{
	uint32_t entry = fdtab_entry(fd);

	return !entry ||
	       (!thread_others && (entry & FDTAB_KIND) == FDTAB_EPOLL &&
		epoll_sets[entry >> FDTAB_SHIFT].twin < 0);
}

/**
 * epoll_waiter_begin() - a wait in the set @fd begins, if that is the host's alone
 *
 * Inline, as the note has the frame of the function that waits.
 *
 * Return: the note for epoll_waiter_end(); NULL when the wait is not, or not
 * only, the host's.
 */
static inline __attribute__((always_inline)) struct epoll_waiter *
epoll_waiter_begin(long fd)
{
	const void *frame = __builtin_frame_address(0);
	struct epoll_waiter *w = epoll_waiter_mine;
	uint32_t entry = fdtab_entry(fd);
	struct epoll_set *set;

	if ((entry & FDTAB_KIND) != FDTAB_EPOLL)
		return NULL;
	set = &epoll_sets[entry >> FDTAB_SHIFT];
	if (__builtin_expect(!w || w->set, 0)) {
		w = epoll_waiter_find(frame);
		if (!w)
			return NULL;
	}
	w->frame = frame;
	w->since = host_ticks();
	__atomic_store_n(&w->set, set, __ATOMIC_RELAXED);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (__builtin_expect(__atomic_load_n(&set->twin, __ATOMIC_RELAXED) < 0,
			     1))
		return w;
	epoll_waiter_put(w);
	return NULL;
}

/**
 * epoll_waiter_end() - it has ended
 * @n: its result, of which the alarm is taken away; negative for an error.
 *
 * Return: false when it was called out, to go on in the twin.
 */
static inline __attribute__((always_inline)) bool
epoll_waiter_end(struct epoll_waiter *w, struct epoll_event *events, int *n)
{
	struct epoll_set *set = w->set;

	__atomic_store_n(&w->set, NULL, __ATOMIC_RELAXED);
	if (__builtin_expect(!epoll_waiter_alarms && !w->outer, 1))
		return true;
	return epoll_waiter_look(w, set, events, n);
}

#endif
