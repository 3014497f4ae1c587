/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_LKL_IRQFLAGS_H
#define _ASM_LKL_IRQFLAGS_H

#include <asm-generic/rwonce.h>

#define ARCH_IRQ_DISABLED	0UL
#define ARCH_IRQ_ENABLED	1UL

/*
 * The carrier's interrupt flag, and the interrupts that any host thread has
 * raised. Nothing interrupts the carrier: it looks where it enables them.
 */
extern unsigned long lkl_irqs_enabled;
extern unsigned long lkl_irqs_pending;
void lkl_run_irqs(void);

static inline unsigned long arch_local_save_flags(void)
{
	return READ_ONCE(lkl_irqs_enabled);
}

static inline void arch_local_irq_restore(unsigned long flags)
{
	asm volatile("" : : : "memory");
	WRITE_ONCE(lkl_irqs_enabled, flags);
	if (flags && __builtin_expect(READ_ONCE(lkl_irqs_pending) != 0, 0))
		lkl_run_irqs();
	asm volatile("" : : : "memory");
}

#include <asm-generic/irqflags.h>

#endif
