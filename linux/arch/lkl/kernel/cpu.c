// SPDX-License-Identifier: GPL-2.0-only
/*
 * The LKL CPU: the lock that a host thread holds while it runs kernel code, and
 * what the others wait for meanwhile: events, the next timer, interrupts.
 */
#include <linux/bits.h>
#include <linux/minmax.h>
#include <linux/time64.h>
#include <asm/irq.h>
#include "cpu.h"

/* How long to wait for the CPU before sleeping: about one host wake-up. */
#define CPU_SPINS 400

/*
 * How long the service thread leaves timers and events to a program that is
 * busy with the kernel: longer than such a program stays away, and short beside
 * delayed acknowledgements.
 */
#define NAP_NS NSEC_PER_MSEC

struct lkl_cpu lkl_cpu = {
	.deadline = LKL_NEVER,
};

static noinline void cpu_lock_slow(void)
{
	int i;

	__atomic_add_fetch(&lkl_cpu.queued, 1, __ATOMIC_RELAXED);
	for (i = 0; i < CPU_SPINS; i++) {
		if (!READ_ONCE(lkl_cpu.lock) && lkl_cpu_trylock())
			goto locked;
		lkl_pause();
	}
	while (__atomic_exchange_n(&lkl_cpu.lock, CPU_WANTED,
				   __ATOMIC_ACQUIRE) != CPU_FREE)
		lkl_ops->wait_on(&lkl_cpu.lock, CPU_WANTED);
locked:
	__atomic_sub_fetch(&lkl_cpu.queued, 1, __ATOMIC_RELAXED);
}

/* Ends the wait in @set. Its thread looks at everything before the next one. */
void lkl_cpu_kick(enum lkl_poll_set set)
{
	__atomic_store_n(&lkl_cpu.until[set], 0, __ATOMIC_SEQ_CST);
	lkl_ops->poll_kick(set);
}

/* The poll set of the thread that minds deadlines and interrupts just now. */
static enum lkl_poll_set helper(void)
{
	return READ_ONCE(lkl_cpu.poller) ? LKL_POLL_INSIDE : LKL_POLL_SERVICE;
}

/* Whether events were left that wait for other threads, which free the CPU. */
bool lkl_events_wait(void)
{
	return READ_ONCE(lkl_events_left) == LKL_EVENTS_PATIENT &&
	       lkl_cpu_wanted() &&
	       lkl_ops->time() < READ_ONCE(lkl_cpu.events_due);
}

/* Ends the helper's wait if there is something for it. */
void lkl_cpu_tell_helper(void)
{
	enum lkl_poll_set set = helper();
	u64 until = READ_ONCE(lkl_cpu.until[set]);

	if (unlikely(READ_ONCE(lkl_irqs_pending) ||
		     READ_ONCE(lkl_cpu.deadline) < until ||
		     (READ_ONCE(lkl_events_left) && !lkl_events_wait() &&
		      !(set == LKL_POLL_SERVICE &&
			READ_ONCE(lkl_cpu.napping)))))
		lkl_cpu_kick(set);
}

void lkl_cpu_unlock(void)
{
	if (__atomic_exchange_n(&lkl_cpu.lock, CPU_FREE, __ATOMIC_SEQ_CST) ==
	    CPU_WANTED)
		lkl_ops->wake(&lkl_cpu.lock);

	/* The exchange orders this after what helpers were told: see below. */
	lkl_cpu_tell_helper();
}

/* The caller is the carrier from here on; false when the kernel has ended. */
bool lkl_cpu_lock(struct lkl_thread *self)
{
	if (unlikely(!lkl_cpu_trylock()))
		cpu_lock_slow();
	if (unlikely(lkl_cpu.halted)) {
		lkl_cpu_unlock();
		return false;
	}
	lkl_cpu.carrier = self;
	return true;
}

/* An interrupt is pending: somebody has to see it. */
void lkl_kick(void)
{
	if (!READ_ONCE(lkl_cpu.lock))
		lkl_cpu_kick(helper());
}

void lkl_set_deadline(u64 deadline)
{
	WRITE_ONCE(lkl_cpu.deadline, deadline);
}

bool lkl_timer_due(void)
{
	u64 deadline = READ_ONCE(lkl_cpu.deadline);

	return deadline != LKL_NEVER && lkl_ops->time() >= deadline;
}

/* Events that are there now become pending, for a carrier that waits busily. */
void lkl_cpu_look(void)
{
	if (READ_ONCE(lkl_cpu.poller))
		return;
	WRITE_ONCE(lkl_cpu.waits, lkl_cpu.waits + 1);
	if (READ_ONCE(lkl_events_left) || lkl_ops->poll(LKL_POLL_INSIDE, 0))
		lkl_irq_set_pending(LKL_IRQ_EVENTS);
}

/*
 * One wait for events in @set, without the CPU. What it brings is pending
 * afterwards. @timers: whether the deadline is the caller's to mind.
 *
 * Whoever changes the deadline or raises an interrupt does so before it gives
 * up the CPU and looks at until[]; here until[] comes first and they second.
 */
void lkl_cpu_await(enum lkl_poll_set set, bool timers, enum cpu_wait how)
{
	bool nap = how == CPU_NAP;
	u64 nap_end = nap ? lkl_ops->time() + NAP_NS : LKL_NEVER;
	bool mine;
	u64 until;

	do {
		/* A timer that is pending already is the carrier's. */
		mine = timers &&
		       !(READ_ONCE(lkl_irqs_pending) & BIT(LKL_IRQ_TIMER));
		until = min(mine ? READ_ONCE(lkl_cpu.deadline) : LKL_NEVER,
			    nap_end);
		__atomic_store_n(&lkl_cpu.until[set], until, __ATOMIC_SEQ_CST);
		if (!nap && READ_ONCE(lkl_events_left) && !lkl_events_wait())
			lkl_irq_set_pending(LKL_IRQ_EVENTS);
		if (READ_ONCE(lkl_cpu.halted) ||
		    (READ_ONCE(lkl_irqs_pending) && !READ_ONCE(lkl_cpu.lock)))
			goto out;
	} while (mine && READ_ONCE(lkl_cpu.deadline) < until);

	if (nap) {
		__atomic_store_n(&lkl_cpu.napping, 1, __ATOMIC_SEQ_CST);
		lkl_ops->nap(until);
		__atomic_store_n(&lkl_cpu.napping, 0, __ATOMIC_SEQ_CST);
	}
	if (!nap && lkl_ops->poll(set, how == CPU_LOOK ? 0 : until))
		lkl_irq_set_pending(LKL_IRQ_EVENTS);
	else if (mine && lkl_timer_due())
		lkl_irq_set_pending(LKL_IRQ_TIMER);
out:
	__atomic_store_n(&lkl_cpu.until[set], 0, __ATOMIC_SEQ_CST);
}
