// SPDX-License-Identifier: GPL-2.0-only
/*
 * singlecpu: waking a thread on another CPU costs more than what it is to do.
 * See setup.h. The library's own thread runs the kernel's threads; while a
 * thread of the program waits for the network, it does so, and polls, too.
 */
#include <sched.h>
#include "host.h"
#include "lkl.h"
#include "setup/setup.h"

enum { PIN_LIBRARY = 1, PIN_PROGRAM };

/* Threads that the calling one will start are there, too. */
static int pin_caller(unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return host_syscall3(SYS_sched_setaffinity, 0, sizeof(set), (long)&set);
}

void setup_pinning(const struct config *c)
{
	const char *value = c->singlecpu == PIN_PROGRAM ? "2" : "1";
	int cpu = sched_getcpu();

	if (!c->singlecpu)
		return;
	setup_must(c, lkl_pin_threads(cpu), -1, "singlecpu", value);
	if (c->singlecpu == PIN_PROGRAM)
		setup_must(c, pin_caller(cpu), -1, "singlecpu", value);
}
