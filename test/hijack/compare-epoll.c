// SPDX-License-Identifier: GPL-2.0-or-later
/* epoll(7): modes, errors, order of life and death, over both sides at once. */
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "compare.h"

static char buf[64];
static struct epoll_event ev[8];

/* A wrong count is meant. */
#pragma GCC diagnostic ignored "-Wstringop-overflow"

/* Waits, and tells all events by their data, in order of it. */
static int wait_all(int ep, int max, int timeout)
{
	struct epoll_event t;
	int n = epoll_wait(ep, ev, max, timeout), i, j;

	for (i = 0; i < n; i++)
		for (j = i + 1; j < n; j++)
			if (ev[j].data.u32 < ev[i].data.u32) {
				t = ev[i];
				ev[i] = ev[j];
				ev[j] = t;
			}
	return n;
}

#define WAIT(max, timeout) do {						\
	int n_ = R(wait_all(ep, max, timeout)), i_;			\
	for (i_ = 0; i_ < n_; i_++) {					\
		V(ev[i_].data.u64);					\
		V(ev[i_].events);					\
	}								\
} while (0)

static int add(int ep, int fd, unsigned int events, unsigned long data)
{
	struct epoll_event e = { .events = events, .data.u64 = data };

	return epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
}

static int mod(int ep, int fd, unsigned int events, unsigned long data)
{
	struct epoll_event e = { .events = events, .data.u64 = data };

	return epoll_ctl(ep, EPOLL_CTL_MOD, fd, &e);
}

static int del(int ep, int fd)
{
	return epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL);
}

static void errors(void)
{
	int ep = R(epoll_create1(EPOLL_CLOEXEC)), pair[2], file;

	udp_pair(pair);
	file = open("/etc/hostname", O_RDONLY);
	R(fcntl(ep, F_GETFD));
	R(epoll_create1(12345));
	R(epoll_create(0));
	R(mod(ep, pair[0], EPOLLIN, 1));
	R(del(ep, pair[0]));
	R(add(ep, pair[0], EPOLLIN, 1));
	R(add(ep, pair[0], EPOLLIN, 1));
	R(epoll_ctl(ep, 77, pair[0], ev));
	R(add(ep, 99, EPOLLIN, 1));
	R(add(99, pair[0], EPOLLIN, 1));
	R(add(pair[1], pair[0], EPOLLIN, 1));
	R(add(file, pair[0], EPOLLIN, 1));
	R(add(ep, ep, EPOLLIN, 1));
	R(add(ep, file, EPOLLIN, 1));
	R(mod(ep, pair[1], EPOLLIN, 1));
	R(mod(ep, 1, EPOLLIN, 1));
	R(epoll_wait(ep, ev, 0, 0));
	R(epoll_wait(ep, ev, -1, 0));
	R(epoll_wait(pair[0], ev, 1, 0));
	R(epoll_wait(file, ev, 1, 0));
	R(epoll_wait(99, ev, 1, 0));
	R(epoll_pwait2(ep, ev, 1, &(struct timespec){ 0, -1 }, NULL));
	R(epoll_pwait2(ep, ev, 1, &(struct timespec){ 0, 1000 }, NULL));
	R(read(ep, buf, 1));
	R(close(ep));
	R(close(file));
	R(close(pair[0]));
	R(close(pair[1]));
}

