// SPDX-License-Identifier: GPL-2.0-only
/* Calls of the host around libc, see direct.h. */
#include <signal.h>
#include <stdbool.h>
#include "boot.h"
#include "code_table.h"
#include "direct.h"
#include "signals.h"
#include "thread.h"

/* libc's, the first real-time signal: programs can neither block nor handle it. */
#define SIGCANCEL __SIGRTMIN

__thread int direct_thread;

static __thread bool disabled;

CODE_TABLE(direct_calls);

void direct_interrupted(void *context)
{
	/* A call that is to be made again is at its instruction, too. */
	if (__builtin_expect(!direct_thread, 0))
		code_table_go_on(direct_calls, context);
}

/* Libc's own comes by tgkill(2), to a thread that may be ended anywhere. */
static void take_signal(int sig, siginfo_t *info, void *context)
{
	if (info->si_code != SI_QUEUE)
		signals_forward(sig, info, context);
	else
		direct_interrupted(context);
}

void direct_by_libc(void)
{
	if (direct_thread || disabled || thread_cancelled)
		return;
	/* A child of vfork() has this memory, and another number. */
	if (boot_vforked())
		return;
	__atomic_store_n(&direct_thread, host_syscall3(SYS_gettid, 0, 0, 0),
			 __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&thread_cancelled, __ATOMIC_SEQ_CST))
		direct_thread = 0;
}

int direct_failed(int err)
{
	if (err == EINTR && !direct_thread)
		pthread_testcancel();
	errno = err;
	return -1;
}

void direct_cancel(pthread_t thread)
{
	siginfo_t info = { .si_code = SI_QUEUE };
	int tid;

	tid = __atomic_exchange_n(THREAD_S(thread, direct_thread), 0,
				  __ATOMIC_SEQ_CST);
	if (tid && !signals_own(SIGCANCEL, take_signal))
		host_syscall6(SYS_rt_tgsigqueueinfo,
			      host_syscall3(SYS_getpid, 0, 0, 0), tid,
			      SIGCANCEL, (long)&info, 0, 0);
}

void direct_cancelable(bool enabled)
{
	disabled = !enabled;
	direct_thread = 0;
}

void direct_forked(void)
{
	direct_thread = 0;
}
