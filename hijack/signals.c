// SPDX-License-Identifier: GPL-2.0-only
/*
 * Deferring signal handlers (signals.h).
 *
 * A handler must not run on a kernel stack with the LKL CPU held: it may make
 * calls, or leave by siglongjmp(). So ours takes the signal; inside LKL it
 * blocks all signals, sends this one again and interrupts the call. When the
 * call has ended, lkl_call() restores the mask: the host delivers the signal
 * on the program's stack, with all that belongs to it.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>
#include "alternate.h"
#include "boot.h"
#include "direct.h"
#include "dispatch.h"
#include "host_sigaction.h"
#include "lkl.h"
#include "lkl_nr.h"
#include "lock.h"
#include "real.h"
#include "signals.h"
#include "sud.h"
#include "thread.h"
#include "trace.h"
#include "user.h"

#define SIGNALS 65

/* The kernel's restart codes (include/linux/errno.h). */
#define ERESTARTSYS		512
#define ERESTARTNOINTR		513
#define ERESTARTNOHAND		514
#define ERESTART_RESTARTBLOCK	516

#define bit(sig) (1ULL << ((sig) - 1))

/* What the program has asked for; the host has our handler for these. */
static struct sigaction actions[SIGNALS];

/* Handlers of this library, which come first. */
static void (*owners[SIGNALS])(int sig, siginfo_t *info, void *context);

/*
 * Of one thread: a signal has been put off. @mask is to be restored when it may
 * come; it is then delivered by the host, as if it had just been sent.
 */
static __thread struct {
	uint64_t mask;
	bool active;
	bool restart;		/* its handler has SA_RESTART */
	bool masked;		/* put off in any case: signals_masked_begin() */
	bool cancellable;	/* in a cancellation point */
	bool anywhere;		/* PTHREAD_CANCEL_ASYNCHRONOUS */
	bool alternate;		/* maybe on its alternate stack (alternate.h) */
} off;

static void take_signal(int sig, siginfo_t *info, void *context);

/* Puts our handler before the one of @act. */
static int install(int sig, const struct sigaction *act, struct sigaction *old)
{
	struct sigaction host = *act;

	host.sa_sigaction = take_signal;
	host.sa_flags |= SA_SIGINFO;
	return host_sigaction(sig, &host, old);
}

/*
 * Puts an owner's handler before the program's; on the alternate stack if the
 * program's is to run there, for it may be one for the overflow of a stack.
 * What it interrupts is made again if the program's would have it so.
 */
static int install_owner(int sig, struct sigaction *old)
{
	struct sigaction act = {
		.sa_sigaction = owners[sig],
		.sa_flags = SA_SIGINFO | SA_NODEFER |
			    (actions[sig].sa_flags & (SA_ONSTACK | SA_RESTART)),
	};

	return host_sigaction(sig, &act, old);
}

/* signals_before_end() */
static void (*before_end)(void);
static const int ending[] = { SIGHUP, SIGINT, SIGPIPE, SIGALRM, SIGTERM,
			      SIGUSR1, SIGUSR2 };

/* What @before_end has time for. */
#define END_SECONDS 3

static void end_by(int sig, siginfo_t *info, void *context);

/* Puts ours in place of the default action. */
static int install_end(int sig, struct sigaction *old)
{
	static const struct sigaction act = {
		.sa_sigaction = end_by,
		.sa_flags = SA_SIGINFO | SA_NODEFER,
	};

	return host_sigaction(sig, &act, old);
}

static bool ends(int sig)
{
	size_t i;

	for (i = 0; before_end && i < sizeof(ending) / sizeof(*ending); i++)
		if (ending[i] == sig)
			return true;
	return false;
}

/* Faults belong to the instruction that they interrupt. */
static bool synchronous(int sig, const siginfo_t *info)
{
	return info->si_code > 0 &&
	       (sig == SIGSEGV || sig == SIGBUS || sig == SIGFPE ||
		sig == SIGILL || sig == SIGTRAP);
}

/* What sigio.c sends bears a code that a process may use; this is the kernel's. */
static int sigio_code(long events)
{
	if (events & POLLPRI)
		return POLL_PRI;
	if (events & POLLERR)
		return POLL_ERR;
	if (events & POLLHUP)
		return POLL_HUP;
	return events & POLLIN ? POLL_IN : POLL_OUT;
}

