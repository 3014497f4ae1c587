// SPDX-License-Identifier: GPL-2.0-or-later
/* Handlers on the alternate stack that make calls, in which others come. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include "compare.h"

#define ROUNDS 5
#define STORM 2000

static char *stack;
static size_t stack_size;
static int pair[2], p[2];
static volatile int inner, outer_on, inner_on, inner_below, damaged;
static char *volatile outer_at;
static sigjmp_buf out;
static volatile int jump, storm;

static int on_stack(const char *here)
{
	return here >= stack && here < stack + stack_size;
}

/* In the middle of the other one's call. What it says ends the call. */
static void take_inner(int sig)
{
	volatile char mine[8192];
	stack_t now;

	memset((char *)mine, 0xee, sizeof(mine));
	inner++;
	inner_on = on_stack((char *)mine);
	inner_below = (char *)mine < outer_at;
	sigaltstack(NULL, &now);
	inner_on |= (now.ss_flags & SS_ONSTACK) << 4;
	if (jump)
		siglongjmp(out, sig);
	if (storm)
		return;
	if (send(pair[1], "x", 1, 0) != 1 || write(p[1], "x", 1) != 1)
		damaged++;
}

static void soon(void)
{
	struct itimerval t = { .it_value = { 0, 10000 } };

	setitimer(ITIMER_REAL, &t, NULL);
}

static void take_outer(int sig)
{
	struct pollfd fds[2] = { { .fd = pair[0], .events = POLLIN },
				 { .fd = p[0], .events = POLLIN } };
	volatile unsigned char mine[8192];
	stack_t now;
	size_t i;
	char c;
	int n;

	(void)sig;
	outer_at = (char *)mine;
	outer_on = on_stack(outer_at);
	for (i = 0; i < sizeof(mine); i++)
		mine[i] = i * 7;
	/* Calls that do not block, which signals find at work. */
	while (storm && inner < STORM)
		if (send(pair[1], (char *)mine, sizeof(mine), 0) !=
			    sizeof(mine) ||
		    recv(pair[0], (char *)mine, sizeof(mine), 0) !=
			    sizeof(mine))
			damaged++;
	for (n = 0; n < ROUNDS && !storm; n++) {
		soon();
		R(recv(pair[0], &c, 1, 0));
		R(read(p[0], &c, 1));
		soon();
		R(poll(fds, 2, -1));
		R(poll(fds, 2, -1));
		R(recv(pair[0], &c, 1, 0));
		R(read(p[0], &c, 1));
	}
	for (i = 0; i < sizeof(mine); i++)
		damaged += mine[i] != (unsigned char)(i * 7);
	R(sigaltstack(NULL, &now));
	V(now.ss_flags);
	V(now.ss_sp == stack);
	V(now.ss_size == stack_size);
	/* It is in use. */
	R(sigaltstack(&now, NULL));
}

static void set(int sig, void (*handler)(int), int flags)
{
	struct sigaction act = { .sa_handler = handler,
				 .sa_flags = SA_ONSTACK | flags };

	R(sigaction(sig, &act, NULL));
}

static void nested(int flags)
{
	inner = damaged = 0;
	set(SIGALRM, take_inner, flags);
	R(raise(SIGUSR1));
	V(storm ? inner >= STORM : inner);
	V(outer_on);
	V(inner_on);
	/* The last ones may come when the outer one has returned. */
	V(inner_below || storm);
	V(damaged);
}

/* Out of both: the stack is free again. */
static void jump_out(void)
{
	stack_t now;

	jump = 1;
	if (!sigsetjmp(out, 1))
		raise(SIGUSR1);
	jump = 0;
	R(sigaltstack(NULL, &now));
	V(now.ss_flags);
	nested(SA_RESTART);
}

static void *send_signals(void *target)
{
	while (storm) {
		pthread_kill(*(pthread_t *)target, SIGALRM);
		usleep(20);
	}
	return NULL;
}

static void many(void)
{
	pthread_t self = pthread_self(), sender;
	sigset_t alarms, before;

	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	storm = 1;
	set(SIGALRM, SIG_IGN, 0);
	pthread_sigmask(SIG_BLOCK, &alarms, &before);
	pthread_create(&sender, NULL, send_signals, &self);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	nested(SA_RESTART);
	/* The last of them would send what the next part waits for. */
	set(SIGALRM, SIG_IGN, 0);
	storm = 0;
	pthread_join(sender, NULL);
}

static void *thread(void *arg)
{
	stack_t own = { .ss_sp = arg, .ss_size = stack_size }, none = {
		.ss_flags = SS_DISABLE };

	stack = arg;
	R(sigaltstack(&own, NULL));
	nested(SA_RESTART);
	jump_out();
	R(sigaltstack(&none, NULL));
	return NULL;
}

void body(void)
{
	static char first[65536], second[65536];
	stack_t own = { .ss_sp = first, .ss_size = sizeof(first) };
	sigset_t alarms;
	pthread_t other;

	stack = first;
	stack_size = sizeof(first);
	udp_pair(pair);
	R(pipe(p));
	set(SIGUSR1, take_outer, 0);
	R(sigaltstack(&own, NULL));
	nested(SA_RESTART);
	nested(0);
	jump_out();
	many();

	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	pthread_create(&other, NULL, thread, second);
	pthread_sigmask(SIG_BLOCK, &alarms, NULL);
	pthread_join(other, NULL);
}
