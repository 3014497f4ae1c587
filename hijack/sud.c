// SPDX-License-Identifier: GPL-2.0-only
/*
 * Syscall User Dispatch, see sud.h. While it is armed, the host sends SIGSYS
 * for each system call from outside this library's text. The handler makes the
 * call through the dispatch table and puts the result where the call would
 * have. It is on only around the functions of libc/resolver.c.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <ucontext.h>
#include "dispatch.h"
#include "message.h"
#include "signals.h"
#include "sud.h"

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH	59
#define PR_SYS_DISPATCH_OFF		0
#define PR_SYS_DISPATCH_ON		1
#endif
#ifndef SYS_USER_DISPATCH
#define SYS_USER_DISPATCH		2
#endif

/* SYSCALL_DISPATCH_FILTER_{ALLOW,BLOCK} */
enum { ALLOW, BLOCK };

static __thread char selector = ALLOW;
static __thread bool armed;

/* The linker's names for where this library begins and where its code ends. */
extern char __ehdr_start[] __attribute__((visibility("hidden")));
extern char etext[] __attribute__((visibility("hidden")));

static void caught(int sig, siginfo_t *info, void *context)
{
	greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
	int err = errno;
	long args[6] = { regs[REG_RDI], regs[REG_RSI], regs[REG_RDX],
			 regs[REG_R10], regs[REG_R8], regs[REG_R9] };

	(void)sig;
	if (info->si_code != SYS_USER_DISPATCH)
		return;
	selector = ALLOW;
	regs[REG_RAX] = dispatch(info->si_syscall, args);
	errno = err;
	selector = armed ? BLOCK : ALLOW;
}

bool sud_pause(void)
{
	bool was = selector == BLOCK;

	selector = ALLOW;
	return was;
}

void sud_resume(bool was)
{
	selector = was ? BLOCK : ALLOW;
}

bool sud_begin(void)
{
	uint64_t sigsys = 1ULL << (SIGSYS - 1);
	long ret;

	if (armed)
		return false;
	signals_own_sigsys(caught);
	host_sigmask(SIG_UNBLOCK, &sigsys, NULL);
	ret = host_syscall6(SYS_prctl, PR_SET_SYSCALL_USER_DISPATCH,
			    PR_SYS_DISPATCH_ON, (long)__ehdr_start,
			    etext - __ehdr_start,
			    (long)&selector, 0);
	if (ret < 0)
		message_die("names cannot be looked up without reaching the host's network: "
			    "the host's kernel has no Syscall User Dispatch (Linux 5.11 has)");
	armed = true;
	selector = BLOCK;
	return true;
}

void sud_end(bool begun)
{
	if (!begun)
		return;
	selector = ALLOW;
	armed = false;
	host_syscall6(SYS_prctl, PR_SET_SYSCALL_USER_DISPATCH,
		      PR_SYS_DISPATCH_OFF, 0, 0, 0, 0);
}
