// SPDX-License-Identifier: GPL-2.0-only
/*
 * The execution model, seen from host stacks: the way of a host thread into the
 * kernel, its waits there, and its way back (docs/internals.md).
 */
#include <linux/sched/idle.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/start_kernel.h>
#include <asm/irq.h>
#include "cpu.h"

const struct lkl_host_operations *lkl_ops;
EXPORT_SYMBOL(lkl_ops);

/* Whether @self has no reason to wait any longer. */
static bool summoned(struct lkl_thread *self)
{
	return __atomic_load_n(&self->wake, __ATOMIC_SEQ_CST) ||
	       READ_ONCE(lkl_cpu.halted);
}

/*
 * Waits for events, as the poller, without the CPU. Return: whether there is
 * something for @self to do; false when it polls no longer, as events wait.
 */
static bool poll_inside(struct lkl_thread *self)
{
	bool mine;

	lkl_idle_begin();
	do {
		lkl_cpu_await(LKL_POLL_INSIDE, true, lkl_idle_how());
		mine = summoned(self) || (READ_ONCE(lkl_irqs_pending) &&
					  !READ_ONCE(lkl_cpu.lock));
	} while (!mine && !lkl_events_wait());
	lkl_idle_end();
	__atomic_store_n(&lkl_cpu.poller, NULL, __ATOMIC_SEQ_CST);
	if (!mine)
		lkl_cpu_tell_helper();
	return mine;
}

/*
 * The call of @self is blocked and nothing else is runnable: frees the CPU
 * until there is something for this thread to do, and takes it again. Returns
 * false when the kernel has ended meanwhile.
 */
static bool wait_inside(struct lkl_thread *self)
{
	bool running, poll = !lkl_cpu.poller;

	WRITE_ONCE(lkl_cpu.waits, lkl_cpu.waits + 1);
	__atomic_store_n(&self->wake, 0, __ATOMIC_SEQ_CST);
	/* As many portions are dispatched ahead as there are to take them. */
	if (lkl_events_left) {
		if (lkl_cpu.portions >= lkl_cpu_wanted() && lkl_events_wait())
			poll = false;
		else
			lkl_irq_set_pending(LKL_IRQ_EVENTS);
	}
	if (READ_ONCE(self->ready) || READ_ONCE(self->interrupt) == 1 ||
	    READ_ONCE(lkl_irqs_pending))
		return true;

	__atomic_add_fetch(&lkl_cpu.blocked, 1, __ATOMIC_SEQ_CST);
	if (poll)
		__atomic_store_n(&lkl_cpu.poller, self, __ATOMIC_SEQ_CST);
	lkl_cpu_unlock();
	if (!poll || !poll_inside(self))
		while (!summoned(self))
			lkl_ops->wait_on(&self->wake, 0);
	running = lkl_cpu_lock(self);
	if (!__atomic_sub_fetch(&lkl_cpu.blocked, 1, __ATOMIC_SEQ_CST) &&
	    !running)
		lkl_ops->wake(&lkl_cpu.blocked);
	return running;
}

/* Back to the program, with the result of its call. */
static long go_back(struct lkl_thread *self)
{
	struct task_struct *next = current;

	/* A task that is neither its own nor idle needs another carrier. */
	if (unlikely(next != self->task && !is_idle_task(next) &&
		     !lkl_cpu.halted))
		lkl_irq_set_pending(LKL_IRQ_EVENTS);
	lkl_cpu_unlock();
	WRITE_ONCE(self->state, THREAD_OUT);
	barrier();
	WRITE_ONCE(self->interrupt, 0);
	return self->result;
}

long lkl_kernel_syscall(struct lkl_thread *self, long nr, const long *args)
{
	if (unlikely(self->state != THREAD_OUT))
		return -EDEADLK;
	WRITE_ONCE(self->state, THREAD_INSIDE);
	self->nr = nr;
	self->args = args;

	if (unlikely(!lkl_cpu_lock(self)))
		goto ended;
	if (likely(current == self->task)) {
		lkl_call_on_stack(&self->host_sp, lkl_stack_top(current),
				  lkl_run_calls, self);
	} else {
		self->ready = 1;
		lkl_resume(self);
	}
	while (unlikely(self->state != THREAD_DONE)) {
		if (!wait_inside(self))
			goto ended;
		if (self->state != THREAD_DONE)
			lkl_resume(self);
	}
	return go_back(self);

ended:
	WRITE_ONCE(self->state, THREAD_OUT);
	return -ENODEV;
}

int lkl_kernel_inside(const struct lkl_thread *self)
{
	return READ_ONCE(self->state) != THREAD_OUT;
}

void lkl_kernel_interrupt(struct lkl_thread *self)
{
	WRITE_ONCE(self->interrupt, 1);
	lkl_summon(self);
}

static const long no_args[6];

void lkl_kernel_thread_exit(struct lkl_thread *self)
{
	if (self->task)
		lkl_kernel_syscall(self, LKL_CALL_EXIT, no_args);
}

void lkl_kernel_service(struct lkl_thread *self)
{
	unsigned int waits, seen = 0;
	bool nap;

	while (!READ_ONCE(lkl_cpu.halted)) {
		/*
		 * A program that waits time and again sees to all of it itself;
		 * what is pending is for who frees the CPU.
		 */
		waits = READ_ONCE(lkl_cpu.waits);
		nap = waits != seen || READ_ONCE(lkl_irqs_pending) ||
		      lkl_events_wait();
		seen = waits;
		lkl_cpu_await(LKL_POLL_SERVICE, !READ_ONCE(lkl_cpu.poller),
			      nap ? CPU_NAP : CPU_SLEEP);
		if (!READ_ONCE(lkl_irqs_pending) || !lkl_cpu_trylock())
			continue;
		lkl_cpu.carrier = self;
		if (!lkl_cpu.halted)
			lkl_resume(self);
		lkl_cpu_unlock();
	}
}

/* The idle task's first steps, on its own stack. */
static void __ref boot(void *unused)
{
	start_kernel();
}

int __ref lkl_kernel_start(const struct lkl_host_operations *ops,
		     struct lkl_thread *self, const char *cmdline)
{
	if (lkl_ops)
		return -EBUSY;
	lkl_ops = ops;
	lkl_set_command_line(cmdline);

	self->state = THREAD_INSIDE;
	lkl_cpu.lock = CPU_HELD;
	lkl_cpu.carrier = self;
	lkl_call_on_stack(&self->host_sp, lkl_stack_top(&init_task), boot,
			  NULL);
	while (self->state != THREAD_DONE && wait_inside(self))
		lkl_resume(self);
	return go_back(self);
}

int lkl_kernel_halt(struct lkl_thread *self)
{
	unsigned int blocked;
	long err = lkl_kernel_syscall(self, LKL_CALL_HALT, no_args);

	if (err)
		return err;
	lkl_cpu_kick(LKL_POLL_INSIDE);
	lkl_cpu_kick(LKL_POLL_SERVICE);
	while ((blocked = READ_ONCE(lkl_cpu.blocked)))
		lkl_ops->wait_on(&lkl_cpu.blocked, blocked);
	lkl_ram_free();
	return 0;
}