static void call_handler(const struct sigaction *act, int sig, siginfo_t *info,
			 void *context)
{
	bool caught = sud_pause();
	bool traced = trace_pause();
	bool alternate = off.alternate;
	bool cancellable = off.cancellable;

	off.cancellable = false;
	if (act->sa_flags & SA_ONSTACK)
		off.alternate = true;
	if (info->si_code == SI_SIGIO)
		info->si_code = sigio_code(info->si_band);
	if (act->sa_flags & SA_SIGINFO)
		act->sa_sigaction(sig, info, context);
	else if (act->sa_handler != SIG_DFL && act->sa_handler != SIG_IGN)
		act->sa_handler(sig);
	off.cancellable = cancellable;
	off.alternate = alternate;
	trace_resume(traced);
	sud_resume(caught);
	direct_interrupted(context);
	/* Calls of the handler may have used the interruption up. */
	if (thread_cancelled)
		lkl_kernel_interrupt(lkl_self());
}

/*
 * Sends the signal once more, to come when the thread is out of the kernel:
 * @context returns to where it is blocked, with all others but faults.
 */
static void put_off(int sig, const siginfo_t *info, ucontext_t *context)
{
	static const uint64_t faults = bit(SIGSEGV) | bit(SIGBUS) | bit(SIGFPE) |
				       bit(SIGILL) | bit(SIGTRAP) | bit(SIGSYS);
	const uint64_t all = ~faults | bit(sig);
	const struct sigaction *act = &actions[sig];
	uint64_t before;
	long pid, tid;

	/* With SA_NODEFER it would come at once. */
	host_sigmask(SIG_SETMASK, &all, NULL);
	if (!off.active) {
		off.active = true;
		off.restart = act->sa_flags & SA_RESTART;
		off.mask = ~0ULL;
	}
	/* One that came before our handler of another had blocked it is first. */
	memcpy(&before, &context->uc_sigmask, sizeof(before));
	off.mask &= before;
	memcpy(&context->uc_sigmask, &all, sizeof(all));
	/* This delivery has reset the disposition; the next one is to do it. */
	if (act->sa_flags & SA_RESETHAND && act->sa_handler != SIG_DFL &&
	    !owners[sig])
		install(sig, act, NULL);

	pid = host_syscall3(SYS_getpid, 0, 0, 0);
	tid = host_syscall3(SYS_gettid, 0, 0, 0);
	if (host_syscall6(SYS_rt_tgsigqueueinfo, pid, tid, sig, (long)info, 0,
			  0) < 0)
		host_syscall3(SYS_tgkill, pid, tid, sig);
}

/* Whether the signal comes at the wrong time, and has been put off. */
static bool must_wait(int sig, siginfo_t *info, void *context)
{
	struct lkl_thread *self = lkl_self();

	if ((!lkl_kernel_inside(self) && !off.masked) || synchronous(sig, info))
		return false;
	put_off(sig, info, context);
	lkl_kernel_interrupt(self);
	return true;
}

static void take_signal(int sig, siginfo_t *info, void *context)
{
	if (!must_wait(sig, info, context))
		call_handler(&actions[sig], sig, info, context);
}

/*
 * The signal was meant to end the program at once, so nothing is waited for that
 * its thread may hold: the host's timer sends the signal once more.
 */
static void end_by(int sig, siginfo_t *info, void *context)
{
	static const struct sigaction die = { .sa_handler = SIG_DFL };
	static const struct itimerspec late = { .it_value = { END_SECONDS, 0 } };
	struct sigevent again = { .sigev_notify = SIGEV_SIGNAL,
				  .sigev_signo = sig };
	int timer;

	if (must_wait(sig, info, context))
		return;
	host_sigaction(sig, &die, NULL);
	if (!host_syscall3(SYS_timer_create, CLOCK_MONOTONIC, (long)&again,
			   (long)&timer))
		host_syscall6(SYS_timer_settime, timer, 0, (long)&late, 0, 0, 0);
	sud_pause();
	before_end();
	host_syscall3(SYS_tgkill, host_syscall3(SYS_getpid, 0, 0, 0),
		      host_syscall3(SYS_gettid, 0, 0, 0), sig);
}

/* Has the host deliver what was put off; the handlers may jump out of here. */
static void let_in(void)
{
	uint64_t mask = off.mask;

	off.active = false;
	host_sigmask(SIG_SETMASK, &mask, NULL);
}

