// SPDX-License-Identifier: GPL-2.0-or-later
/* Threads at the end of their process: on a host, no call fails because of it. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "run.h"

enum { RECV, ACCEPT, POLL, EPOLL, MIXED, BUSY, KINDS };

static int udp[2], listener, ep, p[2];

static long wait_once(int kind)
{
	struct pollfd fds[2] = { { .fd = udp[0], .events = POLLIN },
				 { .fd = p[0], .events = POLLIN } };
	struct epoll_event event;
	char buf[8];

	switch (kind) {
	case RECV:
		return recv(udp[0], buf, sizeof(buf), 0);
	case ACCEPT:
		return accept(listener, NULL, NULL);
	case POLL:
		return poll(fds, 1, -1);
	case EPOLL:
		return epoll_wait(ep, &event, 1, -1);
	case MIXED:
		return poll(fds, 2, -1);
	default:
		return send(udp[0], "x", 1, 0);
	}
}

static void *run(void *arg)
{
	static const char *const names[KINDS] = { "recv", "accept", "poll",
						  "epoll", "mixed", "busy" };
	int kind = (int)(long)arg, i;

	for (i = 0; i < 1000000; i++)
		if (wait_once(kind) < 0)
			perror(names[kind]);
	return NULL;
}

static void program(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct epoll_event event = { .events = EPOLLIN };
	socklen_t len = sizeof(addr);
	pthread_t thread;
	long kind;

	udp[0] = socket(AF_INET, SOCK_DGRAM, 0);
	udp[1] = socket(AF_INET, SOCK_DGRAM, 0);
	CHECK_EQ(bind(udp[1], (struct sockaddr *)&addr, len), 0);
	CHECK_EQ(getsockname(udp[1], (struct sockaddr *)&addr, &len), 0);
	CHECK_EQ(connect(udp[0], (struct sockaddr *)&addr, len), 0);
	listener = socket(AF_INET, SOCK_STREAM, 0);
	CHECK_EQ(listen(listener, 1), 0);
	CHECK_EQ(pipe(p), 0);
	ep = epoll_create1(0);
	CHECK_EQ(epoll_ctl(ep, EPOLL_CTL_ADD, listener, &event), 0);
	for (kind = 0; kind < KINDS; kind++)
		CHECK_EQ(pthread_create(&thread, NULL, run, (void *)kind), 0);
	usleep(20000);
}

int main(void)
{
	static struct ended ended;
	const char *const ways[] = { "WAY=exit", "WAY=_exit" };
	int way, i;

	if (again()) {
		program();
		if (!strcmp(getenv("WAY"), "_exit"))
			_exit(7);
		exit(7);
	}
	for (way = 0; way < 2; way++) {
		for (i = 0; i < 5; i++) {
			const char *const env[] = { ways[way], NULL };

			run_hijacked(NULL, env, NULL, &ended);
			CHECK_TEXT(ended.err, "");
			CHECK_EQ(ended.status, 7 << 8);
		}
	}
	return 0;
}
