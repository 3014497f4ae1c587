/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_LKL_SYSCALL_H
#define _ASM_LKL_SYSCALL_H

#include <uapi/linux/audit.h>

/* System calls are function calls; nothing of them is kept in registers. */
extern void *const sys_call_table[];

static inline int syscall_get_arch(struct task_struct *task)
{
	return AUDIT_ARCH_RISCV64;
}

#endif
