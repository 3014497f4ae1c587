// SPDX-License-Identifier: GPL-2.0-only
/*
 * The execution model, seen from kernel stacks: which host thread runs which
 * task (docs/internals.md). entry.c has the side of the host's stacks.
 *
 * The host thread that holds the LKL CPU is the carrier and runs whatever task
 * is current, on that task's kernel stack. A task that makes system calls for a
 * host thread leaves the scheduler to run only there.
 */
#include <linux/cpu.h>
#include <linux/resume_user_mode.h>
#include <linux/sched/signal.h>
#include <linux/sched/stat.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/task_work.h>
#include <asm/irq.h>
#include <asm/switch_to.h>
#include "cpu.h"

struct task_struct *lkl_current = &init_task;
EXPORT_SYMBOL(lkl_current);

struct lkl_thread *lkl_carrier(void)
{
	return lkl_cpu.carrier;
}

struct task_struct *lkl_last_task(void)
{
	return lkl_cpu.last;
}

/* Leaves the current task where it stands, for the carrier's host stack. */
static void leave(struct task_struct *task)
{
	lkl_switch_stack(&task->thread.sp, lkl_cpu.carrier->host_sp);
}

/* Leaves a kernel stack that holds nothing more. */
static void __noreturn abandon(void)
{
	void *sp;

	lkl_switch_stack(&sp, lkl_cpu.carrier->host_sp);
	unreachable();
}

struct task_struct *__switch_to(struct task_struct *prev,
				struct task_struct *next)
{
	struct lkl_thread *carrier = lkl_cpu.carrier;
	void *sp;

	lkl_current = next;
	lkl_cpu.last = prev;

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
	return lkl_cpu.last;
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
	if (READ_ONCE(lkl_cpu.poller) == thread)
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

	serve_carrier(lkl_cpu.carrier);
	if (!me->host || me->host == lkl_cpu.carrier || me->delivering)
		return;

	me->delivering = true;
	WRITE_ONCE(lkl_cpu.coming, lkl_cpu.coming + 1);
	do {
		__atomic_store_n(&me->host->ready, 1, __ATOMIC_SEQ_CST);
		lkl_summon(me->host);
		set_current_state(TASK_IDLE);
		schedule();
	} while (me->host != lkl_cpu.carrier);
	WRITE_ONCE(lkl_cpu.coming, lkl_cpu.coming - 1);
	me->delivering = false;
}

/* Irqs are off, and stay so; default_idle_call() enables them. */
void arch_cpu_idle(void)
{
	if (!READ_ONCE(lkl_irqs_pending))
		leave(current);
	serve_carrier(lkl_cpu.carrier);
}

/* Sleeps until the thread of the current task, which is out, makes a call. */
static void __noreturn park(struct lkl_thread *self)
{
	set_current_state(TASK_IDLE);
	schedule();
	lkl_restart_on_stack(&self->host_sp, lkl_stack_top(current),
			     lkl_run_calls, self);
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

	serve_carrier(lkl_cpu.carrier);
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

/* The end, with the carrier's @result: nobody is carried on with. */
void __noreturn lkl_stop(long result)
{
	__atomic_store_n(&lkl_cpu.halted, 1, __ATOMIC_SEQ_CST);
	lkl_cpu.carrier->state = THREAD_DONE;
	lkl_cpu.carrier->result = result;
	abandon();
}

/* Goes on with the current task, until the carrier has to leave it. */
void lkl_resume(struct lkl_thread *self)
{
	struct task_struct *task = current;
	void *sp = task->thread.sp;

	if (sp) {
		task->thread.sp = NULL;
		lkl_switch_stack(&self->host_sp, sp);
	} else {
		lkl_call_on_stack(&self->host_sp, lkl_stack_top(task),
				  enter_out_task, NULL);
	}
}