void signals_let_in(void)
{
	if (__builtin_expect(off.active, 0) && !off.masked)
		let_in();
}

/* Here is nothing held that the end of the thread could leave behind. */
static void cancellation_point(void)
{
	off.cancellable = false;
	pthread_testcancel();
	off.cancellable = true;
}

void signals_cancel_anywhere(bool asynchronous)
{
	off.anywhere = asynchronous;
}

long signals_cancellable(long nr, const long *args)
{
	long ret;
	int old;

	if (__builtin_expect(off.anywhere, 0))
		real(pthread_setcanceltype)(PTHREAD_CANCEL_DEFERRED, &old);
	pthread_testcancel();
	off.cancellable = true;
	ret = dispatch(nr, args);
	off.cancellable = false;
	if (__builtin_expect(off.anywhere, 0))
		real(pthread_setcanceltype)(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
	return ret;
}

void signals_cancel(pthread_t thread)
{
	lkl_kernel_interrupt(THREAD_S(thread, *lkl_self()));
}

/* A call that a handler on the alternate stack may make. */
static __attribute__((noinline)) long call_from_handler(long nr,
							const long *args)
{
	bool masked = off.masked;
	stack_t stack;
	long ret;

	off.masked = true;
	off.alternate = alternate_hide(&stack);
	ret = lkl_syscall(nr, args);
	if (off.alternate)
		alternate_show(&stack);
	off.masked = masked;
	return ret;
}

long lkl_call(long nr, const long *args)
{
	bool came, restart;
	long ret;

	/* A call before this one may have used the interruption up. */
	if (__builtin_expect(off.masked, 0) && off.active)
		lkl_kernel_interrupt(lkl_self());
	if (__builtin_expect(off.cancellable, 0))
		cancellation_point();
	if (__builtin_expect(trace_classes != 0, 0))
		trace_reached();
	for (;;) {
		ret = __builtin_expect(off.alternate, 0)
			? call_from_handler(nr, args) : lkl_syscall(nr, args);
		if (__builtin_expect(!off.active && ret >= 0, 1))
			return ret;
		boot_hold();
		if (!off.active && ret > -ERESTARTSYS && ret != -EINTR)
			return ret;
		if (off.cancellable)
			cancellation_point();
		came = off.active;
		restart = off.restart && !off.masked;
		if (came && !off.masked)
			let_in();

		switch (-ret) {
		case ERESTARTSYS:
			if (came && !restart)
				return -EINTR;
			break;
		case ERESTARTNOINTR:
			if (off.masked && came)
				return -EINTR;
			break;
		case ERESTARTNOHAND:
		case EINTR:
			if (came)
				return -EINTR;
			break;
		case ERESTART_RESTARTBLOCK:
			if (came)
				return -EINTR;
			nr = __lkl__NR_restart_syscall;
			break;
		default:
			return ret;
		}
	}
}

int signals_masked_begin(const uint64_t *mask, size_t size, uint64_t *saved)
{
	int err;

	if (!mask)
		return 0;
	if (size != HOST_SIGSET_BYTES)
		return -EINVAL;
	off.masked = true;
	err = host_sigmask(SIG_SETMASK, mask, saved);
	if (err) {
		off.masked = false;
		if (off.active)
			let_in();
	}
	return err;
}

void signals_masked_end(const uint64_t *mask, const uint64_t *saved, long ret)
{
	if (!mask)
		return;
	off.masked = false;
	/* A call that has a result leaves a signal as @saved finds it. */
	if (off.active && ret == -EINTR)
		let_in();
	off.active = false;
	host_sigmask(SIG_SETMASK, saved, NULL);
}

static bool is_ours(int sig, const struct sigaction *act)
{
	return act->sa_sigaction == take_signal ||
	       act->sa_sigaction == end_by ||
	       (owners[sig] && act->sa_sigaction == owners[sig]);
}

int signals_action(int sig, const struct sigaction *act, struct sigaction *old)
{
	struct sigaction before, ours;
	uint64_t all = ~0ULL, mask;
	int err = 0;

	if (sig < 1 || sig >= SIGNALS)
		return -EINVAL;

	/* No handler of this thread sees the record half changed. */
	host_sigmask(SIG_SETMASK, &all, &mask);
	ours = actions[sig];
	if (boot_vforked()) {
		/* The record is the parent's, whose actions stay what they are. */
		err = host_sigaction(sig, act, &before);
	} else if (owners[sig]) {
		before = ours;
		if (act) {
			actions[sig] = *act;
			install_owner(sig, NULL);
		}
	} else if (act && act->sa_handler != SIG_DFL &&
		   act->sa_handler != SIG_IGN) {
		actions[sig] = *act;
		err = install(sig, act, &before);
		if (err)
			actions[sig] = ours;
	} else if (act && act->sa_handler == SIG_DFL && ends(sig)) {
		actions[sig] = *act;
		err = install_end(sig, &before);
	} else {
		err = host_sigaction(sig, act, &before);
	}
	if (!err && old)
		*old = is_ours(sig, &before) ? ours : before;
	host_sigmask(SIG_SETMASK, &mask, NULL);
	return err;
}

/* rt_sigaction(2), by syscall(2) */
long call_rt_sigaction(const long *args)
{
	struct sigaction act, old;
	struct host_sigaction host;
	int err;

	if (args[3] != HOST_SIGSET_BYTES)
		return -EINVAL;
	if (args[1]) {
		if (user_copy(&host, (void *)args[1], sizeof(host)))
			return -EFAULT;
		sigaction_from_host(&act, &host);
	}
	err = signals_action(args[0], args[1] ? &act : NULL,
			     args[2] ? &old : NULL);
	if (err || !args[2])
		return err;
	sigaction_to_host(&host, &old);
	return user_copy((void *)args[2], &host, sizeof(host));
}

int signals_own(int sig, void (*handler)(int, siginfo_t *, void *))
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	uint64_t mask = lock_take(&lock);
	struct sigaction before;
	int err;

	err = host_sigaction(sig, NULL, &before);
	/* Not there yet; or not any more, as libc has put its own there. */
	if (!err && before.sa_sigaction != handler) {
		if (before.sa_sigaction != take_signal)
			actions[sig] = before;
		owners[sig] = handler;
		err = install_owner(sig, NULL);
	}
	lock_give(&lock, mask);
	return err;
}