static void modes(void)
{
	int ep = R(epoll_create1(0)), pair[2], p[2];

	udp_pair(pair);
	R(pipe(p));
	/* Level. */
	R(add(ep, p[0], EPOLLIN, 1));
	R(add(ep, pair[0], EPOLLIN, 2));
	WAIT(8, 0);
	WAIT(8, 10);
	R(write(p[1], "a", 1));
	WAIT(8, -1);
	R(write(pair[1], "b", 1));
	WAIT(8, -1);
	WAIT(8, -1);
	R(epoll_wait(ep, ev, 1, -1));
	R(epoll_wait(ep, ev, 1, -1));
	/* Edge. */
	R(mod(ep, p[0], EPOLLIN | EPOLLET, 11));
	R(mod(ep, pair[0], EPOLLIN | EPOLLET, 12));
	WAIT(8, -1);
	WAIT(8, 0);
	R(write(p[1], "a", 1));
	WAIT(8, -1);
	R(write(pair[1], "b", 1));
	WAIT(8, -1);
	WAIT(8, 0);
	LATER(p[1], WAIT(8, -1));
	LATER(pair[1], WAIT(8, -1));
	/* One shot. */
	R(mod(ep, p[0], EPOLLIN | EPOLLONESHOT, 21));
	R(mod(ep, pair[0], EPOLLIN | EPOLLONESHOT, 22));
	WAIT(8, -1);
	WAIT(8, 0);
	R(mod(ep, pair[0], EPOLLIN | EPOLLONESHOT, 22));
	WAIT(8, -1);
	R(mod(ep, p[0], EPOLLIN | EPOLLONESHOT, 21));
	WAIT(8, -1);
	WAIT(8, 5);
	R(mod(ep, pair[0], EPOLLOUT | EPOLLIN, 23));
	WAIT(8, -1);
	/* Exclusive. */
	R(mod(ep, pair[0], EPOLLIN | EPOLLEXCLUSIVE, 24));
	R(del(ep, pair[0]));
	R(add(ep, pair[0], EPOLLIN | EPOLLEXCLUSIVE, 24));
	WAIT(8, -1);
	R(mod(ep, pair[0], EPOLLIN, 24));
	R(del(ep, pair[0]));
	R(del(ep, pair[0]));
	R(del(ep, p[0]));
	WAIT(8, 0);
	R(close(ep));
	R(close(pair[0]));
	R(close(pair[1]));
	R(close(p[0]));
	R(close(p[1]));
}

static void life(void)
{
	int ep = R(epoll_create1(0)), ep2, tcp[2], copy, p[2], udp[2];

	tcp_pair(tcp);
	udp_pair(udp);
	R(pipe(p));
	R(add(ep, tcp[0], EPOLLIN | EPOLLRDHUP, 1));
	R(add(ep, p[0], EPOLLIN, 2));
	R(add(ep, udp[0], EPOLLIN, 3));
	copy = R(dup(udp[0]));
	R(add(ep, copy, EPOLLIN, 4));
	R(write(udp[1], "x", 1));
	WAIT(8, -1);
	R(close(udp[0]));
	WAIT(8, -1);
	R(close(copy));
	WAIT(8, 0);
	R(shutdown(tcp[1], SHUT_WR));
	WAIT(8, -1);
	R(close(tcp[1]));
	WAIT(8, -1);
	R(close(tcp[0]));
	R(close(p[1]));
	WAIT(8, -1);
	R(close(p[0]));
	WAIT(8, 0);
	/* A copy of the set, made before and after it has a socket. */
	udp_pair(udp);
	ep2 = R(dup(ep));
	R(add(ep, udp[0], EPOLLIN, 5));
	copy = R(dup(ep));
	R(write(udp[1], "x", 1));
	WAIT(8, -1);
	R(epoll_wait(ep2, ev, 8, -1));
	R(epoll_wait(copy, ev, 8, -1));
	R(close(ep));
	R(epoll_wait(ep2, ev, 8, -1));
	R(add(ep2, udp[0], EPOLLIN, 5));
	R(del(copy, udp[0]));
	R(epoll_wait(ep2, ev, 8, 0));
	R(close(copy));
	R(close(ep2));
	R(close(udp[0]));
	R(close(udp[1]));
}

static void nested(void)
{
	int inner = R(epoll_create1(0)), ep = R(epoll_create1(0)), udp[2], p[2];

	udp_pair(udp);
	R(pipe(p));
	R(add(ep, inner, EPOLLIN, 1));
	R(add(ep, inner, EPOLLIN, 1));
	R(add(inner, ep, EPOLLIN, 1));
	R(add(inner, p[0], EPOLLIN, 2));
	WAIT(8, 0);
	R(write(p[1], "x", 1));
	WAIT(8, -1);
	R(epoll_wait(inner, ev, 8, -1));
	V(ev[0].data.u64);
	R(read(p[0], buf, 1));
	WAIT(8, 0);
	R(add(inner, udp[0], EPOLLIN, 3));
	R(write(udp[1], "x", 1));
	WAIT(8, -1);
	R(epoll_wait(inner, ev, 8, -1));
	V(ev[0].data.u64);
	R(recv(udp[0], buf, 1, 0));
	LATER(udp[1], WAIT(8, -1));
	R(recv(udp[0], buf, 1, 0));
	LATER(p[1], WAIT(8, -1));
	R(close(inner));
	WAIT(8, 0);
	R(close(ep));
	R(close(udp[0]));
	R(close(udp[1]));
	R(close(p[0]));
	R(close(p[1]));
}

