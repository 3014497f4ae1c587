// SPDX-License-Identifier: GPL-2.0-or-later
/* SIGIO and SIGURG of sockets: O_ASYNC, FIOASYNC, F_SETOWN, F_SETSIG; and FIONBIO. */
#include <asm/sockios.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "compare.h"

static char buf[65536];
static sigset_t wanted;

/* The signal that is pending or comes soon, 0 for none. */
static int pending(int ms)
{
	struct timespec timeout = { ms / 1000, ms % 1000 * 1000000L };
	int sig = sigtimedwait(&wanted, NULL, &timeout);

	return sig < 0 ? 0 : sig;
}

#define SOON 2000	/* for what comes */
#define NEVER 30	/* for what does not */

static void owners(int s)
{
	struct f_owner_ex owner = { F_OWNER_PID, 0 };
	int id = 0;

	R(fcntl(s, F_GETOWN));
	R(fcntl(s, F_SETOWN, getpid()));
	V(fcntl(s, F_GETOWN) == getpid());
	R(ioctl(s, FIOGETOWN, &id));
	V(id == getpid());
	R(fcntl(s, F_GETOWN_EX, &owner));
	V(owner.type);
	V(owner.pid == getpid());
	id = -getpgrp();
	R(ioctl(s, SIOCSPGRP, &id));
	id = 0;
	R(ioctl(s, SIOCGPGRP, &id));
	V(id == -getpgrp());
	R(fcntl(s, F_GETOWN_EX, &owner));
	V(owner.type);
	owner = (struct f_owner_ex){ F_OWNER_TID, syscall(SYS_gettid) };
	R(fcntl(s, F_SETOWN_EX, &owner));
	V(fcntl(s, F_GETOWN) == getpid());
	owner.type = 9;
	R(fcntl(s, F_SETOWN_EX, &owner));
	R(fcntl(s, F_SETOWN, 0x3fffffff));
	R(fcntl(s, F_SETOWN, 0));
	R(fcntl(s, F_GETOWN));
	R(fcntl(s, F_GETSIG));
	R(fcntl(s, F_SETSIG, 99));
	R(fcntl(s, F_SETSIG, SIGRTMIN));
	V(fcntl(s, F_GETSIG) == SIGRTMIN);
	R(fcntl(s, F_SETSIG, 0));
	R(fcntl(99, F_SETOWN, getpid()));
}

static void arrivals(void)
{
	int pair[2], on = 1, off = 0, copy, i;

	udp_pair(pair);
	owners(pair[0]);
	V(fcntl(pair[0], F_GETFL) & O_ASYNC);
	R(fcntl(pair[0], F_SETFL, O_RDWR | O_ASYNC));
	V(fcntl(pair[0], F_GETFL) & O_ASYNC);
	/* Nobody is told yet. */
	R(send(pair[1], "a", 1, 0));
	V(pending(NEVER));
	R(recv(pair[0], buf, 1, 0));
	R(fcntl(pair[0], F_SETOWN, getpid()));
	V(pending(NEVER));
	for (i = 0; i < 3; i++) {
		R(send(pair[1], "b", 1, 0));
		V(pending(SOON));
	}
	/* It tells of arrivals, not of what waits, or is sent. */
	V(pending(NEVER));
	R(recv(pair[0], buf, 1, 0));
	R(send(pair[0], "c", 1, 0));
	V(pending(NEVER));
	R(ioctl(pair[0], FIOASYNC, &off));
	V(fcntl(pair[0], F_GETFL) & O_ASYNC);
	R(send(pair[1], "d", 1, 0));
	V(pending(NEVER));
	R(ioctl(pair[0], FIOASYNC, &on));
	V(fcntl(pair[0], F_GETFL) & O_ASYNC);
	R(send(pair[1], "e", 1, 0));
	V(pending(SOON));
	/* Of the file, not of its number. */
	copy = dup(pair[0]);
	close(pair[0]);
	R(send(pair[1], "f", 1, 0));
	V(pending(SOON));
	V(fcntl(copy, F_GETOWN) == getpid());
	close(copy);
	R(send(pair[1], "g", 1, 0));
	V(pending(NEVER));
	close(pair[1]);
}