int signals_before_end(void (*fn)(void))
{
	struct sigaction act;
	int err = 0;
	size_t i;

	/* The first process of a container is not ended by these. */
	if (host_syscall3(SYS_getpid, 0, 0, 0) == 1)
		return 0;
	before_end = fn;
	for (i = 0; i < sizeof(ending) / sizeof(*ending) && !err; i++) {
		err = host_sigaction(ending[i], NULL, &act);
		if (!err && act.sa_handler == SIG_DFL)
			err = install_end(ending[i], NULL);
	}
	return err;
}

/* What the host does by itself for a handler that it knows. */
static void call_as_host(int sig, siginfo_t *info, void *context)
{
	const struct sigaction act = actions[sig];
	uint64_t mask;

	memcpy(&mask, &act.sa_mask, sizeof(mask));
	if (act.sa_flags & SA_RESETHAND)
		actions[sig].sa_handler = SIG_DFL;
	if (!(act.sa_flags & SA_NODEFER))
		mask |= bit(sig);
	host_sigmask(SIG_BLOCK, &mask, NULL);
	call_handler(&act, sig, info, context);
}

bool signals_deadly(int sig)
{
	return actions[sig].sa_handler == SIG_DFL ||
	       actions[sig].sa_handler == SIG_IGN;
}

void signals_forward(int sig, siginfo_t *info, void *context)
{
	static const struct sigaction die = { .sa_handler = SIG_DFL };
	bool fault = synchronous(sig, info);
	sighandler_t handler = actions[sig].sa_handler;

	if (handler != SIG_DFL && handler != SIG_IGN) {
		if (!must_wait(sig, info, context))
			call_as_host(sig, info, context);
		return;
	}
	/* What an instruction has caused cannot be ignored. */
	if (handler == SIG_IGN && !fault)
		return;
	owners[sig] = NULL;
	host_sigaction(sig, &die, NULL);
	/* A fault comes again as soon as this handler returns. */
	if (!fault)
		host_syscall3(SYS_tgkill, host_syscall3(SYS_getpid, 0, 0, 0),
			      host_syscall3(SYS_gettid, 0, 0, 0), sig);
}
