// SPDX-License-Identifier: GPL-2.0-only
/* SIGSEGV and SIGBUS: the program's, unless LKL met a bad pointer of its. */
#include "fault.h"
#include "lkl.h"
#include "signals.h"

static void take_fault(int sig, siginfo_t *info, void *context)
{
	/* Positive codes are faults; others were sent by somebody. */
	if (info->si_code <= 0 || !lkl_mend_fault(context))
		signals_forward(sig, info, context);
}

int fault_init(void)
{
	int err = signals_own(SIGSEGV, take_fault);

	return err ? err : signals_own(SIGBUS, take_fault);
}
