/* SPDX-License-Identifier: GPL-2.0-only */
/* Entering a Linux host: System V ABI, AMD64 supplement, A.2.1. */
#ifndef LKL_LIB_HOST_LINUX_X86_64_H
#define LKL_LIB_HOST_LINUX_X86_64_H

#include <stdint.h>
#include <ucontext.h>

/* Where a signal has interrupted its thread. */
#define HOST_CONTEXT_IP(context) ((context)->uc_mcontext.gregs[REG_RIP])
#define HOST_CONTEXT_SP(context) ((context)->uc_mcontext.gregs[REG_RSP])

/* A counter of even pace, which may be read at any time. */
static inline uint64_t host_ticks(void)
{
	return __builtin_ia32_rdtsc();
}

static inline long host_syscall6(long nr, long a, long b, long c, long d,
				 long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8),
			   "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}

static inline long host_syscall3(long nr, long a, long b, long c)
{
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return ret;
}

#endif
