// SPDX-License-Identifier: GPL-2.0-only
/*
 * Deferring signal handlers (signals.h).
 *
 * A handler must not run on a kernel stack with the LKL CPU held: it may make
 * calls, or leave by siglongjmp(). So ours takes the signal; inside LKL it
 * keeps it and interrupts the call, and lkl_call() runs the program's handler
 * when the call has ended.
 */
#include <errno.h>
#include <string.h>
#include <ucontext.h>
#include "dispatch.h"
#include "lkl.h"
#include "lkl_nr.h"
#include "signals.h"
#include "sud.h"

#define SIGNALS 65
#define MAX_DEFERRED 32

/* The kernel's restart codes (include/linux/errno.h). */
#define ERESTARTSYS		512
#define ERESTARTNOINTR		513
#define ERESTARTNOHAND		514
#define ERESTART_RESTARTBLOCK	516

#define bit(sig) (1ULL << ((sig) - 1))

/* What the program has asked for; the host has our handler for these. */
static struct sigaction actions[SIGNALS];
static bool own_sigsys;

/* Of one thread. Written by its handlers, read by it with all blocked. */
static __thread struct {
	siginfo_t info[MAX_DEFERRED];
	unsigned int count;
	bool deferring;		/* also while not inside: signals_masked_begin() */
} deferred;

/*
 * Our handlers return by our own code: a return through libc's, while its
 * system calls are caught (sud.h), would be caught itself.
 */
__asm__(".pushsection .text\n"
	".type signals_restore, @function\n"
	"	nop\n"
	"signals_restore:\n"
	"	mov $15, %eax\n"	/* rt_sigreturn */
	"	syscall\n"
	".size signals_restore, . - signals_restore\n"
	".popsection\n");
void signals_restore(void) __attribute__((visibility("hidden")));

#define SA_RESTORER 0x04000000UL

/* struct sigaction as the host's kernel has it. */
struct host_sigaction {
	void (*handler)(int sig, siginfo_t *info, void *context);
	unsigned long flags;
	void (*restorer)(void);
	uint64_t mask;
};

/* sigaction(2) in the host; @act and @old may be NULL. */
static int host_sigaction(int sig, const struct sigaction *act,
			  struct sigaction *old)
{
	struct host_sigaction in, out;
	int err;

	if (act) {
		in.handler = act->sa_sigaction;
		in.flags = (unsigned int)act->sa_flags | SA_RESTORER;
		in.restorer = signals_restore;
		memcpy(&in.mask, &act->sa_mask, sizeof(in.mask));
	}
	err = host_syscall6(SYS_rt_sigaction, sig, (long)(act ? &in : NULL),
			    (long)(old ? &out : NULL), HOST_SIGSET_BYTES, 0, 0);
	if (!err && old) {
		memset(old, 0, sizeof(*old));
		old->sa_sigaction = out.handler;
		old->sa_flags = out.flags & ~SA_RESTORER;
		memcpy(&old->sa_mask, &out.mask, sizeof(out.mask));
	}
	return err;
}

/* Faults belong to the instruction that they interrupt. */
static bool synchronous(int sig, const siginfo_t *info)
{
	return info->si_code > 0 &&
	       (sig == SIGSEGV || sig == SIGBUS || sig == SIGFPE ||
		sig == SIGILL || sig == SIGTRAP);
}

static void call_handler(int sig, siginfo_t *info, void *context)
{
	struct sigaction *act = &actions[sig];
	int err = errno;

	if (act->sa_flags & SA_SIGINFO)
		act->sa_sigaction(sig, info, context);
	else if (act->sa_handler != SIG_DFL && act->sa_handler != SIG_IGN)
		act->sa_handler(sig);
	errno = err;
}

static void take_signal(int sig, siginfo_t *info, void *context)
{
	struct lkl_thread *self = lkl_self();

	if ((!lkl_kernel_inside(self) && !deferred.deferring) ||
	    synchronous(sig, info)) {
		bool caught = sud_pause();

		call_handler(sig, info, context);
		sud_resume(caught);
		return;
	}
	/* Standard signals do not queue, either; more than this is a flood. */
	if (deferred.count < MAX_DEFERRED)
		deferred.info[deferred.count++] = *info;
	lkl_kernel_interrupt(self);
}

