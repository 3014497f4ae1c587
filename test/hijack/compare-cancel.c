// SPDX-License-Identifier: GPL-2.0-or-later
/* A thread that is cancelled in a call ends there, and its sockets live on. */
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>
#include "compare.h"

static int sock, peer, listener, p[2], ep, ep_host;
static char buf[16];
static volatile int cleaned, begun, received;

static void clean(void *arg)
{
	(void)arg;
	cleaned++;
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

static void *shielded(void *arg)
{
	int old;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	begun = 1;
	received = recv(sock, buf, 1, 0);
	begun = 2;
	pthread_setcancelstate(old, &old);
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
	R(epoll_ctl(ep_host, EPOLL_CTL_ADD, sock, &ev));
	try("mixed epoll", in_host_epoll);
	R(epoll_wait(ep_host, &ev, 1, 10));

	begun = 0;
	R(pthread_create(&thread, NULL, shielded, NULL));
	while (!begun)
		usleep(1000);
	usleep(20000);
	R(pthread_cancel(thread));
	usleep(20000);
	V(begun);
	R(send(peer, "x", 1, 0));
	R(pthread_join(thread, &value));
	V(received);
	V(begun);
	V(value == PTHREAD_CANCELED);
}