static volatile int handled, code, descriptor;
static volatile long band;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)context;
	handled = sig;
	code = info->si_code;
	descriptor = info->si_fd;
	band = info->si_band;
}

/* F_SETSIG: the signal tells which descriptor, and what of it. */
static void queued(void)
{
	struct sigaction act = { .sa_sigaction = handler,
				 .sa_flags = SA_SIGINFO };
	struct f_owner_ex owner = { F_OWNER_TID, syscall(SYS_gettid) };
	int pair[2];
	sigset_t none;

	sigemptyset(&none);
	R(sigaction(SIGRTMIN + 3, &act, NULL));
	udp_pair(pair);
	R(fcntl(pair[0], F_SETOWN_EX, &owner));
	R(fcntl(pair[0], F_SETSIG, SIGRTMIN + 3));
	R(fcntl(pair[0], F_SETFL, O_ASYNC | O_NONBLOCK));
	R(send(pair[1], "x", 1, 0));
	while (!handled)
		sigsuspend(&none);
	V(handled == SIGRTMIN + 3);
	V(code);
	V(descriptor == pair[0]);
	V(band & (POLLIN | POLLPRI | POLLERR | POLLHUP));
	R(recv(pair[0], buf, sizeof(buf), 0));
	R(recv(pair[0], buf, sizeof(buf), 0));
	close(pair[0]);
	close(pair[1]);
}

static void streams(void)
{
	struct sockaddr_in addr = loopback(7600);
	int listener = socket(AF_INET, SOCK_STREAM, 0), s, a;
	long sent = 0, n;

	R(bind(listener, (struct sockaddr *)&addr, sizeof(addr)));
	R(listen(listener, 5));
	R(fcntl(listener, F_SETOWN, getpid()));
	R(fcntl(listener, F_SETFL, O_ASYNC));
	s = socket(AF_INET, SOCK_STREAM, 0);
	R(connect(s, (struct sockaddr *)&addr, sizeof(addr)));
	V(pending(SOON));
	a = accept(listener, NULL, NULL);
	V(fcntl(a, F_GETFL) & O_ASYNC);
	R(fcntl(a, F_GETOWN));
	close(listener);

	/* Room to write, for who had none. */
	R(fcntl(s, F_SETOWN, getpid()));
	R(fcntl(s, F_SETFL, O_ASYNC | O_NONBLOCK));
	while ((n = send(s, buf, sizeof(buf), 0)) > 0)
		sent += n;
	V(errno);
	while (pending(NEVER))
		;
	while (sent > 0 && (n = recv(a, buf, sizeof(buf), 0)) > 0)
		sent -= n;
	V(pending(SOON));
	while (pending(NEVER))
		;

	/* Urgent data, for who has an owner. */
	R(fcntl(a, F_SETOWN, getpid()));
	R(send(s, "u", 1, MSG_OOB));
	V(pending(SOON));
	R(recv(a, buf, 1, MSG_OOB));
	V(pending(NEVER));

	R(close(a));
	V(pending(SOON));
	close(s);
}

static void non_blocking(void)
{
	int pair[2], on = 1, off = 0, copy;

	udp_pair(pair);
	copy = dup(pair[0]);
	R(ioctl(pair[0], FIONBIO, &on));
	V(fcntl(copy, F_GETFL) & O_NONBLOCK);
	R(recv(copy, buf, 1, 0));
	R(ioctl(copy, FIONBIO, &off));
	V(fcntl(pair[0], F_GETFL) & O_NONBLOCK);
	R(fcntl(copy, F_SETFL, O_NONBLOCK));
	R(recv(pair[0], buf, 1, 0));
	close(pair[0]);
	close(pair[1]);
	close(copy);
}

void body(void)
{
	closefrom(3);
	sigemptyset(&wanted);
	sigaddset(&wanted, SIGIO);
	sigaddset(&wanted, SIGURG);
	sigprocmask(SIG_BLOCK, &wanted, NULL);
	sigaddset(&wanted, SIGRTMIN + 3);
	sigprocmask(SIG_BLOCK, &wanted, NULL);
	arrivals();
	queued();
	streams();
	non_blocking();
}
