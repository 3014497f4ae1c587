// SPDX-License-Identifier: GPL-2.0-only
/* Which interrupts devices have (irq.h). */
#include <errno.h>
#include <pthread.h>
#include "irq.h"
#include <lkl_host.h>

/* Those of asm/irq.h, the bits of a word. */
#define IRQS 64

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* How many devices have each. */
static unsigned int users[IRQS];

/* The one with the fewest devices, or -ENOSPC. */
static int least_used(void)
{
	int irq, least = -ENOSPC;

	for (irq = 0; irq < IRQS; irq++)
		if (users[irq] && (least < 0 || users[irq] < users[least]))
			least = irq;
	return least;
}

int irq_get(void)
{
	int irq;

	pthread_mutex_lock(&lock);
	irq = lkl_kernel_irq_get();
	if (irq < 0)
		irq = least_used();
	if (irq >= 0)
		users[irq]++;
	pthread_mutex_unlock(&lock);
	return irq;
}

void irq_put(int irq)
{
	pthread_mutex_lock(&lock);
	if (!--users[irq])
		lkl_kernel_irq_put(irq);
	pthread_mutex_unlock(&lock);
}
