// SPDX-License-Identifier: GPL-2.0-only
/* eventfd, epoll, poll and select. */
#include <pthread.h>
#include <stdint.h>
#include "boot.h"

static long add(int fd, unsigned long long value)
{
	return lkl_sys_write(fd, (const char *)&value, sizeof(value));
}

static long take(int fd, unsigned long long *value)
{
	return lkl_sys_read(fd, (char *)value, sizeof(*value));
}

bool test_eventfd(void)
{
	unsigned long long value;
	long fd = lkl_sys_eventfd2(2, LKL_EFD_NONBLOCK);

	EXPECT_OK(fd);
	EXPECT_IS(add(fd, 3), 8);
	EXPECT_IS(take(fd, &value), 8);
	EXPECT_IS(value, 5);
	EXPECT_IS(take(fd, &value), -LKL_EAGAIN);
	EXPECT_IS(add(fd, ~1ULL), 8);
	EXPECT_IS(add(fd, 1), -LKL_EAGAIN);
	EXPECT_IS(add(fd, ~0ULL), -LKL_EINVAL);
	EXPECT_IS(lkl_sys_close(fd), 0);

	fd = lkl_sys_eventfd2(2, LKL_EFD_NONBLOCK | LKL_EFD_SEMAPHORE);
	EXPECT_OK(fd);
	EXPECT_IS(take(fd, &value), 8);
	EXPECT_IS(value, 1);
	EXPECT_IS(take(fd, &value), 8);
	EXPECT_IS(take(fd, &value), -LKL_EAGAIN);
	EXPECT_IS(lkl_sys_close(fd), 0);
	return true;
}

static long wait_events(int epoll, struct lkl_epoll_event *events, int max,
			int ms)
{
	return lkl_sys_epoll_pwait(epoll, events, max, ms, NULL, 0);
}

static long watch(int epoll, int fd, unsigned int events)
{
	struct lkl_epoll_event event = { .events = events, .data = fd };

	return lkl_sys_epoll_ctl(epoll, LKL_EPOLL_CTL_ADD, fd, &event);
}

bool test_epoll(void)
{
	long epoll = lkl_sys_epoll_create1(0);
	struct lkl_epoll_event events[4];
	int pipe[2];
	char c;

	EXPECT_OK(epoll);
	EXPECT_IS(lkl_sys_pipe2(pipe, 0), 0);
	EXPECT_IS(watch(epoll, pipe[0], LKL_EPOLLIN), 0);
	EXPECT_IS(watch(epoll, pipe[0], LKL_EPOLLIN), -LKL_EEXIST);
	EXPECT_IS(wait_events(epoll, events, 4, 0), 0);
	EXPECT_IS(wait_events(epoll, events, 4, 1), 0);
	EXPECT_IS(lkl_sys_write(pipe[1], "x", 1), 1);
	EXPECT_IS(wait_events(epoll, events, 4, -1), 1);
	EXPECT_IS(events[0].events, LKL_EPOLLIN);
	EXPECT_IS(events[0].data, pipe[0]);

	EXPECT_IS(watch(epoll, pipe[1], LKL_EPOLLOUT), 0);
	EXPECT_IS(wait_events(epoll, events, 4, -1), 2);
	EXPECT_IS(lkl_sys_read(pipe[0], &c, 1), 1);
	EXPECT_IS(wait_events(epoll, events, 4, 0), 1);
	EXPECT_IS(events[0].data, pipe[1]);
	EXPECT_IS(lkl_sys_epoll_ctl(epoll, LKL_EPOLL_CTL_DEL, pipe[1], NULL),
		  0);
	EXPECT_IS(wait_events(epoll, events, 4, 0), 0);

	EXPECT_IS(lkl_sys_close(pipe[1]), 0);
	EXPECT_IS(wait_events(epoll, events, 4, -1), 1);
	EXPECT_IS(events[0].events, LKL_EPOLLHUP);
	EXPECT_IS(lkl_sys_close(pipe[0]), 0);
	EXPECT_IS(lkl_sys_close(epoll), 0);
	return true;
}

