/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_LKL_PTRACE_H
#define _ASM_LKL_PTRACE_H

#ifndef __ASSEMBLY__

#include <uapi/asm/ptrace.h>

struct pt_regs {
	struct user_regs_struct user;
};

/* Code is always the kernel's: a program computes outside of it. */
#define user_mode(regs)				0
#define kernel_mode(regs)			1
#define instruction_pointer(regs)		((regs)->user.pc)
#define instruction_pointer_set(regs, v)	((regs)->user.pc = (v))
#define profile_pc(regs)			instruction_pointer(regs)
#define user_stack_pointer(regs)		((regs)->user.sp)
#define kernel_stack_pointer(regs)		((regs)->user.sp)
#define frame_pointer(regs)			0UL
#define current_pt_regs()			task_pt_regs(current)

static inline long regs_return_value(struct pt_regs *regs)
{
	return 0;
}

#endif
#endif
