// SPDX-License-Identifier: GPL-2.0-only
/* Time: the host's monotonic clock, and one deadline that carriers wait for. */
#include <linux/clockchips.h>
#include <linux/clocksource.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/sched/clock.h>
#include <linux/timekeeping.h>
#include <linux/timex.h>
#include <asm/irq.h>
#include "cpu.h"

static u64 lkl_clock_read(struct clocksource *cs)
{
	return lkl_ops->time();
}

static struct clocksource lkl_clocksource = {
	.name = "lkl",
	.rating = 499,
	.read = lkl_clock_read,
	.mask = CLOCKSOURCE_MASK(64),
	.flags = CLOCK_SOURCE_IS_CONTINUOUS | CLOCK_SOURCE_VALID_FOR_HRES,
};

/* From the start, so that there is no change of clocks during boot. */
struct clocksource * __init clocksource_default_clock(void)
{
	if (!lkl_clocksource.mult)
		clocksource_register_khz(&lkl_clocksource, USEC_PER_SEC);
	return &lkl_clocksource;
}

static int lkl_set_next_event(unsigned long delta, struct clock_event_device *dev)
{
	lkl_set_deadline(lkl_ops->time() + delta);
	return 0;
}

static int lkl_shutdown_event(struct clock_event_device *dev)
{
	lkl_set_deadline(LKL_NEVER);
	return 0;
}

static struct clock_event_device lkl_clockevent = {
	.name = "lkl",
	.features = CLOCK_EVT_FEAT_ONESHOT,
	.rating = 499,
	.set_next_event = lkl_set_next_event,
	.set_state_shutdown = lkl_shutdown_event,
	.irq = LKL_IRQ_TIMER,
};

static irqreturn_t timer_interrupt(int irq, void *dev)
{
	/* Carriers may be early or late with it; the deadline decides. */
	if (lkl_timer_due()) {
		lkl_set_deadline(LKL_NEVER);
		lkl_clockevent.event_handler(&lkl_clockevent);
	}
	return IRQ_HANDLED;
}

void __init time_init(void)
{
	int err = request_irq(LKL_IRQ_TIMER, timer_interrupt,
			      IRQF_TIMER | IRQF_NOBALANCING, "timer", NULL);

	if (err)
		panic("timer interrupt: %d\n", err);
	lkl_clockevent.cpumask = cpumask_of(0);
	clockevents_config_and_register(&lkl_clockevent, NSEC_PER_SEC, 1,
					LONG_MAX);
}

unsigned long long notrace sched_clock(void)
{
	return lkl_ops->time();
}

void read_persistent_clock64(struct timespec64 *ts)
{
	*ts = ns_to_timespec64(lkl_ops->realtime());
}

/* How exactly the two clocks are compared, unless the host is too busy. */
#define COMPARE_NS	(2 * NSEC_PER_USEC)
#define COMPARE_TRIES	16

/*
 * Timekeeping starts some 10 us after it has read the time above, and the wall
 * clock is that late: packets would have been received before they were sent.
 */
static int __init adjust_wall_clock(void)
{
	struct __kernel_timex adjustment = { .modes = ADJ_SETOFFSET | ADJ_NANO };
	struct timespec64 offset;
	u64 before, host, took;
	int tries = COMPARE_TRIES;

	do {
		before = ktime_get_real_ns();
		host = lkl_ops->realtime();
		took = ktime_get_real_ns() - before;
	} while (took > COMPARE_NS && --tries);

	offset = ns_to_timespec64(host - before - took / 2);
	adjustment.time.tv_sec = offset.tv_sec;
	adjustment.time.tv_usec = offset.tv_nsec;
	return do_adjtimex(&adjustment);
}
late_initcall(adjust_wall_clock);

void __init calibrate_delay(void)
{
}

void __ndelay(unsigned long nsecs)
{
	u64 end = lkl_ops->time() + nsecs;

	while (lkl_ops->time() < end)
		cpu_relax();
}
EXPORT_SYMBOL(__ndelay);

void __udelay(unsigned long usecs)
{
	__ndelay(usecs * NSEC_PER_USEC);
}
EXPORT_SYMBOL(__udelay);

void __delay(unsigned long loops)
{
	__ndelay(loops);
}
EXPORT_SYMBOL(__delay);

/* What is waited for may come with an interrupt, or an event of the host. */
void lkl_cpu_relax(void)
{
	if (lkl_timer_due())
		lkl_irq_set_pending(LKL_IRQ_TIMER);
	if (lkl_irqs_enabled)
		lkl_cpu_look();
	if (lkl_irqs_pending && lkl_irqs_enabled)
		lkl_run_irqs();
}
EXPORT_SYMBOL(lkl_cpu_relax);
