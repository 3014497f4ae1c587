// SPDX-License-Identifier: GPL-2.0-or-later
/* RLIMIT_NOFILE, small and as great as can be: numbers end where the host's do. */
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include "compare.h"

#define SMALL 64
#define NR_OPEN 1048576	/* Linux's default fs.nr_open */
#define MANY 3000

/* NR_OPEN, or the hard limit where even root may not raise it. */
static int greatest;

static void raise_limit(void)
{
	struct rlimit r = { NR_OPEN, NR_OPEN };

	if (setrlimit(RLIMIT_NOFILE, &r)) {
		R(getrlimit(RLIMIT_NOFILE, &r));
		r.rlim_cur = r.rlim_max;
		R(setrlimit(RLIMIT_NOFILE, &r));
	}
	greatest = r.rlim_cur;
	V(greatest);
}

/* Opens sockets until there are no numbers; how many, and the error. */
static void fill(int (*open_one)(void))
{
	int fds[2 * SMALL], n = 0, i;

	while (n < 2 * SMALL && (fds[n] = open_one()) >= 0)
		n++;
	V(n);
	V(errno);
	V(fds[n - 1]);
	for (i = 0; i < n; i++)
		close(fds[i]);
}

static int stream(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static int set(void)
{
	return epoll_create1(0);
}

static int file(void)
{
	return open("/proc/net/dev", O_RDONLY);
}

/* poll(2) takes no more than the process may have open. */
static void polled(int limit)
{
	struct pollfd fds[2 * SMALL];
	struct timespec zero = { 0, 0 };
	int s = socket(AF_INET, SOCK_DGRAM, 0), i;

	for (i = 0; i < 2 * SMALL; i++)
		fds[i] = (struct pollfd){ .fd = s, .events = POLLOUT };
	R(poll(fds, limit, 0));
	R(poll(fds, limit + 1, 0));
	R(ppoll(fds, limit, &zero, NULL));
	R(ppoll(fds, limit + 1, &zero, NULL));
	close(s);
}

/* A connection that there is no number for waits in the queue. */
static void accepting(int limit)
{
	struct sockaddr_in addr = loopback(0);
	socklen_t len = sizeof(addr);
	struct sockaddr *a = (struct sockaddr *)&addr;
	int s = R(socket(AF_INET, SOCK_STREAM, 0)), c, fd;
	struct pollfd p = { .fd = s, .events = POLLIN };

	R(bind(s, a, len));
	R(listen(s, 2));
	R(getsockname(s, a, &len));
	R(c = socket(AF_INET, SOCK_STREAM, 0));
	R(connect(c, a, len));
	while (dup(c) >= 0)
		;
	R(accept(s, NULL, NULL));
	R(accept4(s, NULL, NULL, SOCK_CLOEXEC));
	R(poll(&p, 1, 0));
	R(close(limit - 1));
	R(fd = accept(s, NULL, NULL));
	R(fcntl(fd, F_GETFD));
	R(send(c, "x", 1, 0));
	R(recv(fd, (char[1]){ 0 }, 1, 0));
	R(close(fd));
	R(fcntl(s, F_SETFL, O_NONBLOCK));
	R(accept4(s, NULL, NULL, SOCK_CLOEXEC));
	R(dup(c));
	R(close_range(s, ~0U, 0));
}

static sigjmp_buf before;

static void jump(int sig)
{
	(void)sig;
	siglongjmp(before, 1);
}

static void *wait_for_one(void *s)
{
	while (accept(*(int *)s, NULL, NULL) < 0 && errno == EMFILE)
		;
	return NULL;
}

/* A call that is left without an end keeps no number: there is but one. */
static void leaving(int limit)
{
	struct itimerval soon = { .it_value.tv_usec = 1000 };
	struct sockaddr_in addr = loopback(0);
	int s = R(socket(AF_INET, SOCK_STREAM, 0)), fd;
	pthread_t thread;

	R(bind(s, (struct sockaddr *)&addr, sizeof(addr)));
	R(listen(s, 1));
	/* What libc needs to cancel a thread. */
	V(dlopen("libgcc_s.so.1", RTLD_NOW) != NULL);
	while (dup(s) >= 0)
		;
	R(close(limit - 1));
	signal(SIGALRM, jump);
	if (!sigsetjmp(before, 1)) {
		setitimer(ITIMER_REAL, &soon, NULL);
		wait_for_one(&s);
	}
	R(dup(s));
	R(close(limit - 1));
	V(pthread_create(&thread, NULL, wait_for_one, &s));
	/* Until it waits, and has the number. */
	while ((fd = dup(s)) >= 0)
		close(fd);
	V(pthread_cancel(thread));
	V(pthread_join(thread, NULL));
	R(dup(s));
	R(close_range(s, ~0U, 0));
}

static void small(void)
{
	struct rlimit r = { SMALL, greatest };
	int pair[2], fd;

	setrlimit(RLIMIT_NOFILE, &r);
	udp_pair(pair);
	R(dup2(pair[0], SMALL - 1));
	R(dup2(pair[0], SMALL));
	R(fcntl(pair[0], F_DUPFD, SMALL - 1));
	R(fcntl(pair[0], F_DUPFD, SMALL));
	R(close(SMALL - 1));
	R(fd = fcntl(pair[0], F_DUPFD, SMALL - 1));
	R(send(pair[1], "x", 1, 0));
	R(recv(fd, (char[1]){ 0 }, 1, 0));
	R(close(fd));
	R(close(pair[0]) | close(pair[1]));
	fill(stream);
	fill(set);
	fill(file);
	polled(SMALL);
	accepting(SMALL);
	leaving(SMALL);
}

/* Both ends of the numbers, through each way to wait. */
static void great(void)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = 7 };
	int pair[2], p[2], e = epoll_create1(0), top = greatest - 1;
	fd_set *sets = calloc(greatest / 8 + 8, 1);
	struct timeval zero = { 0, 0 };
	struct pollfd fds[2];

	udp_pair(pair);
	R(pipe(p));
	R(dup2(pair[0], greatest));
	R(dup2(pair[0], top));
	R(dup3(p[0], top - 1, O_CLOEXEC));
	R(fcntl(pair[0], F_DUPFD, greatest));
	R(fcntl(pair[0], F_DUPFD_CLOEXEC, top));
	R(close(top));
	R(fcntl(pair[0], F_DUPFD_CLOEXEC, top));
	R(fcntl(top, F_GETFD));
	R(epoll_ctl(e, EPOLL_CTL_ADD, top, &event));
	R(epoll_ctl(e, EPOLL_CTL_ADD, top - 1, &event));
	R(epoll_wait(e, &event, 1, 0));
	R(send(pair[1], "hello", 5, 0));
	R(epoll_wait(e, &event, 1, -1));
	V(event.data.fd);
	fds[0] = (struct pollfd){ .fd = top, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = top - 1, .events = POLLIN };
	R(poll(fds, 2, -1));
	V(fds[0].revents);
	V(fds[1].revents);
	R(write(p[1], "x", 1));
	R(poll(fds, 2, -1));
	((long *)sets)[top / 64] |= 3L << 62;
	R(select(greatest, sets, NULL, NULL, &zero));
	V(((unsigned long *)sets)[top / 64] >> 62);
	R(recv(top, (char[8]){ 0 }, 8, 0));
	((long *)sets)[top / 64] |= 3L << 62;
	R(select(greatest, sets, NULL, NULL, &zero));
	V(((unsigned long *)sets)[top / 64] >> 62);
	R(close_range(top - 1, ~0U, 0));
	R(recv(top, (char[8]){ 0 }, 8, 0));
	R(fcntl(top - 1, F_GETFD));
	R(close(pair[0]) | close(pair[1]) | close(p[0]) | close(p[1]) |
	  close(e));
	free(sets);
}

/* More sockets than LKL's tables begin with. */
static void many(void)
{
	static int fds[MANY];
	int i, bad = 0;

	for (i = 0; i < MANY; i++) {
		fds[i] = socket(AF_INET, SOCK_DGRAM, 0);
		bad += fds[i] < 0;
	}
	V(bad);
	for (i = 0; i < MANY; i++)
		bad += close(fds[i]) != 0;
	V(bad);
}

void body(void)
{
	raise_limit();
	many();
	great();
	small();
}
