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

#define SIGSYS_BIT (1ULL << (SIGSYS - 1))

static __thread char selector = ALLOW;
static __thread bool armed;
static __thread bool lookup;		/* names are looked up */
static __thread unsigned int handlers;	/* of the program, that interrupt it */

/* The linker's names for where this library begins and where its code ends. */
extern char __ehdr_start[] __attribute__((visibility("hidden")));
extern char etext[] __attribute__((visibility("hidden")));

/*
 * The mask that counts is the one to which the handler returns. SIGSYS stays
 * out of it: the host kills a thread that has it blocked when it is to come.
 */
static long mask_call(const long *args, ucontext_t *context)
{
	const uint64_t *new = (const uint64_t *)args[1];
	uint64_t *old = (uint64_t *)args[2];
	uint64_t mask;

	if (args[3] != HOST_SIGSET_BYTES)
		return -EINVAL;
	memcpy(&mask, &context->uc_sigmask, sizeof(mask));
	if (old)
		*old = mask;
	if (!new)
		return 0;
	switch (args[0]) {
	case SIG_BLOCK:
		mask |= *new;
		break;
	case SIG_UNBLOCK:
		mask &= ~*new;
		break;
	case SIG_SETMASK:
		mask = *new;
		break;
	default:
		return -EINVAL;
	}
	mask &= ~SIGSYS_BIT;
	memcpy(&context->uc_sigmask, &mask, sizeof(mask));
	return 0;
}

static void caught(int sig, siginfo_t *info, void *arg)
{
	ucontext_t *context = arg;
	long args[6] = HOST_CONTEXT_ARGUMENTS(context);
	int err = errno;

	if (info->si_code != SYS_USER_DISPATCH) {
		signals_forward(sig, info, arg);
		return;
	}
	selector = ALLOW;
	HOST_CONTEXT_RESULT(context) = info->si_syscall == SYS_rt_sigprocmask
		? mask_call(args, context) : dispatch(info->si_syscall, args);
	errno = err;
	selector = BLOCK;
}

bool sud_pause(void)
{
	bool was = selector == BLOCK;

	selector = ALLOW;
	handlers++;
	return was;
}

void sud_resume(bool was)
{
	handlers--;
	selector = was ? BLOCK : ALLOW;
}

static void arm(void)
{
	long err = signals_own(SIGSYS, caught);

	if (!err)
		err = host_syscall6(SYS_prctl, PR_SET_SYSCALL_USER_DISPATCH,
				    PR_SYS_DISPATCH_ON, (long)__ehdr_start,
				    (uintptr_t)etext - (uintptr_t)__ehdr_start, (long)&selector, 0);
	if (err)
		message_die("names cannot be looked up without reaching the host's network: the host's kernel has no Syscall User Dispatch (Linux 5.11 has; a seccomp filter or a debugger may forbid it); give the program numeric addresses");
	armed = true;
}

void sud_begin(struct sud *before)
{
	const uint64_t sigsys = SIGSYS_BIT;

	/* A handler may have jumped out of a function that had armed it. */
	before->armed = armed;
	before->caught = selector == BLOCK;
	before->lookup = lookup;
	before->handlers = handlers;
	lookup = false;
	handlers = 0;
	host_sigmask(SIG_UNBLOCK, &sigsys, &before->mask);
	if (!armed)
		arm();
	selector = BLOCK;
}

void sud_begin_lookup(struct sud *before)
{
	sud_begin(before);
	lookup = true;
}

bool sud_looks_up(void)
{
	return lookup && !handlers;
}

void sud_end(const struct sud *before)
{
	const uint64_t sigsys = SIGSYS_BIT;

	lookup = before->lookup;
	handlers = before->handlers;
	selector = before->caught ? BLOCK : ALLOW;
	if (before->mask & SIGSYS_BIT)
		host_sigmask(SIG_BLOCK, &sigsys, NULL);
	if (before->armed)
		return;
	armed = false;
	host_syscall6(SYS_prctl, PR_SET_SYSCALL_USER_DISPATCH,
		      PR_SYS_DISPATCH_OFF, 0, 0, 0, 0);
}
