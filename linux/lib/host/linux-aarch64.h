/* SPDX-License-Identifier: GPL-2.0-only */
/* Entering a Linux host: number in x8, arguments in x0-x5 (syscall(2)). */
#ifndef LKL_LIB_HOST_LINUX_AARCH64_H
#define LKL_LIB_HOST_LINUX_AARCH64_H

#include <stdint.h>
#include <ucontext.h>

/* Where a signal has interrupted its thread. */
#define HOST_CONTEXT_IP(context) ((context)->uc_mcontext.pc)
#define HOST_CONTEXT_SP(context) ((context)->uc_mcontext.sp)

/* A counter of even pace, which may be read at any time. */
static inline uint64_t host_ticks(void)
{
	uint64_t ticks;

	__asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
	return ticks;
}

static inline long host_syscall6(long nr, long a, long b, long c, long d,
				 long e, long f)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory", "cc");
	return x0;
}

static inline long host_syscall3(long nr, long a, long b, long c)
{
	return host_syscall6(nr, a, b, c, 0, 0, 0);
}

#endif
