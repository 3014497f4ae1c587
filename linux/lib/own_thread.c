// SPDX-License-Identifier: GPL-2.0-only
/* Threads of this library, see own_thread.h. */
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include "host.h"
#include "own_thread.h"

_Thread_local bool own_thread;

void own_thread_begin(const char *name)
{
	const uint64_t most = ~(3ULL << 31);

	own_thread = true;
	host_prctl(PR_SET_NAME, (unsigned long)name);
	host_sigmask(SIG_SETMASK, &most, NULL);
}
