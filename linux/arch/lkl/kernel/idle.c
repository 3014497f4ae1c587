// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a thread waits while nothing is runnable. To be woken by the host costs
 * more than a short wait, and the processor time of who wakes it as well. So
 * while waits are short, as between a request and its reply, it looks for events
 * for a while before it sleeps: what haltpoll does for the guest of a
 * hypervisor. The option "idle=" is the one of x86.
 *
 * Owned by the poller, of which there is one at a time.
 */
#include <linux/init.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/time64.h>
#include "cpu.h"

/* For how long a thread looks, and what was a short wait if it slept. */
#define LOOK_NS		(50 * NSEC_PER_USEC)
#define SHORT_NS	(70 * NSEC_PER_USEC)

/* After looks in vain: so many short waits in a row before the next, at most. */
#define NEEDED_MAX	1024

static enum { IDLE_ADAPT, IDLE_HALT, IDLE_POLL } mode __ro_after_init;

static bool bulk;		/* as the host library tells */
static u64 begin;		/* of this wait */
static bool looks;		/* in this wait */
static unsigned int seen;	/* short waits in a row */
static unsigned int needed = 1;	/* so many of them for a look */

static int __init idle_setup(char *str)
{
	if (!strcmp(str, "poll"))
		mode = IDLE_POLL;
	else if (!strcmp(str, "halt"))
		mode = IDLE_HALT;
	else
		return -EINVAL;
	return 0;
}
early_param("idle", idle_setup);

void lkl_kernel_bulk(void)
{
	WRITE_ONCE(bulk, true);
}

void lkl_idle_begin(void)
{
	begin = lkl_ops->time();
	looks = mode == IDLE_POLL ||
		(mode == IDLE_ADAPT && seen >= needed && !READ_ONCE(bulk));
	WRITE_ONCE(bulk, false);
}

enum cpu_wait lkl_idle_how(void)
{
	if (likely(!looks))
		return CPU_SLEEP;
	if (mode == IDLE_POLL)
		return CPU_LOOK;
	/* Others of the program need a processor to come in. */
	looks = !READ_ONCE(bulk) && !lkl_cpu_wanted() &&
		lkl_ops->time() - begin < LOOK_NS;
	if (looks)
		return CPU_LOOK;
	if (!READ_ONCE(bulk)) {
		seen = 0;
		needed = min(needed * 4, NEEDED_MAX);
	}
	return CPU_SLEEP;
}

void lkl_idle_end(void)
{
	if (looks)
		needed -= needed > 4 ? needed / 4 : needed > 1;
	else if (lkl_ops->time() - begin < SHORT_NS)
		seen++;
	else
		seen = 0;
}
