// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads with little stack, hundreds of them, all signals blocked, handlers on
 * an alternate stack, timers that interrupt all the time; sigset(3).
 */
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include "compare.h"

/* Every kind of wait, with as little stack as a thread may have. */
static void *small(void *arg)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct pollfd p[2];
	long *sum = arg;
	int pair[2], pipes[2], ep, file;
	off_t at = 0;
	char c;
	fd_set set;

	udp_pair(pair);
	*sum += pipe(pipes);
	ep = epoll_create1(0);
	*sum += epoll_ctl(ep, EPOLL_CTL_ADD, pair[0], &event);
	*sum += epoll_ctl(ep, EPOLL_CTL_ADD, pipes[0], &event);
	*sum += send(pair[1], "x", 1, 0);
	*sum += epoll_wait(ep, &event, 1, -1);
	p[0] = (struct pollfd){ pair[0], POLLIN, 0 };
	p[1] = (struct pollfd){ pipes[0], POLLIN, 0 };
	*sum += poll(p, 2, -1);
	FD_ZERO(&set);
	FD_SET(pair[0], &set);
	FD_SET(pipes[0], &set);
	*sum += select((pair[0] > pipes[0] ? pair[0] : pipes[0]) + 1, &set, NULL,
		       NULL, NULL);
	*sum += recv(pair[0], &c, 1, 0);
	file = open("/proc/sys/net/ipv4/ip_default_ttl", O_RDONLY);
	*sum += read(file, &c, 1);
	close(file);
	file = open("/proc/self/exe", O_RDONLY);
	*sum += sendfile(pair[0], file, &at, 100);
	*sum += splice(pair[1], NULL, pipes[1], NULL, 100, 0);
	close(file);
	close(ep);
	close(pair[0]);
	close(pair[1]);
	close(pipes[0]);
	close(pipes[1]);
	return arg;
}

static void little_stack(void)
{
	pthread_attr_t attr;
	pthread_t thread;
	long sum = 0;

	pthread_attr_init(&attr);
	/* What the C library itself takes of it differs with thread-local data. */
	R(pthread_attr_setstacksize(&attr, PTHREAD_STACK_MIN + 4096));
	V(pthread_create(&thread, &attr, small, &sum));
	V(pthread_join(thread, NULL));
	V(sum);
}

#define MANY 300

static int listener;

static void *client(void *arg)
{
	struct sockaddr_in addr = loopback(7700);
	int s = socket(AF_INET, SOCK_STREAM, 0);
	long n = (long)arg, back = 0;

	if (connect(s, (struct sockaddr *)&addr, sizeof(addr)) ||
	    send(s, &n, sizeof(n), 0) != sizeof(n) ||
	    recv(s, &back, sizeof(back), MSG_WAITALL) != sizeof(back))
		back = -1;
	close(s);
	return (void *)back;
}

static void *server(void *arg)
{
	int s = accept(listener, NULL, NULL);
	long n;

	if (recv(s, &n, sizeof(n), MSG_WAITALL) == sizeof(n)) {
		n *= 2;
		send(s, &n, sizeof(n), 0);
	}
	close(s);
	return arg;
}

static void hundreds(void)
{
	static pthread_t clients[MANY], servers[MANY];
	struct sockaddr_in addr = loopback(7700);
	int on = 1, round;
	long i, sum;
	void *back;

	listener = socket(AF_INET, SOCK_STREAM, 0);
	R(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)));
	R(bind(listener, (struct sockaddr *)&addr, sizeof(addr)));
	R(listen(listener, MANY));
	for (round = 0; round < 3; round++) {
		sum = 0;
		for (i = 0; i < MANY; i++)
			pthread_create(&servers[i], NULL, server, NULL);
		for (i = 0; i < MANY; i++)
			pthread_create(&clients[i], NULL, client, (void *)i);
		for (i = 0; i < MANY; i++) {
			pthread_join(clients[i], &back);
			sum += (long)back;
			pthread_join(servers[i], NULL);
		}
		V(sum);
	}
	close(listener);
}

static int pair[2];
static char buf[64];

static void nothing_gets_through(void)
{
	struct timeval timeout = { 0, 20000 };
	sigset_t all, old, pending;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	raise(SIGUSR1);
	kill(getpid(), SIGALRM);
	R(setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)));
	R(recv(pair[0], buf, 1, 0));
	R(send(pair[1], "x", 1, 0));
	R(recv(pair[0], buf, 1, 0));
	sigpending(&pending);
	V(sigismember(&pending, SIGUSR1));
	V(sigismember(&pending, SIGALRM));
	signal(SIGUSR1, SIG_IGN);
	signal(SIGALRM, SIG_IGN);
	sigprocmask(SIG_SETMASK, &old, NULL);
	timeout.tv_usec = 0;
	R(setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)));
}

