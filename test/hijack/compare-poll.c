// SPDX-License-Identifier: GPL-2.0-or-later
/* poll(2), ppoll(2), select(2), pselect(2) over any mix of sockets, pipes, files. */
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "compare.h"

int __poll_chk(struct pollfd *fds, nfds_t n, int timeout, size_t room);
int __ppoll_chk(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
		const sigset_t *mask, size_t room);

static char buf[64];

static void show(struct pollfd *fds, int n)
{
	int i;

	for (i = 0; i < n; i++)
		V(fds[i].revents);
}

#define POLL(n, timeout) do { R(poll(fds, n, timeout)); show(fds, n); } while (0)

static void one_side(void)
{
	struct pollfd fds[4];
	int pair[2];

	tcp_pair(pair);
	fds[0] = (struct pollfd){ pair[0], POLLIN | POLLOUT, 0 };
	fds[1] = (struct pollfd){ pair[1], POLLIN, 77 };
	fds[2] = (struct pollfd){ -5, POLLIN, 77 };
	fds[3] = (struct pollfd){ pair[1], POLLOUT | POLLPRI, 77 };
	POLL(4, -1);
	POLL(2, 0);
	fds[0].events = POLLIN;
	POLL(3, 0);
	POLL(3, 10);
	R(poll(NULL, 0, 0));
	R(write(pair[0], "x", 1));
	POLL(4, 1000);
	LATER(pair[1], POLL(1, -1));
	R(send(pair[1], "o", 1, MSG_OOB));
	fds[0].events = POLLPRI;
	POLL(1, 1000);
	R(shutdown(pair[1], SHUT_WR));
	fds[0].events = POLLIN | POLLRDHUP;
	POLL(1, 1000);
	R(close(pair[1]));
	fds[1] = (struct pollfd){ pair[1], POLLIN, 0 };
	POLL(2, 1000);
	R(close(pair[0]));
}

static void mixed(void)
{
	struct pollfd fds[6];
	int pair[2], p[2], file = open("/etc/hostname", O_RDONLY);
	struct timespec ts = { 0, 20000000 };
	struct itimerspec timer = { .it_value = { 0, 20000000 } };
	int event, tfd;

	udp_pair(pair);
	R(pipe(p));
	fds[0] = (struct pollfd){ pair[0], POLLIN, 0 };
	fds[1] = (struct pollfd){ p[0], POLLIN, 0 };
	POLL(2, 0);
	POLL(2, 20);
	R(ppoll(fds, 2, &ts, NULL));
	V(ts.tv_nsec);
	LATER(p[1], POLL(2, -1));
	R(read(p[0], buf, 1));
	LATER(pair[1], POLL(2, -1));
	R(write(p[1], "y", 1));
	POLL(2, -1);
	R(recv(pair[0], buf, 1, 0));
	POLL(2, -1);
	R(read(p[0], buf, 1));
	/* The same descriptor more than once. */
	fds[2] = (struct pollfd){ p[0], POLLPRI, 0 };
	fds[3] = (struct pollfd){ pair[0], POLLPRI, 0 };
	fds[4] = (struct pollfd){ -1, POLLIN, 9 };
	POLL(5, 30);
	LATER(p[1], POLL(5, 5000));
	R(read(p[0], buf, 1));
	fds[2] = (struct pollfd){ file, POLLIN, 0 };
	POLL(3, 5000);
	fds[2] = (struct pollfd){ 99, POLLIN, 0 };
	POLL(3, 5000);
	event = eventfd(0, 0);
	tfd = timerfd_create(CLOCK_MONOTONIC, 0);
	R(timerfd_settime(tfd, 0, &timer, NULL));
	fds[1].fd = event;
	fds[2] = (struct pollfd){ tfd, POLLIN, 0 };
	POLL(3, 5000);
	R(close(tfd));
	fds[2] = (struct pollfd){ event, POLLOUT, 0 };
	POLL(3, 5000);
	R(__poll_chk(fds, 3, 0, sizeof(fds)));
	R(__ppoll_chk(fds, 3, &ts, NULL, sizeof(fds)));
	ts.tv_nsec = -1;
	R(ppoll(fds, 3, &ts, NULL));
	R(close(p[1]));
	fds[1] = (struct pollfd){ p[0], POLLIN, 0 };
	POLL(2, 5000);
	R(close(p[0]));
	R(close(event));
	R(close(file));
	R(close(pair[0]));
	R(close(pair[1]));
}

