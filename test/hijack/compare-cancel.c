// SPDX-License-Identifier: GPL-2.0-or-later
/* A thread that is cancelled in a call ends there, and its sockets live on. */
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>
#include "compare.h"

static int sock, peer, listener, p[2], full[2], ep, ep_host;
static char buf[16];
static volatile int cleaned, begun, received;

static void clean(void *arg)
{
	(void)arg;
	cleaned++;
}

/* A thread's first call of the host is made by libc, the next ones are not. */
static void first_call(void)
{
	if (write(p[1], buf, 0))
		begun = 3;
}

#define BODY(name, statement)						\
static void *name(void *arg)						\
{									\
	struct pollfd fds[2] = { { sock, POLLIN, 0 }, { p[0], POLLIN, 0 } }; \
	struct epoll_event ev;						\
	fd_set set;							\
									\
	FD_ZERO(&set);							\
	FD_SET(sock, &set);						\
	(void)fds;							\
	(void)ev;							\
	first_call();							\
	pthread_cleanup_push(clean, NULL);				\
	begun = 1;							\
	statement;							\
	pthread_cleanup_pop(0);						\
	return arg;							\
}

BODY(in_recv, recv(sock, buf, 1, 0))
BODY(in_read, { if (read(sock, buf, 1)) begun = 2; })
BODY(in_accept, accept(listener, NULL, NULL))
BODY(in_poll, poll(fds, 1, -1))
BODY(in_mixed_poll, poll(fds, 2, -1))
BODY(in_select, select(sock + 1, &set, NULL, NULL, NULL))
BODY(in_epoll, epoll_wait(ep, &ev, 1, -1))
BODY(in_host_epoll, epoll_wait(ep_host, &ev, 1, -1))
BODY(in_host_read, { if (read(p[0], buf, 1)) begun = 2; })
BODY(in_host_write, { if (write(full[1], buf, 1)) begun = 2; })
BODY(in_host_poll, poll(fds + 1, 1, -1))
BODY(in_host_loop, { while (!poll(fds + 1, 1, 0)) continue; })
BODY(in_host_recv, recv(full[0], buf, 1, 0))

static void try(const char *what, void *(*fn)(void *))
{
	pthread_t thread;
	void *value = NULL;

	S(what);
	cleaned = begun = 0;
	R(pthread_create(&thread, NULL, fn, NULL));
	while (!begun)
		usleep(1000);
	usleep(20000);
	R(pthread_cancel(thread));
	R(pthread_join(thread, &value));
	V(value == PTHREAD_CANCELED);
	V(cleaned);
	R(send(peer, "x", 1, 0));
	R(recv(sock, buf, 1, 0));
}

static void *in_async_recv(void *arg)
{
	int old;

	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
	pthread_cleanup_push(clean, NULL);
	begun = 1;
	recv(sock, buf, 1, 0);
	pthread_cleanup_pop(0);
	return arg;
}

static void *in_async_host_read(void *arg)
{
	int old;

	first_call();
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
	pthread_cleanup_push(clean, NULL);
	begun = 1;
	if (read(p[0], buf, 1))
		begun = 2;
	pthread_cleanup_pop(0);
	return arg;
}

static void *in_async_loop(void *arg)
{
	int old;

	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
	pthread_cleanup_push(clean, NULL);
	begun = 1;
	for (;;)
		recv(sock, buf, 1, MSG_DONTWAIT);
	pthread_cleanup_pop(0);
	return arg;
}

static int recv_one(void)
{
	return recv(sock, buf, 1, 0);
}

static int read_one(void)
{
	return read(p[0], buf, 1);
}

static int wait_100_ms(void)
{
	struct epoll_event ev;

	return epoll_wait(ep_host, &ev, 1, 100);
}

static int (*under_shield)(void);

static void *shielded(void *arg)
{
	int old;

	first_call();
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	begun = 1;
	received = under_shield();
	begun = 2;
	pthread_setcancelstate(old, &old);
	pthread_testcancel();
	return arg;
}

/* What it waits for comes when it has been cancelled; @fd -1: its time passes. */
static void try_shielded(int (*call)(void), int fd)
{
	pthread_t thread;
	void *value;

	under_shield = call;
	begun = 0;
	R(pthread_create(&thread, NULL, shielded, NULL));
	while (!begun)
		usleep(1000);
	usleep(20000);
	R(pthread_cancel(thread));
	if (fd >= 0) {
		usleep(20000);
		V(begun);
		R(write(fd, "x", 1));
	}
	R(pthread_join(thread, &value));
	V(received);
	V(begun);
	V(value == PTHREAD_CANCELED);
}

