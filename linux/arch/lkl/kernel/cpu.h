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

/**
 * struct lkl_cpu - the one CPU
 * @lock: enum cpu_lock.
 * @carrier: who holds it.
 * @last: the task that the last switch came from.
 * @deadline: of the clock event device, in host time.
 * @waits: how often a thread had to wait inside.
 *
 * Read without the lock:
 * @poller: the thread that waits in LKL_POLL_INSIDE, if any.
 * @until: when the waits in the poll sets end by themselves; 0 when there is
 *	no need to end one, as its thread will look by itself.
 * @napping: the service thread looks for events by itself before long.
 * @halted: the kernel has ended.
 * @blocked: how many threads wait inside.
 */
struct lkl_cpu {
	unsigned int lock;
	struct lkl_thread *carrier;
	struct task_struct *last;
	u64 deadline;
	unsigned int waits;

	struct lkl_thread *poller;
	u64 until[LKL_POLL_SETS];
	unsigned int napping;
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

bool lkl_cpu_lock(struct lkl_thread *self);
void lkl_cpu_unlock(void);
void lkl_cpu_kick(enum lkl_poll_set set);
void lkl_cpu_await(enum lkl_poll_set set, bool timers, bool nap);

#endif
