/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_LKL_IRQ_H
#define _ASM_LKL_IRQ_H

#define NR_IRQS		64

/* Bits of lkl_irqs_pending; those from LKL_IRQ_DEVICE on are given out. */
#define LKL_IRQ_TIMER	0
#define LKL_IRQ_EVENTS	1	/* the host has event sources to dispatch */
#define LKL_IRQ_DEVICE	2

void lkl_irq_set_pending(int irq);

static inline int irq_canonicalize(int irq)
{
	return irq;
}

#endif
