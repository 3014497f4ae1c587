/* SPDX-License-Identifier: GPL-2.0-only */
/* The one CPU: a lock, and the waits of those who do not hold it. */
#ifndef _LKL_KERNEL_CPU_H
#define _LKL_KERNEL_CPU_H

#include "lkl.h"

enum cpu_lock {
	CPU_FREE,
	CPU_HELD,
	CPU_WANTED,	/* held, and some thread sleeps until it is free */
};

enum cpu_wait {
	CPU_SLEEP,	/* until there is an event */
	CPU_LOOK,	/* whether there is one, and not at all */
	CPU_NAP,	/* for a short time, and for events not at all */
};

/**
 * struct lkl_cpu - the one CPU
 * @lock: enum cpu_lock.
 * @carrier: who holds it.
 * @last: the task that the last switch came from.
 * @deadline: of the clock event device, in host time.
 * @waits: how often a thread had to wait inside.
 * @portions: dispatches that have left events since no other thread was wanted.
 * @events_due: in host time, when such events wait no longer.
 *
 * Read without the lock:
 * @poller: the thread that waits in LKL_POLL_INSIDE, if any.
 * @until: when the waits in the poll sets end by themselves; 0 when there is
 *	no need to end one, as its thread will look by itself.
 * @napping: the service thread looks for events by itself before long.
 * @coming: threads that were told to come in for a result, and have not yet.
 * @queued: threads that wait for the lock.
 * @halted: the kernel has ended.
 * @blocked: how many threads wait inside.
 */
struct lkl_cpu {
	unsigned int lock;
	struct lkl_thread *carrier;
	struct task_struct *last;
	u64 deadline;
	unsigned int waits;
	unsigned int portions;
	u64 events_due;

	struct lkl_thread *poller;
	u64 until[LKL_POLL_SETS];
	unsigned int napping;
	unsigned int coming;
	unsigned int queued;
	unsigned int halted;
	unsigned int blocked;
};

extern struct lkl_cpu lkl_cpu;

static inline bool lkl_cpu_trylock(void)
{
	unsigned int free = CPU_FREE;

	return __atomic_compare_exchange_n(&lkl_cpu.lock, &free, CPU_HELD,
					   false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

/* How many other threads have something to do inside. */
static inline unsigned int lkl_cpu_wanted(void)
{
	return READ_ONCE(lkl_cpu.coming) + READ_ONCE(lkl_cpu.queued);
}

bool lkl_cpu_lock(struct lkl_thread *self);
void lkl_cpu_unlock(void);
bool lkl_events_wait(void);
void lkl_cpu_tell_helper(void);
void lkl_cpu_kick(enum lkl_poll_set set);
void lkl_cpu_look(void);
void lkl_cpu_await(enum lkl_poll_set set, bool timers, enum cpu_wait how);

/* idle.c */
void lkl_idle_begin(void);
enum cpu_wait lkl_idle_how(void);
void lkl_idle_end(void);

#endif
