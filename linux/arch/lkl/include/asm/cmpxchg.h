/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_LKL_CMPXCHG_H
#define _ASM_LKL_CMPXCHG_H

/*
 * One CPU, and interrupts only where they are enabled: plain accesses are
 * atomic. Words that other host threads write need the compiler's __atomic
 * builtins instead.
 */
#define arch_xchg(ptr, x) ({					\
	__typeof__(ptr) __xp = (ptr);				\
	__typeof__(*(ptr)) __xold = *(volatile __typeof__(*(ptr)) *)__xp; \
	*(volatile __typeof__(*(ptr)) *)__xp = (x);		\
	__xold;							\
})

#define arch_cmpxchg_local(ptr, old, new) ({			\
	__typeof__(ptr) __cp = (ptr);				\
	__typeof__(*(ptr)) __cexp = (old);			\
	__typeof__(*(ptr)) __ccur = *(volatile __typeof__(*(ptr)) *)__cp; \
	if (__ccur == __cexp)					\
		*(volatile __typeof__(*(ptr)) *)__cp = (new);	\
	__ccur;							\
})

#define arch_cmpxchg64_local	arch_cmpxchg_local
#define arch_cmpxchg		arch_cmpxchg_local
#define arch_cmpxchg64		arch_cmpxchg_local

#endif
