// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults: the program's, unless LKL or this library met a bad pointer of its. One
 * that ends the process is not to leave the user in doubt about whose it was.
 */
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <ucontext.h>
#include "fault.h"
#include "host.h"
#include "lkl.h"
#include "message.h"
#include "signals.h"
#include "user.h"

/* The linker's names for where this library begins and where its code ends. */
extern char __ehdr_start[] __attribute__((visibility("hidden")));
extern char etext[] __attribute__((visibility("hidden")));

static void tell(int sig, const siginfo_t *info, const ucontext_t *context)
{
	uintptr_t at = HOST_CONTEXT_IP(context);
	uintptr_t start = (uintptr_t)__ehdr_start;

	if (lkl_kernel_inside(lkl_self()) ||
	    (at >= start && at < (uintptr_t)etext))
		message("SIG%s in LKL, not in the program: liblkl-hijack.so+%#zx, address %p; please report it",
			sigabbrev_np(sig), (size_t)(at - start), info->si_addr);
	else
		message("SIG%s in the program, not in LKL: instruction %#zx, address %p",
			sigabbrev_np(sig), (size_t)at, info->si_addr);
}

static void take_fault(int sig, siginfo_t *info, void *context)
{
	/* Positive codes are faults; others were sent by somebody. */
	if (info->si_code > 0) {
		if ((sig == SIGSEGV || sig == SIGBUS) &&
		    (user_mend(context) || lkl_mend_fault(context)))
			return;
		if (signals_deadly(sig))
			tell(sig, info, context);
	}
	signals_forward(sig, info, context);
}

int fault_init(void)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE };
	int err = 0;
	size_t i;

	for (i = 0; i < sizeof(faults) / sizeof(*faults) && !err; i++)
		err = signals_own(faults[i], take_fault);
	return err;
}
