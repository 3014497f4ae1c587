// SPDX-License-Identifier: GPL-2.0-only
/*
 * The execution model: which host thread runs which task (docs/internals.md).
 *
 * The LKL CPU is a lock; the host thread that holds it is the carrier and runs
 * whatever task is current, on that task's kernel stack. A task that makes
 * system calls for a host thread leaves the scheduler to run only there.
 */
#include <linux/cpu.h>
#include <linux/resume_user_mode.h>
#include <linux/sched/idle.h>
#include <linux/sched/signal.h>
#include <linux/sched/stat.h>
#include <linux/sched/task_stack.h>
#include <linux/start_kernel.h>
#include <linux/task_work.h>
#include <asm/irq.h>
#include <asm/switch_to.h>
#include "lkl.h"

/* How long to wait for the CPU before sleeping: about one host wake-up. */
#define CPU_SPINS 400

/*
 * How long the service thread leaves timers and events to a program that is
 * busy with the kernel: longer than such a program stays away, and short beside
 * delayed acknowledgements.
 */
#define NAP_NS NSEC_PER_MSEC

enum thread_state {
	THREAD_OUT,	/* in its program; must be 0, as the host zeroes it */
	THREAD_INSIDE,	/* its call is under way */
	THREAD_DONE,	/* its call is complete: the carrier returns at once */
};

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
static struct {
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
} cpu = {
	.deadline = LKL_NEVER,
};

struct task_struct *lkl_current = &init_task;
EXPORT_SYMBOL(lkl_current);

const struct lkl_host_operations *lkl_ops;
EXPORT_SYMBOL(lkl_ops);

static void *stack_top(struct task_struct *task)
{
	return task_stack_page(task) + THREAD_SIZE;
}

struct lkl_thread *lkl_carrier(void)
{
	return cpu.carrier;
}

struct task_struct *lkl_last_task(void)
{
	return cpu.last;
}

/* ------------------------------------------------------------------------ */
/* The lock, and waking those who wait outside of it                         */

