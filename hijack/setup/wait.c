// SPDX-License-Identifier: GPL-2.0-only
/* Waiting before main() and after it: delay_main, debug. See setup.h. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include "deadline.h"
#include "host.h"
#include "lkl.h"
#include "message.h"
#include "setup/setup.h"

#define DEBUG_STAY 0x100

/* Of "auto": how long at most, and how long between looks. */
#define AUTO_NS		5000000000LL
#define LOOK_AGAIN_NS	5000000L

static void sleep_until(int64_t end)
{
	int64_t left;

	/* A signal's handler does not shorten it. */
	while ((left = end - deadline_now()) > 0) {
		struct timespec pause = { left / 1000000000, left % 1000000000 };

		host_syscall3(SYS_nanosleep, (long)&pause, 0, 0);
	}
}

void setup_delay(const struct config *c)
{
	int64_t start = deadline_now();

	if (c->delay_main != DELAY_AUTO) {
		sleep_until(start + (int64_t)c->delay_main * 1000);
		return;
	}
	while (lkl_ip_tentative() > 0 && deadline_now() < start + AUTO_NS)
		sleep_until(deadline_now() + LOOK_AGAIN_NS);
}

/* What a user sends to end something; others, as SIGCHLD, do not end it. */
static const int ending[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2 };

void setup_stay(const struct config *c)
{
	struct signalfd_siginfo info;
	struct pollfd wait[2];
	uint64_t set = 0;
	size_t i;

	if (!(c->debug & DEBUG_STAY))
		return;
	for (i = 0; i < sizeof(ending) / sizeof(*ending); i++)
		set |= 1ULL << (ending[i] - 1);
	/* They stay blocked: the process ends as the program wanted it to. */
	host_sigmask(SIG_BLOCK, &set, NULL);
	wait[0].fd = host_syscall6(SYS_signalfd4, -1, (long)&set,
				   HOST_SIGSET_BYTES, SFD_NONBLOCK, 0, 0);
	wait[1].fd = isatty(0) ? 0 : -1;
	wait[0].events = wait[1].events = POLLIN;
	message("the program has ended, its kernel stays: %ssend a signal to process %ld to end it",
		wait[1].fd < 0 ? "" : "press Enter or ",
		host_syscall3(SYS_getpid, 0, 0, 0));
	while (host_poll(wait, 2, NULL) == -EINTR)
		;
	host_read(wait[0].fd, &info, sizeof(info));
	host_close(wait[0].fd);
}