/*
 * Runs what was deferred. Returns whether any ran, and sets *@restart when all
 * of those have SA_RESTART.
 */
static bool run_deferred(bool *restart)
{
	uint64_t all = ~0ULL, before, during;
	bool any = false;
	siginfo_t info;

	*restart = true;
	while (__atomic_load_n(&deferred.count, __ATOMIC_RELAXED)) {
		struct sigaction *act;
		ucontext_t context = { 0 };

		host_sigmask(SIG_SETMASK, &all, &before);
		info = deferred.info[0];
		deferred.count--;
		memmove(&deferred.info[0], &deferred.info[1],
			deferred.count * sizeof(info));
		act = &actions[info.si_signo];
		any = true;
		*restart = *restart && act->sa_flags & SA_RESTART;

		memcpy(&during, &act->sa_mask, sizeof(during));
		during |= before;
		if (!(act->sa_flags & SA_NODEFER))
			during |= bit(info.si_signo);
		memcpy(&context.uc_sigmask, &before, sizeof(before));
		host_sigmask(SIG_SETMASK, &during, NULL);
		call_handler(info.si_signo, &info, &context);
		host_sigmask(SIG_SETMASK, &before, NULL);
	}
	return any;
}

long lkl_call(long nr, const long *args)
{
	bool ran, restart;
	long ret;

	for (;;) {
		ret = lkl_syscall(nr, args);
		if (__builtin_expect(!deferred.count && ret > -ERESTARTSYS, 1))
			return ret;
		if (deferred.deferring)
			ran = true, restart = false;
		else
			ran = run_deferred(&restart);

		switch (-ret) {
		case ERESTARTSYS:
			if (ran && !restart)
				return -EINTR;
			break;
		case ERESTARTNOINTR:
			break;
		case ERESTARTNOHAND:
			if (ran)
				return -EINTR;
			break;
		case ERESTART_RESTARTBLOCK:
			if (ran)
				return -EINTR;
			nr = __lkl__NR_restart_syscall;
			break;
		default:
			return ret;
		}
	}
}

void signals_masked_begin(const uint64_t *mask, uint64_t *saved)
{
	if (!mask)
		return;
	deferred.deferring = true;
	host_sigmask(SIG_SETMASK, mask, saved);
}

void signals_masked_end(const uint64_t *mask, const uint64_t *saved)
{
	bool restart;

	if (!mask)
		return;
	host_sigmask(SIG_SETMASK, saved, NULL);
	deferred.deferring = false;
	run_deferred(&restart);
}

int signals_action(int sig, const struct sigaction *act, struct sigaction *old)
{
	struct sigaction host, before, ours;
	uint64_t all = ~0ULL, mask;
	int err = 0;

	if (sig < 1 || sig >= SIGNALS)
		return -EINVAL;

	/* No handler of this thread sees the record half changed. */
	host_sigmask(SIG_SETMASK, &all, &mask);
	ours = actions[sig];
	if (sig == SIGSYS && own_sigsys) {
		before = ours;
	} else if (act) {
		host = *act;
		if (host.sa_handler != SIG_DFL && host.sa_handler != SIG_IGN) {
			actions[sig] = *act;
			host.sa_sigaction = take_signal;
			host.sa_flags |= SA_SIGINFO;
		}
		err = host_sigaction(sig, &host, &before);
		if (err)
			actions[sig] = ours;
	} else {
		err = host_sigaction(sig, NULL, &before);
	}
	if (!err && act && sig == SIGSYS && own_sigsys)
		actions[sig] = *act;
	if (!err && old)
		*old = before.sa_sigaction == take_signal ? ours : before;
	host_sigmask(SIG_SETMASK, &mask, NULL);
	return err;
}

int signals_own_sigsys(void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction act = {
		.sa_sigaction = handler,
		.sa_flags = SA_SIGINFO | SA_NODEFER,
	};

	int err;

	if (own_sigsys)
		return 0;
	err = host_sigaction(SIGSYS, &act, &actions[SIGSYS]);
	own_sigsys = !err;
	return err;
}