bool test_epoll_edge(void)
{
	long epoll = lkl_sys_epoll_create1(0);
	struct lkl_epoll_event event = { 0 };
	unsigned long long value;
	long fd = lkl_sys_eventfd2(0, 0);

	EXPECT_OK(epoll);
	EXPECT_OK(fd);
	EXPECT_IS(watch(epoll, fd, LKL_EPOLLIN | LKL_EPOLLET), 0);
	EXPECT_IS(add(fd, 1), 8);
	EXPECT_IS(wait_events(epoll, &event, 1, -1), 1);
	EXPECT_IS(wait_events(epoll, &event, 1, 0), 0);
	EXPECT_IS(add(fd, 1), 8);
	EXPECT_IS(wait_events(epoll, &event, 1, -1), 1);

	event.events = LKL_EPOLLIN | LKL_EPOLLONESHOT;
	EXPECT_IS(lkl_sys_epoll_ctl(epoll, LKL_EPOLL_CTL_MOD, fd, &event), 0);
	EXPECT_IS(wait_events(epoll, &event, 1, -1), 1);
	EXPECT_IS(take(fd, &value), 8);
	EXPECT_IS(add(fd, 1), 8);
	EXPECT_IS(wait_events(epoll, &event, 1, 0), 0);
	EXPECT_IS(lkl_sys_close(fd), 0);
	EXPECT_IS(lkl_sys_close(epoll), 0);
	return true;
}

#define ROUNDS 1000

struct pair {
	int there;
	int back;
};

/* Answers each event on one eventfd by one on the other. */
static void *answer(void *arg)
{
	const struct pair *pair = arg;
	unsigned long long value;
	int i;

	for (i = 0; i < ROUNDS; i++)
		if (take(pair->there, &value) != 8 || add(pair->back, 1) != 8)
			tap_fail(__FILE__, __LINE__, "no answer");
	return NULL;
}

bool test_epoll_wakes(void)
{
	struct pair pair = {
		.there = lkl_sys_eventfd2(0, 0),
		.back = lkl_sys_eventfd2(0, 0),
	};
	long epoll = lkl_sys_epoll_create1(0);
	struct lkl_epoll_event event;
	unsigned long long value;
	pthread_t thread;
	int i;

	EXPECT_OK(epoll);
	EXPECT_IS(watch(epoll, pair.back, LKL_EPOLLIN), 0);
	EXPECT_IS(pthread_create(&thread, NULL, answer, &pair), 0);
	for (i = 0; i < ROUNDS; i++) {
		EXPECT_IS(add(pair.there, 1), 8);
		EXPECT_IS(wait_events(epoll, &event, 1, -1), 1);
		EXPECT_IS(take(pair.back, &value), 8);
	}
	EXPECT_IS(pthread_join(thread, NULL), 0);
	EXPECT_IS(lkl_sys_close(pair.there), 0);
	EXPECT_IS(lkl_sys_close(pair.back), 0);
	EXPECT_IS(lkl_sys_close(epoll), 0);
	return true;
}

bool test_poll_select(void)
{
	struct __lkl__kernel_timespec none = { 0 };
	struct lkl_pollfd polled[2];
	lkl_fd_set readable = { 0 };
	int pipe[2];

	EXPECT_IS(lkl_sys_pipe2(pipe, 0), 0);
	polled[0] = (struct lkl_pollfd){ pipe[0], LKL_POLLIN, 0 };
	polled[1] = (struct lkl_pollfd){ pipe[1], LKL_POLLOUT, 0 };
	EXPECT_IS(lkl_sys_ppoll(polled, 2, NULL, NULL, 0), 1);
	EXPECT_IS(polled[0].revents, 0);
	EXPECT_IS(polled[1].revents, LKL_POLLOUT);
	EXPECT_IS(lkl_sys_write(pipe[1], "x", 1), 1);
	EXPECT_IS(lkl_sys_ppoll(polled, 2, &none, NULL, 0), 2);

	readable.fds_bits[0] = 1UL << pipe[0];
	EXPECT_IS(lkl_sys_pselect6(pipe[0] + 1, &readable, NULL, NULL, NULL,
				   NULL), 1);
	EXPECT_IS(readable.fds_bits[0], 1UL << pipe[0]);

	EXPECT_IS(lkl_sys_close(pipe[0]), 0);
	EXPECT_IS(lkl_sys_ppoll(polled, 1, &none, NULL, 0), 1);
	EXPECT_IS(polled[0].revents, LKL_POLLNVAL);
	EXPECT_IS(lkl_sys_close(pipe[1]), 0);
	return true;
}
