// SPDX-License-Identifier: GPL-2.0-only
/* Bad pointers in system calls, of which the host tells by a signal. */
#include "host.h"
#include <lkl.h>

int lkl_mend_fault(void *context)
{
	ucontext_t *uc = context;
	unsigned long ip = HOST_CONTEXT_IP(uc);
	unsigned long sp = HOST_CONTEXT_SP(uc);

	if (!lkl_kernel_fault(lkl_self(), &ip, &sp))
		return 0;
	HOST_CONTEXT_IP(uc) = ip;
	HOST_CONTEXT_SP(uc) = sp;
	return 1;
}