static bool cpu_trylock(void)
{
	unsigned int free = CPU_FREE;

	return __atomic_compare_exchange_n(&cpu.lock, &free, CPU_HELD, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static noinline void cpu_lock_slow(void)
{
	int i;

	for (i = 0; i < CPU_SPINS; i++) {
		if (!READ_ONCE(cpu.lock) && cpu_trylock())
			return;
		__builtin_ia32_pause();
	}
	while (__atomic_exchange_n(&cpu.lock, CPU_WANTED, __ATOMIC_ACQUIRE) !=
	       CPU_FREE)
		lkl_ops->wait_on(&cpu.lock, CPU_WANTED);
}

/* Ends the wait in @set. Its thread looks at everything before the next one. */
static void kick(enum lkl_poll_set set)
{
	__atomic_store_n(&cpu.until[set], 0, __ATOMIC_SEQ_CST);
	lkl_ops->poll_kick(set);
}

/* The poll set of the thread that minds deadlines and interrupts just now. */
static enum lkl_poll_set helper(void)
{
	return READ_ONCE(cpu.poller) ? LKL_POLL_INSIDE : LKL_POLL_SERVICE;
}

static void cpu_unlock(void)
{
	enum lkl_poll_set set;

	if (__atomic_exchange_n(&cpu.lock, CPU_FREE, __ATOMIC_SEQ_CST) ==
	    CPU_WANTED)
		lkl_ops->wake(&cpu.lock);

	/* The exchange orders this after what helpers were told: see await(). */
	set = helper();
	if (unlikely(READ_ONCE(lkl_irqs_pending) ||
		     READ_ONCE(cpu.deadline) < READ_ONCE(cpu.until[set]) ||
		     (READ_ONCE(lkl_events_left) &&
		      !(set == LKL_POLL_SERVICE && READ_ONCE(cpu.napping)))))
		kick(set);
}

/* The caller is the carrier from here on; false when the kernel has ended. */
static bool cpu_lock(struct lkl_thread *self)
{
	if (unlikely(!cpu_trylock()))
		cpu_lock_slow();
	if (unlikely(cpu.halted)) {
		cpu_unlock();
		return false;
	}
	cpu.carrier = self;
	return true;
}

/* An interrupt is pending: somebody has to see it. */
void lkl_kick(void)
{
	if (!READ_ONCE(cpu.lock))
		kick(helper());
}

void lkl_set_deadline(u64 deadline)
{
	WRITE_ONCE(cpu.deadline, deadline);
}

bool lkl_timer_due(void)
{
	u64 deadline = READ_ONCE(cpu.deadline);

	return deadline != LKL_NEVER && lkl_ops->time() >= deadline;
}

/* ------------------------------------------------------------------------ */
/* On kernel stacks                                                          */

/* Leaves the current task where it stands, for the carrier's host stack. */
static void leave(struct task_struct *task)
{
	lkl_switch_stack(&task->thread.sp, cpu.carrier->host_sp);
}

/* Leaves a kernel stack that holds nothing more. */
static void __noreturn abandon(void)
{
	void *sp;

	lkl_switch_stack(&sp, cpu.carrier->host_sp);
	unreachable();
}

struct task_struct *__switch_to(struct task_struct *prev,
				struct task_struct *next)
{
	struct lkl_thread *carrier = cpu.carrier;
	void *sp;

	lkl_current = next;
	cpu.last = prev;

	if (unlikely(READ_ONCE(prev->__state) == TASK_DEAD &&
		     prev->thread.host == carrier)) {
		carrier->task = NULL;
		carrier->state = THREAD_DONE;
	}

	if (unlikely(carrier->state == THREAD_DONE && !next->thread.host)) {
		/* Its caller waits: others carry on with next. */
		leave(prev);
	} else {
		sp = next->thread.sp;
		next->thread.sp = NULL;
		lkl_switch_stack(&prev->thread.sp, sp);
	}
	return cpu.last;
}

/* What the carrier came for: its own task can go on, or is to be interrupted. */
static void serve_carrier(struct lkl_thread *carrier)
{
	struct task_struct *task = carrier->task;

	if (unlikely(__atomic_load_n(&carrier->ready, __ATOMIC_RELAXED))) {
		__atomic_store_n(&carrier->ready, 0, __ATOMIC_RELAXED);
		if (task)
			wake_up_process(task);
		else
			lkl_request_task(carrier);
	}
	if (unlikely(READ_ONCE(carrier->interrupt) == 1) && task &&
	    carrier->state == THREAD_INSIDE) {
		WRITE_ONCE(carrier->interrupt, 2);
		set_tsk_thread_flag(task, TIF_NOTIFY_SIGNAL);
		wake_up_state(task, TASK_INTERRUPTIBLE);
	}
}

/* Makes a thread come in: it sleeps inside, or will look before it does. */
void lkl_summon(struct lkl_thread *thread)
{
	__atomic_store_n(&thread->wake, 1, __ATOMIC_SEQ_CST);
	if (READ_ONCE(cpu.poller) == thread)
		lkl_ops->poll_kick(LKL_POLL_INSIDE);
	else
		lkl_ops->wake(&thread->wake);
}

/*
 * After each switch, in the task switched to, free to sleep. The task of
 * another host thread sleeps until that thread has come.
 */
void lkl_arrived(void)
{
	struct thread_struct *me = &current->thread;

	serve_carrier(cpu.carrier);
	if (!me->host || me->host == cpu.carrier || me->delivering)
		return;

	me->delivering = true;
	do {
		__atomic_store_n(&me->host->ready, 1, __ATOMIC_SEQ_CST);
		lkl_summon(me->host);
		set_current_state(TASK_IDLE);
		schedule();
	} while (me->host != cpu.carrier);
	me->delivering = false;
}

/* Irqs are off, and stay so; default_idle_call() enables them. */
void arch_cpu_idle(void)
{
	if (!READ_ONCE(lkl_irqs_pending))
		leave(current);
	serve_carrier(cpu.carrier);
}

/* Sleeps until the thread of the current task, which is out, makes a call. */
static void __noreturn park(struct lkl_thread *self)
{
	set_current_state(TASK_IDLE);
	schedule();
	lkl_restart_on_stack(&self->host_sp, stack_top(current), lkl_run_calls,
			     self);
}

static void exit_work(void)
{
	struct thread_info *ti = current_thread_info();

	if (test_and_clear_ti_thread_flag(ti, TIF_NOTIFY_RESUME))
		resume_user_mode_work(&lkl_no_regs);
	if (test_ti_thread_flag(ti, TIF_NOTIFY_SIGNAL)) {
		clear_notify_signal();
		if (task_work_pending(current))
			task_work_run();
	}
	/* Signals are the host's: those of this kernel only end waits. */
	if (test_ti_thread_flag(ti, TIF_SIGPENDING))
		flush_signals(current);
	if (test_and_clear_ti_thread_flag(ti, TIF_RESTORE_SIGMASK))
		__set_current_blocked(&current->saved_sigmask);
}

/**
 * lkl_go_out() - ends the call of @self, whose task others keep from being current
 *
 * The task sleeps until the thread's next call, and runs it.
 */
void __noreturn lkl_go_out(struct lkl_thread *self)
{
	self->state = THREAD_DONE;
	park(self);
}

/**
 * lkl_run_calls() - runs the call of @arg, a struct lkl_thread
 *
 * On the empty stack of its task, on its thread. Returns to leave the stack;
 * the task stays current, out in its program, if nobody else wants to run.
 */
void lkl_run_calls(void *arg)
{
	struct lkl_thread *self = arg;

	self->result = lkl_do_syscall(self->nr, self->args);
	while (unlikely(read_thread_flags() & _TIF_WORK_MASK))
		exit_work();
	if (unlikely(!single_task_running()))
		lkl_go_out(self);
	self->state = THREAD_DONE;
}

/*
 * On the empty stack of a task that is out, on another host thread: handles
 * what is pending and, if anyone else is to run, parks the task.
 */
static void enter_out_task(void *unused)
{
	bool timer = READ_ONCE(lkl_irqs_pending) & BIT(LKL_IRQ_TIMER);

	serve_carrier(cpu.carrier);
	if (READ_ONCE(lkl_irqs_pending))
		lkl_run_irqs();
	/* Parked, it is not current, and the idle task stops the tick. */
	if (single_task_running() && !timer)
		abandon();
	park(current->thread.host);
}

/* Ends the call of a thread that waits for a task, with @error. */
void lkl_fail_call(struct lkl_thread *thread, long error)
{
	thread->result = error;
	thread->state = THREAD_DONE;
	lkl_summon(thread);
}

/* The end: nobody is carried on with. */
void __noreturn lkl_stop(void)
{
	__atomic_store_n(&cpu.halted, 1, __ATOMIC_SEQ_CST);
	cpu.carrier->state = THREAD_DONE;
	cpu.carrier->result = 0;
	abandon();
}

/* ------------------------------------------------------------------------ */
/* On host stacks                                                            */

/* Goes on with the current task, until the carrier has to leave it. */
static void resume(struct lkl_thread *self)
{
	struct task_struct *task = current;
	void *sp = task->thread.sp;

	if (sp) {
		task->thread.sp = NULL;
		lkl_switch_stack(&self->host_sp, sp);
	} else {
		lkl_call_on_stack(&self->host_sp, stack_top(task),
				  enter_out_task, NULL);
	}
}

/*
 * One wait for events in @set, without the CPU. What it brings is pending
 * afterwards. @timers: whether the deadline is the caller's to mind. @nap: for
 * a short time, and for events not at all.
 *
 * Whoever changes the deadline or raises an interrupt does so before it gives
 * up the CPU and looks at until[]; here until[] comes first and they second.
 */
static void await(enum lkl_poll_set set, bool timers, bool nap)
{
	u64 nap_end = nap ? lkl_ops->time() + NAP_NS : LKL_NEVER;
	bool mine;
	u64 until;

	do {
		/* A timer that is pending already is the carrier's. */
		mine = timers &&
		       !(READ_ONCE(lkl_irqs_pending) & BIT(LKL_IRQ_TIMER));
		until = min(mine ? READ_ONCE(cpu.deadline) : LKL_NEVER, nap_end);
		__atomic_store_n(&cpu.until[set], until, __ATOMIC_SEQ_CST);
		if (!nap && READ_ONCE(lkl_events_left))
			lkl_irq_set_pending(LKL_IRQ_EVENTS);
		if (READ_ONCE(cpu.halted) ||
		    (READ_ONCE(lkl_irqs_pending) && !READ_ONCE(cpu.lock)))
			goto out;
	} while (mine && READ_ONCE(cpu.deadline) < until);

	if (nap) {
		__atomic_store_n(&cpu.napping, 1, __ATOMIC_SEQ_CST);
		lkl_ops->nap(until);
		__atomic_store_n(&cpu.napping, 0, __ATOMIC_SEQ_CST);
	}
	if (!nap && lkl_ops->poll(set, until))
		lkl_irq_set_pending(LKL_IRQ_EVENTS);
	else if (mine && lkl_timer_due())
		lkl_irq_set_pending(LKL_IRQ_TIMER);
out:
	__atomic_store_n(&cpu.until[set], 0, __ATOMIC_SEQ_CST);
}

/* Whether @self has no reason to wait any longer. */
static bool summoned(struct lkl_thread *self)
{
	return __atomic_load_n(&self->wake, __ATOMIC_SEQ_CST) ||
	       READ_ONCE(cpu.halted);
}

/*
 * The call of @self is blocked and nothing else is runnable: frees the CPU
 * until there is something for this thread to do, and takes it again. Returns
 * false when the kernel has ended meanwhile.
 */
static bool wait_inside(struct lkl_thread *self)
{
	bool running;

	WRITE_ONCE(cpu.waits, cpu.waits + 1);
	__atomic_store_n(&self->wake, 0, __ATOMIC_SEQ_CST);
	if (lkl_events_left)
		lkl_irq_set_pending(LKL_IRQ_EVENTS);
	if (READ_ONCE(self->ready) || READ_ONCE(self->interrupt) == 1 ||
	    READ_ONCE(lkl_irqs_pending))
		return true;

	__atomic_add_fetch(&cpu.blocked, 1, __ATOMIC_SEQ_CST);
	if (!cpu.poller) {
		__atomic_store_n(&cpu.poller, self, __ATOMIC_SEQ_CST);
		cpu_unlock();
		do
			await(LKL_POLL_INSIDE, true, false);
		while (!summoned(self) && (!READ_ONCE(lkl_irqs_pending) ||
					   READ_ONCE(cpu.lock)));
		__atomic_store_n(&cpu.poller, NULL, __ATOMIC_SEQ_CST);
	} else {
		cpu_unlock();
		while (!summoned(self))
			lkl_ops->wait_on(&self->wake, 0);
	}
	running = cpu_lock(self);
	if (!__atomic_sub_fetch(&cpu.blocked, 1, __ATOMIC_SEQ_CST) && !running)
		lkl_ops->wake(&cpu.blocked);
	return running;
}

/* Back to the program, with the result of its call. */
static long go_back(struct lkl_thread *self)
{
	struct task_struct *next = current;

	/* A task that is neither its own nor idle needs another carrier. */
	if (unlikely(next != self->task && !is_idle_task(next) && !cpu.halted))
		lkl_irq_set_pending(LKL_IRQ_EVENTS);
	cpu_unlock();
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

	if (unlikely(!cpu_lock(self)))
		goto ended;
	if (likely(current == self->task)) {
		lkl_call_on_stack(&self->host_sp, stack_top(current),
				  lkl_run_calls, self);
	} else {
		self->ready = 1;
		resume(self);
	}
	while (unlikely(self->state != THREAD_DONE)) {
		if (!wait_inside(self))
			goto ended;
		if (self->state != THREAD_DONE)
			resume(self);
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

	while (!READ_ONCE(cpu.halted)) {
		/*
		 * A program that waits time and again sees to all of it itself;
		 * what is pending is for who frees the CPU.
		 */
		waits = READ_ONCE(cpu.waits);
		nap = waits != seen || READ_ONCE(lkl_irqs_pending);
		seen = waits;
		await(LKL_POLL_SERVICE, !READ_ONCE(cpu.poller), nap);
		if (!READ_ONCE(lkl_irqs_pending) || !cpu_trylock())
			continue;
		cpu.carrier = self;
		if (!cpu.halted)
			resume(self);
		cpu_unlock();
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
	cpu.lock = CPU_HELD;
	cpu.carrier = self;
	lkl_call_on_stack(&self->host_sp, stack_top(&init_task), boot, NULL);
	while (self->state != THREAD_DONE && wait_inside(self))
		resume(self);
	return go_back(self);
}

int lkl_kernel_halt(struct lkl_thread *self)
{
	unsigned int blocked;
	long err = lkl_kernel_syscall(self, LKL_CALL_HALT, no_args);

	if (err)
		return err;
	kick(LKL_POLL_INSIDE);
	kick(LKL_POLL_SERVICE);
	while ((blocked = READ_ONCE(cpu.blocked)))
		lkl_ops->wait_on(&cpu.blocked, blocked);
	lkl_ram_free();
	return 0;
}
