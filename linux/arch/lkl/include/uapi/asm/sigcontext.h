/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
#ifndef _UAPI_ASM_LKL_SIGCONTEXT_H
#define _UAPI_ASM_LKL_SIGCONTEXT_H

#include <asm/ptrace.h>

/* Signal handlers belong to the host; the kernel never builds a frame. */
struct sigcontext {
	struct user_regs_struct regs;
};

#endif