/* sigset(3) is deprecated, and used. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

static char alternate[65536];
static volatile int on_alternate, ticks;
static sigjmp_buf back_to;

static void where(int sig)
{
	char here;

	(void)sig;
	on_alternate = &here >= alternate && &here < alternate + sizeof(alternate);
}

static void leave(int sig)
{
	where(sig);
	siglongjmp(back_to, 1);
}

static void *kick(void *arg)
{
	usleep(20000);
	pthread_kill(*(pthread_t *)arg, SIGUSR1);
	return NULL;
}

static void kicked(void (*handler)(int), int flags)
{
	struct sigaction act = { .sa_handler = handler, .sa_flags = flags };
	pthread_t self = pthread_self(), thread;

	on_alternate = -1;
	sigaction(SIGUSR1, &act, NULL);
	if (!sigsetjmp(back_to, 1)) {
		pthread_create(&thread, NULL, kick, &self);
		R(recv(pair[0], buf, 1, 0));
	}
	V(on_alternate);
	pthread_join(thread, NULL);
	R(send(pair[1], "x", 1, 0));
	R(recv(pair[0], buf, 1, 0));
}

static void alternate_stack(void)
{
	stack_t stack = { .ss_sp = alternate, .ss_size = sizeof(alternate) };

	R(sigaltstack(&stack, NULL));
	kicked(where, 0);
	kicked(where, SA_ONSTACK);
	kicked(leave, SA_ONSTACK);
	kicked(leave, 0);
	R(sigaltstack(NULL, &stack));
	V(stack.ss_flags);
	stack.ss_flags = SS_DISABLE;
	R(sigaltstack(&stack, NULL));
}

static void tick(int sig)
{
	(void)sig;
	ticks++;
}

static void *sender(void *arg)
{
	char data[1000];
	long left = 2000000, n;

	memset(data, 'z', sizeof(data));
	while (left > 0) {
		n = send(*(int *)arg, data, sizeof(data), 0);
		if (n > 0)
			left -= n;
		else if (errno != EINTR)
			break;
	}
	shutdown(*(int *)arg, SHUT_WR);
	return NULL;
}

/* A program that a timer drives: each call may be interrupted, none loses data. */
static void timer(int flags)
{
	struct sigaction act = { .sa_handler = tick, .sa_flags = flags };
	struct itimerval often = { { 0, 500 }, { 0, 500 } }, never = { 0 };
	int tcp[2], interrupted = 0;
	long got = 0, n;
	char data[4096];
	pthread_t thread;

	tcp_pair(tcp);
	sigaction(SIGALRM, &act, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	pthread_create(&thread, NULL, sender, &tcp[0]);
	while ((n = recv(tcp[1], data, sizeof(data), 0)) != 0) {
		if (n > 0)
			got += n;
		else if (errno == EINTR)
			interrupted++;
		else
			break;
	}
	pthread_join(thread, NULL);
	/* Now wait for nothing but the timer. */
	while (interrupted < 20 && !(flags & SA_RESTART))
		interrupted += recv(pair[0], buf, 1, 0) < 0 && errno == EINTR;
	setitimer(ITIMER_REAL, &never, NULL);
	V(got);
	V(flags & SA_RESTART ? interrupted : interrupted >= 20);
	close(tcp[0]);
	close(tcp[1]);
}

static void alarm_clock(void)
{
	struct sigaction act = { .sa_handler = tick };

	ticks = 0;
	sigaction(SIGALRM, &act, NULL);
	alarm(1);
	R(recv(pair[0], buf, 1, 0));
	V(ticks);
	V(alarm(0));
}


static void old_functions(void)
{
	sigset_t mask;

	ticks = 0;
	V(sigset(SIGUSR2, tick) == SIG_DFL);
	raise(SIGUSR2);
	V(ticks);
	V(sigset(SIGUSR2, SIG_HOLD) == tick);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	V(sigismember(&mask, SIGUSR2));
	raise(SIGUSR2);
	V(ticks);
	V(sigset(SIGUSR2, tick) == SIG_HOLD);
	V(ticks);
	V(sigset(SIGUSR2, SIG_DFL) == tick);
	V(sigset(SIGKILL, tick) == SIG_ERR);
	V(errno);
	V(sigset(1000, tick) == SIG_ERR);
	V(errno);
}

void body(void)
{
	closefrom(3);
	little_stack();
	hundreds();
	udp_pair(pair);
	nothing_gets_through();
	alternate_stack();
	timer(SA_RESTART);
	timer(0);
	alarm_clock();
	old_functions();
}
