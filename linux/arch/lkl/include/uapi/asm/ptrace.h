/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
#ifndef _UAPI_ASM_LKL_PTRACE_H
#define _UAPI_ASM_LKL_PTRACE_H

/*
 * There is no user mode, so there are no user registers: a system call is a
 * function call. Generic code wants a type with a size.
 */
struct user_regs_struct {
	unsigned long pc;
	unsigned long sp;
};

#endif