/* One socket in two sets, and sets that different threads wait for. */
static void several(void)
{
	int ep = R(epoll_create1(0)), ep2 = R(epoll_create1(0)), udp[2];

	udp_pair(udp);
	R(add(ep, udp[0], EPOLLIN, 1));
	R(add(ep2, udp[0], EPOLLIN | EPOLLET, 2));
	R(write(udp[1], "x", 1));
	WAIT(8, -1);
	R(epoll_wait(ep2, ev, 8, -1));
	R(epoll_wait(ep2, ev, 8, 0));
	WAIT(8, -1);
	R(close(udp[0]));
	WAIT(8, 0);
	R(close(udp[1]));
	R(close(ep));
	R(close(ep2));
}

static int waited_set;

struct waiter {
	pthread_t thread;
	int function;		/* 0 to 2, of those that wait */
	int ms;
	long got;
};

static void *waiter(void *arg)
{
	struct waiter *w = arg;
	struct timespec ts = { w->ms / 1000, w->ms % 1000 * 1000000L };
	struct epoll_event e = { .data.u64 = 100 };
	sigset_t mask;
	int n;

	sigemptyset(&mask);
	/* Each takes one event, as they are one-shot. */
	if (w->function == 0)
		n = epoll_wait(waited_set, &e, 1, w->ms);
	else if (w->function == 1)
		n = epoll_pwait(waited_set, &e, 1, w->ms, &mask);
	else
		n = epoll_pwait2(waited_set, &e, 1, &ts, &mask);
	w->got = n == 1 ? (long)e.data.u64 : -n - 1;
	return NULL;
}

static void start_waiters(struct waiter *w, int n, int ms)
{
	int i;

	for (i = 0; i < n; i++) {
		w[i] = (struct waiter){ .function = i % 3, .ms = ms };
		pthread_create(&w[i].thread, NULL, waiter, &w[i]);
	}
	usleep(50000);
}

/* Threads already wait in the host's set when it gets its first sockets. */
static void added_while_waiting(void)
{
	int ep = R(epoll_create1(0)), udp[3][2], i;
	struct waiter w[4];
	long sum = 0;
	int p[2];

	R(pipe(p));
	waited_set = ep;
	R(add(ep, p[0], EPOLLIN | EPOLLONESHOT, 8));
	start_waiters(w, 4, 10000);
	for (i = 0; i < 3; i++) {
		udp_pair(udp[i]);
		R(add(ep, udp[i][0], EPOLLIN | EPOLLONESHOT, 1 << i));
	}
	for (i = 0; i < 3; i++)
		R(write(udp[i][1], "x", 1));
	R(write(p[1], "x", 1));
	for (i = 0; i < 4; i++) {
		pthread_join(w[i].thread, NULL);
		sum += w[i].got;
	}
	V(sum);
	WAIT(8, 0);
	for (i = 0; i < 3; i++) {
		R(close(udp[i][0]));
		R(close(udp[i][1]));
	}
	R(close(p[0]));
	R(close(p[1]));
	R(close(ep));
}

