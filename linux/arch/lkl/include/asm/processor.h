/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_LKL_PROCESSOR_H
#define _ASM_LKL_PROCESSOR_H

#include <asm/ptrace.h>

struct lkl_thread;

/**
 * struct thread_struct - a task's part of the execution model
 * @sp: where its kernel stack stands while it is switched out; NULL while it
 *	runs, and for a host thread's task that is out in its program.
 * @host: the host thread whose system calls it runs, NULL for kernel threads.
 * @delivering: waits for @host to come and take a result.
 * @fn, @fn_arg: what it starts with.
 */
struct thread_struct {
	void *sp;
	struct lkl_thread *host;
	bool delivering;
	int (*fn)(void *);
	void *fn_arg;
};

#define INIT_THREAD	{ }

#define TASK_SIZE		(~0UL & ~0xfffUL)
#define TASK_UNMAPPED_BASE	0
#define STACK_TOP		0
#define STACK_TOP_MAX		0

extern struct pt_regs lkl_no_regs;
#define task_pt_regs(tsk)	(&lkl_no_regs)
#define KSTK_EIP(tsk)		0UL
#define KSTK_ESP(tsk)		0UL

/* A busy wait must let interrupts, time among them, go on. */
void lkl_cpu_relax(void);
#define cpu_relax()	lkl_cpu_relax()

static inline unsigned long __get_wchan(struct task_struct *p)
{
	return 0;
}

static inline void flush_thread(void)
{
}

#define start_thread(regs, pc, usp) do { } while (0)

#endif
