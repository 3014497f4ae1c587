/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of this port share and generic code need not see. */
#ifndef _LKL_KERNEL_LKL_H
#define _LKL_KERNEL_LKL_H

#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <asm/host_ops.h>

/* host/ */
void lkl_switch_stack(void **save_sp, void *load_sp);
void lkl_call_on_stack(void **save_sp, void *top, void (*fn)(void *),
		       void *arg);
void __noreturn lkl_restart_on_stack(void **save_sp, void *top,
				     void (*fn)(void *), void *arg);
void lkl_task_start(void);
void lkl_pause(void);

/* console.c */
void lkl_console_init(void);

/* cpu.c */
void lkl_set_deadline(u64 deadline);
void lkl_kick(void);
bool lkl_timer_due(void);

enum thread_state {
	THREAD_OUT,	/* in its program; must be 0, as the host zeroes it */
	THREAD_INSIDE,	/* its call is under way */
	THREAD_DONE,	/* its call is complete: the carrier returns at once */
};

/* carrier.c */
void __noreturn lkl_stop(long result);
void lkl_summon(struct lkl_thread *thread);
void lkl_fail_call(struct lkl_thread *thread, long error);
void __noreturn lkl_go_out(struct lkl_thread *self);
void lkl_run_calls(void *thread);
void lkl_resume(struct lkl_thread *self);
struct lkl_thread *lkl_carrier(void);
struct task_struct *lkl_last_task(void);

static inline void *lkl_stack_top(struct task_struct *task)
{
	return task_stack_page(task) + THREAD_SIZE;
}

/* task.c */
void lkl_task_entry(void);
void lkl_request_task(struct lkl_thread *thread);
void lkl_wake_all_threads(void);

/* calls.c */
enum { LKL_CALL_EXIT = LKL_CALL_BASE + LKL_CALLS, LKL_CALL_HALT };
long lkl_do_call(long nr, const long *args);

/* hostfd.c */
long lkl_hostfd_create(int host_fd);

/* irq.c */
extern unsigned int lkl_events_left;	/* enum lkl_events */
void lkl_irq_set_pending(int irq);

/* syscalls.c */
static inline long lkl_call_with(void *fn, const long *a)
{
	long (*call)(long, long, long, long, long, long) = fn;

	return call(a[0], a[1], a[2], a[3], a[4], a[5]);
}

long lkl_do_syscall(long nr, const long *args);

/* mm/ram.c */
void lkl_ram_init(void);
void lkl_ram_free(void);

/* setup.c */
void lkl_set_command_line(const char *cmdline);

#endif
