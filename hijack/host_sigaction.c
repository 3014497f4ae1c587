// SPDX-License-Identifier: GPL-2.0-only
/* sigaction(2) in the host, see host_sigaction.h. */
#include <string.h>
#include "host.h"
#include "host_sigaction.h"

/*
 * Our handlers return by our own code: a return through libc's, while its
 * system calls are caught (sud.h), would be caught itself.
 */
HOST_RESTORER(signals_restore);

#define SA_RESTORER 0x04000000UL

void sigaction_to_host(struct host_sigaction *to, const struct sigaction *from)
{
	to->handler = from->sa_sigaction;
	to->flags = (unsigned int)from->sa_flags | SA_RESTORER;
	to->restorer = signals_restore;
	memcpy(&to->mask, &from->sa_mask, sizeof(to->mask));
}

void sigaction_from_host(struct sigaction *to,
			 const struct host_sigaction *from)
{
	memset(to, 0, sizeof(*to));
	to->sa_sigaction = from->handler;
	to->sa_flags = from->flags & ~SA_RESTORER;
	memcpy(&to->sa_mask, &from->mask, sizeof(from->mask));
}

int host_sigaction(int sig, const struct sigaction *act, struct sigaction *old)
{
	struct host_sigaction in, out;
	int err;

	if (act)
		sigaction_to_host(&in, act);
	err = host_syscall6(SYS_rt_sigaction, sig, (long)(act ? &in : NULL),
			    (long)(old ? &out : NULL), HOST_SIGSET_BYTES, 0, 0);
	if (!err && old)
		sigaction_from_host(old, &out);
	return err;
}
