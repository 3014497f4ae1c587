// SPDX-License-Identifier: GPL-2.0-only
/* Tasks: how they start, and those made for host threads. */
#include <linux/ptrace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/fdtable.h>
#include <linux/swait.h>
#include <linux/syscalls.h>
#include <asm/switch_to.h>
#include "lkl.h"

/* What lkl_switch_stack() expects to find on a stack. */
struct switch_frame {
	unsigned long callee_saved[6];
	void (*ret)(void);
};

/* Host threads that have entered without a task, guarded by the CPU. */
static struct lkl_thread *requests;
static DECLARE_SWAIT_QUEUE_HEAD(requested);

/* Runs calls for ever, on its host thread. */
static int host_task(void *arg)
{
	struct lkl_thread *thread = arg;

	thread->task = current;
	lkl_restart_on_stack(&thread->host_sp,
			     task_stack_page(current) + THREAD_SIZE,
			     lkl_run_calls, thread);
	return 0;
}

int copy_thread(struct task_struct *p, const struct kernel_clone_args *args)
{
	struct switch_frame *frame = task_stack_page(p) + THREAD_SIZE;

	/* clone(2) is not for programs: their threads are the host's. */
	if (!args->fn)
		return -ENOSYS;

	frame -= 1;
	*frame = (struct switch_frame) { .ret = lkl_task_start };
	p->thread = (struct thread_struct) {
		.sp = frame,
		.fn = args->fn,
		.fn_arg = args->fn_arg,
		.host = args->fn == host_task ? args->fn_arg : NULL,
	};
	return 0;
}

static int clone_task(int (*fn)(void *), void *arg)
{
	struct kernel_clone_args args = {
		.flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
			 CLONE_THREAD,
		.fn = fn,
		.fn_arg = arg,
	};

	return kernel_clone(&args);
}

/*
 * A thread of process 1 that makes the tasks of other host threads, whatever
 * is current when they enter. It also keeps the process alive when the host
 * thread that booted the kernel exits.
 */
static int spawner(void *unused)
{
	struct lkl_thread *thread;
	int pid;

	for (;;) {
		swait_event_idle_exclusive(requested, requests);
		thread = requests;
		requests = thread->next;
		pid = clone_task(host_task, thread);
		if (pid < 0)
			lkl_fail_call(thread, pid);
	}
	return 0;
}

void lkl_request_task(struct lkl_thread *thread)
{
	thread->next = requests;
	requests = thread;
	swake_up_one(&requested);
}

/* Process 1 is done with booting: it becomes the task of the booting thread. */
static void __noreturn boot_done(void)
{
	struct lkl_thread *thread = lkl_carrier();

	int fd, pid;

	/* Standard streams, on a console that programs do not know of. */
	for (fd = 0; fd < 3; fd++)
		close_fd(fd);

	pid = clone_task(spawner, NULL);
	if (pid < 0)
		panic("no memory for the second task\n");
	current->thread.host = thread;
	thread->task = current;
	thread->result = 0;
	lkl_go_out(thread);
}

void lkl_task_entry(void)
{
	struct thread_struct *me = &current->thread;

	schedule_tail(lkl_last_task());
	me->fn(me->fn_arg);
	/* Only the task that executed /init comes back, as if to user mode. */
	boot_done();
}

void lkl_wake_all_threads(void)
{
	struct task_struct *group, *task;

	rcu_read_lock();
	for_each_process_thread(group, task)
		if (task->thread.host && task != current)
			lkl_summon(task->thread.host);
	rcu_read_unlock();
}

/* There are no registers to look at; the rest of ptrace(2) is generic. */
long arch_ptrace(struct task_struct *child, long request, unsigned long addr,
		 unsigned long data)
{
	return ptrace_request(child, request, addr, data);
}

void ptrace_disable(struct task_struct *child)
{
}