static void many(void)
{
	struct rlimit limit = { 4096, 4096 };
	struct pollfd fds[1000];
	int pair[2], i;

	setrlimit(RLIMIT_NOFILE, &limit);
	udp_pair(pair);
	for (i = 0; i < 1000; i++)
		fds[i] = (struct pollfd){ i & 1 ? dup(pair[0]) : eventfd(0, 0),
					  POLLIN, 0 };
	V(fds[999].fd);
	R(poll(fds, 1000, 0));
	R(poll(fds, 1000, 5));
	LATER(pair[1], R(poll(fds, 1000, -1)));
	R(eventfd_write(fds[998].fd, 1));
	R(poll(fds, 1000, -1));
	V(fds[996].revents);
	V(fds[998].revents);
	V(fds[999].revents);
	for (i = 0; i < 1000; i++)
		close(fds[i].fd);
	R(close(pair[0]));
	R(close(pair[1]));
}

static fd_set r, w, e;

static void fill(const int *readable, const int *writable)
{
	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_ZERO(&e);
	for (; *readable >= 0; readable++)
		FD_SET(*readable, &r);
	for (; *writable >= 0; writable++) {
		FD_SET(*writable, &w);
		FD_SET(*writable, &e);
	}
}

static void show_sets(void)
{
	B(&r, 16);
	B(&w, 16);
	B(&e, 16);
}

static void sets(void)
{
	struct timeval tv = { 0, 10000 };
	struct timespec ts = { 0, 10000000 };
	int pair[2], p[2];

	tcp_pair(pair);
	R(pipe(p));
	fill((int[]){ pair[0], pair[1], -1 }, (int[]){ -1 });
	R(select(20, &r, &w, &e, &tv));
	show_sets();
	V(tv.tv_usec);
	fill((int[]){ pair[0], p[0], -1 }, (int[]){ pair[1], p[1], -1 });
	R(select(20, &r, &w, &e, NULL));
	show_sets();
	fill((int[]){ pair[0], p[0], -1 }, (int[]){ -1 });
	LATER(p[1], R(select(20, &r, NULL, NULL, NULL)));
	show_sets();
	R(read(p[0], buf, 1));
	fill((int[]){ pair[0], p[0], -1 }, (int[]){ -1 });
	LATER(pair[1], R(pselect(20, &r, &w, NULL, NULL, NULL)));
	show_sets();
	fill((int[]){ pair[0], -1 }, (int[]){ -1 });
	R(select(pair[0], &r, NULL, NULL, &tv));
	show_sets();
	R(recv(pair[0], buf, 1, 0));
	fill((int[]){ pair[0], -1 }, (int[]){ -1 });
	R(pselect(20, &r, NULL, NULL, &ts, NULL));
	V(ts.tv_nsec);
	R(send(pair[0], "o", 1, MSG_OOB));
	fill((int[]){ pair[1], -1 }, (int[]){ pair[1], -1 });
	R(select(20, &r, &w, &e, NULL));
	show_sets();
	R(close(pair[0]));
	fill((int[]){ pair[1], -1 }, (int[]){ pair[1], -1 });
	R(select(20, &r, &w, &e, NULL));
	show_sets();
	fill((int[]){ pair[0], pair[1], -1 }, (int[]){ -1 });
	R(select(20, &r, &w, &e, NULL));
	R(select(-1, &r, &w, &e, NULL));
	tv.tv_sec = -1;
	R(select(20, &r, &w, &e, &tv));
	R(close(pair[1]));
	R(close(p[0]));
	R(close(p[1]));
}

static void set_in_poll(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int ep = R(epoll_create1(0)), pair[2], p[2];
	struct pollfd fds[2];

	udp_pair(pair);
	R(pipe(p));
	R(epoll_ctl(ep, EPOLL_CTL_ADD, pair[0], &ev));
	R(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &ev));
	fds[0] = (struct pollfd){ ep, POLLIN, 0 };
	fds[1] = (struct pollfd){ p[0], POLLPRI, 0 };
	POLL(2, 0);
	LATER(pair[1], POLL(1, -1));
	R(recv(pair[0], buf, 1, 0));
	POLL(2, 0);
	LATER(p[1], POLL(2, -1));
	R(read(p[0], buf, 1));
	POLL(1, 0);
	R(close(ep));
	R(close(pair[0]));
	R(close(pair[1]));
	R(close(p[0]));
	R(close(p[1]));
}

void body(void)
{
	closefrom(3);
	one_side();
	mixed();
	sets();
	set_in_poll();
	many();
}
