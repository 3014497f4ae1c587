// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stacks are the host debugger's to walk (unwind tables are kept); the log
 * names the addresses that look like return addresses.
 */
#include <linux/kallsyms.h>
#include <linux/sched/debug.h>
#include <linux/sched/task_stack.h>
#include <linux/stacktrace.h>
#include "lkl.h"

void show_stack(struct task_struct *task, unsigned long *sp, const char *loglvl)
{
	unsigned long *end;

	if (!task)
		task = current;
	if (!sp)
		sp = task == current ? __builtin_frame_address(0) :
				       task->thread.sp;
	end = (unsigned long *)((unsigned long)task_stack_page(task) +
				THREAD_SIZE);
	if (sp < (unsigned long *)task_stack_page(task) || sp >= end)
		return;

	printk("%sCall Trace (addresses on the stack):\n", loglvl);
	for (; sp < end; sp++)
		if (__kernel_text_address(*sp))
			printk("%s [<%px>] %pS\n", loglvl, (void *)*sp,
			       (void *)*sp);
}

void show_regs(struct pt_regs *regs)
{
	show_regs_print_info(KERN_DEFAULT);
}
