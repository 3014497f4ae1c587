/* SPDX-License-Identifier: GPL-2.0-only */
/* Interrupts for devices, of which there may be more than the kernel has. */
#ifndef LKL_LIB_IRQ_H
#define LKL_LIB_IRQ_H

/**
 * irq_get() - an interrupt for a device
 *
 * Of its own as long as there are any, then together with others: virtio
 * devices tell their drivers whether it was they. Any thread.
 *
 * Return: its number, or -ENOSPC.
 */
int irq_get(void);

/** irq_put() - a device needs it no more */
void irq_put(int irq);

#endif
