// SPDX-License-Identifier: GPL-2.0-only
/* sigaction(2) and the older functions that come down to it. */
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include "libc.h"
#include "signals.h"

EXPORT int sigaction(int sig, const struct sigaction *act,
		     struct sigaction *old)
{
	return result(signals_action(sig, act, old));
}

/* Signals for which siginterrupt(3) was called. */
static sigset_t interrupting;

static sighandler_t set_handler(int sig, sighandler_t handler, int flags)
{
	struct sigaction act = { .sa_handler = handler, .sa_flags = flags }, old;

	sigemptyset(&act.sa_mask);
	if (flags & SA_RESTART)
		sigaddset(&act.sa_mask, sig);
	if (sigismember(&interrupting, sig) == 1)
		act.sa_flags &= ~SA_RESTART;
	if (result(signals_action(sig, &act, &old)) < 0)
		return SIG_ERR;
	return old.sa_handler;
}

EXPORT sighandler_t signal(int sig, sighandler_t handler)
{
	return set_handler(sig, handler, SA_RESTART);
}

EXPORT sighandler_t bsd_signal(int sig, sighandler_t handler)
{
	return set_handler(sig, handler, SA_RESTART);
}

EXPORT sighandler_t ssignal(int sig, sighandler_t handler)
{
	return set_handler(sig, handler, SA_RESTART);
}

EXPORT sighandler_t __sysv_signal(int sig, sighandler_t handler)
{
	return set_handler(sig, handler, SA_RESETHAND | SA_NODEFER);
}

EXPORT sighandler_t sysv_signal(int sig, sighandler_t handler)
{
	return set_handler(sig, handler, SA_RESETHAND | SA_NODEFER);
}

EXPORT int siginterrupt(int sig, int flag)
{
	struct sigaction act;

	if (sigaction(sig, NULL, &act) < 0)
		return -1;
	if (flag) {
		sigaddset(&interrupting, sig);
		act.sa_flags &= ~SA_RESTART;
	} else {
		sigdelset(&interrupting, sig);
		act.sa_flags |= SA_RESTART;
	}
	return sigaction(sig, &act, NULL);
}

/* sigset(3): the handler, and whether the signal is let in, in one. */
EXPORT sighandler_t sigset(int sig, sighandler_t handler)
{
	struct sigaction act = { .sa_handler = handler }, old;
	bool hold = handler == SIG_HOLD;
	sigset_t set, mask;

	sigemptyset(&set);
	if (sigaddset(&set, sig) < 0 ||
	    sigprocmask(hold ? SIG_BLOCK : SIG_UNBLOCK, &set, &mask) < 0 ||
	    result(signals_action(sig, hold ? NULL : &act, &old)) < 0)
		return SIG_ERR;
	return sigismember(&mask, sig) ? SIG_HOLD : old.sa_handler;
}

/* struct sigvec, which headers have no more (4.2BSD). */
struct sigvec {
	sighandler_t handler;
	int mask;
	int flags;
};

enum { SV_ONSTACK = 1, SV_INTERRUPT = 2, SV_RESETHAND = 4 };

int sigvec(int sig, const struct sigvec *vec, struct sigvec *old_vec);

EXPORT int sigvec(int sig, const struct sigvec *vec, struct sigvec *old_vec)
{
	struct sigaction act = { 0 }, old;
	unsigned long mask;

	if (vec) {
		mask = (unsigned int)vec->mask;
		memcpy(&act.sa_mask, &mask, sizeof(mask));
		act.sa_handler = vec->handler;
		act.sa_flags = (vec->flags & SV_ONSTACK ? SA_ONSTACK : 0) |
			       (vec->flags & SV_INTERRUPT ? 0 : SA_RESTART) |
			       (vec->flags & SV_RESETHAND ? SA_RESETHAND : 0);
	}
	if (result(signals_action(sig, vec ? &act : NULL, &old)) < 0)
		return -1;
	if (old_vec) {
		memcpy(&mask, &old.sa_mask, sizeof(mask));
		*old_vec = (struct sigvec){
			.handler = old.sa_handler,
			.mask = mask,
			.flags = (old.sa_flags & SA_ONSTACK ? SV_ONSTACK : 0) |
				 (old.sa_flags & SA_RESTART ? 0 : SV_INTERRUPT) |
				 (old.sa_flags & SA_RESETHAND ? SV_RESETHAND : 0),
		};
	}
	return 0;
}