static volatile int in_handler, leave_handler;

static void hold(int sig)
{
	(void)sig;
	in_handler = 1;
	while (!leave_handler)
		usleep(1000);
}

/* It is in a handler, after which the call would be made once more. */
static void try_in_handler(void *(*fn)(void *))
{
	struct sigaction act = { .sa_handler = hold, .sa_flags = SA_RESTART };
	pthread_t thread;
	void *value;

	R(sigaction(SIGUSR1, &act, NULL));
	begun = in_handler = leave_handler = 0;
	R(pthread_create(&thread, NULL, fn, NULL));
	while (!begun)
		usleep(1000);
	usleep(20000);
	R(pthread_kill(thread, SIGUSR1));
	while (!in_handler)
		usleep(1000);
	R(pthread_cancel(thread));
	leave_handler = 1;
	R(pthread_join(thread, &value));
	V(value == PTHREAD_CANCELED);
}

/* No cancellation points, whatever waits for the thread. */
static void *not_points(void *arg)
{
	struct sockaddr_in addr = loopback(0);
	socklen_t len = sizeof(addr);
	int s = socket(AF_INET, SOCK_STREAM, 0), one = 1, i;

	pthread_cancel(pthread_self());
	for (i = 0; i < 2; i++) {
		/* Of both sides. */
		if (i)
			s = dup(p[0]);
		bind(s, (struct sockaddr *)&addr, len);
		listen(s, 1);
		setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
		len = sizeof(one);
		getsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, &len);
		getsockname(s, (struct sockaddr *)&addr, &len);
		getpeername(s, (struct sockaddr *)&addr, &len);
		shutdown(s, SHUT_RDWR);
		lseek(s, 0, SEEK_CUR);
		received++;
	}
	pthread_testcancel();
	return arg;
}

void body(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	struct sockaddr_in addr = loopback(7200);
	pthread_t thread;
	void *value;
	int pair[2];

	closefrom(3);
	udp_pair(pair);
	sock = pair[0];
	peer = pair[1];
	R(pipe(p));
	listener = socket(AF_INET, SOCK_STREAM, 0);
	R(bind(listener, (struct sockaddr *)&addr, sizeof(addr)));
	R(listen(listener, 1));
	ep = epoll_create1(0);
	ep_host = epoll_create1(0);
	R(epoll_ctl(ep, EPOLL_CTL_ADD, sock, &ev));
	R(epoll_ctl(ep_host, EPOLL_CTL_ADD, p[0], &ev));
	try("recv", in_recv);
	try("recv, asynchronous", in_async_recv);
	try("calls, asynchronous", in_async_loop);
	try("read", in_read);
	try("accept", in_accept);
	try("poll", in_poll);
	try("mixed poll", in_mixed_poll);
	try("select", in_select);
	try("epoll", in_epoll);
	try("host epoll", in_host_epoll);
	try("host read", in_host_read);
	try("host read, asynchronous", in_async_host_read);
	try("host poll", in_host_poll);
	try("host polls", in_host_loop);
	R(socketpair(AF_UNIX, SOCK_STREAM, 0, full));
	try("host recv", in_host_recv);
	R(fcntl(full[1], F_SETFL, O_NONBLOCK));
	while (write(full[1], buf, sizeof(buf)) > 0)
		continue;
	R(fcntl(full[1], F_SETFL, 0));
	try("host write", in_host_write);
	try_shielded(wait_100_ms, -1);
	try_in_handler(in_host_read);
	try_in_handler(in_host_write);
	try_in_handler(in_recv);
	received = 0;
	R(pthread_create(&thread, NULL, not_points, NULL));
	R(pthread_join(thread, &value));
	V(received);
	V(value == PTHREAD_CANCELED);
	R(epoll_ctl(ep_host, EPOLL_CTL_ADD, sock, &ev));
	try("mixed epoll", in_host_epoll);
	R(epoll_wait(ep_host, &ev, 1, 10));

	try_shielded(recv_one, peer);
	try_shielded(read_one, p[1]);
}
