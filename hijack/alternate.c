// SPDX-License-Identifier: GPL-2.0-only
/* Alternate signal stacks, see alternate.h. */
#include <stdint.h>
#include "alternate.h"
#include "host.h"

/*
 * sigaltstack(2) is refused on the stack that it is about. The host goes by the
 * stack pointer, so that points elsewhere for the moment of the call, in which
 * no signal may come.
 */
static void set(const stack_t *stack)
{
	static char elsewhere[16];
	const uint64_t all = ~0ULL;
	uint64_t mask;

	host_sigmask(SIG_SETMASK, &all, &mask);
	host_sigaltstack_at(stack, elsewhere);
	host_sigmask(SIG_SETMASK, &mask, NULL);
}

bool alternate_hide(stack_t *stack)
{
	static const stack_t none = { .ss_flags = SS_DISABLE };

	if (host_syscall3(SYS_sigaltstack, 0, (long)stack, 0) < 0 ||
	    !(stack->ss_flags & SS_ONSTACK))
		return false;
	set(&none);
	return true;
}

void alternate_show(const stack_t *stack)
{
	set(stack);
}
