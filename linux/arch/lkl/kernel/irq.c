// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts: bits that any host thread sets, handled by the carrier where it
 * enables interrupts (asm/irqflags.h).
 */
#include <linux/hardirq.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <asm/irq_regs.h>
#include "cpu.h"

unsigned long lkl_irqs_enabled;
unsigned long lkl_irqs_pending;
EXPORT_SYMBOL(lkl_irqs_enabled);
EXPORT_SYMBOL(lkl_irqs_pending);

/*
 * How long events wait for threads that the host may not let run: some turns of
 * others on their processors.
 */
#define PATIENCE_NS (5 * NSEC_PER_MSEC)

/* Events were left for later by the last dispatch: enum lkl_events. */
unsigned int lkl_events_left;

struct pt_regs lkl_no_regs;

/* Device interrupts that are taken; changed by any host thread. */
static unsigned long irqs_taken = BIT(LKL_IRQ_DEVICE) - 1;

static_assert(NR_IRQS <= BITS_PER_LONG);

void lkl_irq_set_pending(int irq)
{
	__atomic_fetch_or(&lkl_irqs_pending, BIT(irq), __ATOMIC_SEQ_CST);
}

void lkl_kernel_irq(int irq)
{
	lkl_irq_set_pending(irq);
	lkl_kick();
}

void lkl_kernel_more_events(enum lkl_events when)
{
	__atomic_fetch_or(&lkl_events_left, when, __ATOMIC_RELAXED);
}

int lkl_kernel_irq_get(void)
{
	unsigned long taken = __atomic_load_n(&irqs_taken, __ATOMIC_RELAXED);

	do {
		if (!~taken)
			return -ENOSPC;
	} while (!__atomic_compare_exchange_n(&irqs_taken, &taken,
					      taken | BIT(ffz(taken)), false,
					      __ATOMIC_SEQ_CST,
					      __ATOMIC_RELAXED));
	return ffz(taken);
}

void lkl_kernel_irq_put(int irq)
{
	__atomic_fetch_and(&irqs_taken, ~BIT(irq), __ATOMIC_SEQ_CST);
}

static void dispatch(void)
{
	if (!lkl_cpu_wanted())
		lkl_cpu.portions = 0;
	WRITE_ONCE(lkl_events_left, 0);
	lkl_ops->dispatch();
	if (lkl_events_left == LKL_EVENTS_PATIENT) {
		lkl_cpu.portions++;
		WRITE_ONCE(lkl_cpu.events_due, lkl_ops->time() + PATIENCE_NS);
	}
}

/**
 * lkl_run_irqs() - handles what is pending
 *
 * Called by the carrier with interrupts enabled; they are when it returns.
 */
void lkl_run_irqs(void)
{
	struct pt_regs *old = set_irq_regs(&lkl_no_regs);
	unsigned long pending;
	int irq;

	while (READ_ONCE(lkl_irqs_pending)) {
		WRITE_ONCE(lkl_irqs_enabled, ARCH_IRQ_DISABLED);
		irq_enter();
		/* Dispatching raises the interrupts of devices: look again. */
		while ((pending = __atomic_exchange_n(&lkl_irqs_pending, 0,
						      __ATOMIC_SEQ_CST))) {
			if (pending & BIT(LKL_IRQ_EVENTS)) {
				pending &= ~BIT(LKL_IRQ_EVENTS);
				dispatch();
			}
			for_each_set_bit(irq, &pending, NR_IRQS)
				generic_handle_irq(irq);
		}
		irq_exit();
		WRITE_ONCE(lkl_irqs_enabled, ARCH_IRQ_ENABLED);
	}
	set_irq_regs(old);
}
EXPORT_SYMBOL(lkl_run_irqs);

void __init init_IRQ(void)
{
	int irq;

	for (irq = 0; irq < NR_IRQS; irq++)
		irq_set_chip_and_handler(irq, &dummy_irq_chip,
					 handle_simple_irq);
}

int arch_show_interrupts(struct seq_file *p, int prec)
{
	return 0;
}