/* Nothing comes to them: they end when they would have, or are cancelled. */
static void added_in_vain(void)
{
	int ep = R(epoll_create1(0)), udp[2], i;
	struct waiter timed[3], cancelled[3];
	void *end;

	waited_set = ep;
	start_waiters(cancelled, 3, -1);
	for (i = 0; i < 2; i++)
		R(pthread_cancel(cancelled[i].thread));
	for (i = 0; i < 2; i++) {
		pthread_join(cancelled[i].thread, &end);
		V(end == PTHREAD_CANCELED);
	}
	start_waiters(timed, 3, 300);
	udp_pair(udp);
	R(add(ep, udp[0], EPOLLIN, 1));
	for (i = 0; i < 3; i++) {
		pthread_join(timed[i].thread, NULL);
		V(timed[i].got);
	}
	R(pthread_cancel(cancelled[2].thread));
	pthread_join(cancelled[2].thread, &end);
	V(end == PTHREAD_CANCELED);
	WAIT(8, 0);
	R(write(udp[1], "x", 1));
	WAIT(8, -1);
	R(close(udp[0]));
	R(close(udp[1]));
	R(close(ep));
}

/* A handler waits in a set while its thread waits in another, or is to leave. */
static int inner_set;
static sigjmp_buf out;

static void wait_inside(int sig)
{
	struct epoll_event e;

	V(epoll_wait(inner_set, &e, 1, 20));
	if (sig == SIGUSR2)
		siglongjmp(out, 1);
}

struct later {
	pthread_t thread;
	int sig;
};

static void *signal_later(void *arg)
{
	const struct later *later = arg;

	usleep(30000);
	pthread_kill(later->thread, later->sig);
	return NULL;
}

static void waits_in_handlers(void)
{
	struct sigaction act = { .sa_handler = wait_inside };
	static const int signals[] = { SIGUSR1, SIGUSR2, SIGUSR1 };
	int ep = R(epoll_create1(0)), udp[2], i;
	struct later later = { .thread = pthread_self() };
	pthread_t thread;

	inner_set = R(epoll_create1(0));
	R(sigaction(SIGUSR1, &act, NULL));
	R(sigaction(SIGUSR2, &act, NULL));
	for (i = 0; i < 3; i++) {
		later.sig = signals[i];
		pthread_create(&thread, NULL, signal_later, &later);
		if (!sigsetjmp(out, 1))
			WAIT(8, 10000);
		pthread_join(thread, NULL);
	}
	udp_pair(udp);
	R(add(inner_set, udp[0], EPOLLOUT, 2));
	R(add(ep, udp[0], EPOLLOUT, 1));
	WAIT(8, -1);
	V(epoll_wait(inner_set, ev, 8, -1));
	R(close(udp[0]));
	R(close(udp[1]));
	R(close(ep));
	R(close(inner_set));
}

/* Both sides always ready, one event a time: none starves. */
static void fair(void)
{
	int ep = R(epoll_create1(0)), udp[3][2], p[2], i;
	int seen[4] = { 0 };

	R(pipe(p));
	R(write(p[1], "x", 1));
	R(add(ep, p[0], EPOLLIN, 3));
	for (i = 0; i < 3; i++) {
		udp_pair(udp[i]);
		R(add(ep, udp[i][0], EPOLLIN, i));
		R(write(udp[i][1], "x", 1));
	}
	for (i = 0; i < 40; i++)
		if (epoll_wait(ep, ev, 1, -1) == 1)
			seen[ev[0].data.u64]++;
	for (i = 0; i < 4; i++)
		V(seen[i] >= 5);
	for (i = 0; i < 3; i++) {
		R(close(udp[i][0]));
		R(close(udp[i][1]));
	}
	R(close(p[0]));
	R(close(p[1]));
	R(close(ep));
}

static void raw(void)
{
	int ep = R(syscall(SYS_epoll_create1, 0)), udp[2];
	struct epoll_event e = { .events = EPOLLIN, .data.u64 = 9 };

	udp_pair(udp);
	R(syscall(SYS_epoll_ctl, ep, EPOLL_CTL_ADD, udp[0], &e));
	R(write(udp[1], "x", 1));
	R(syscall(SYS_epoll_wait, ep, ev, 8, -1));
	V(ev[0].data.u64);
	R(syscall(SYS_epoll_pwait, ep, ev, 8, -1, NULL, 8));
	R(close(ep));
	R(close(udp[0]));
	R(close(udp[1]));
}

void body(void)
{
	closefrom(3);
	errors();
	modes();
	life();
	nested();
	several();
	added_while_waiting();
	added_in_vain();
	waits_in_handlers();
	fair();
	raw();
}
