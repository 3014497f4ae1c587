// SPDX-License-Identifier: GPL-2.0-or-later
/* Sources of events come and go: edges, changes, removal, several per descriptor. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include "../../linux/lib/poll.h"
#include "check.h"
#include "driver.h"

static unsigned int calls[4];
static uint32_t last_events;

static void ready(void *arg, uint32_t events)
{
	++*(unsigned int *)arg;
	last_events = events;
}

static void add_one(int fd)
{
	CHECK_EQ(eventfd_write(fd, 1), 0);
}

/* What is ready now is dispatched. Whether there was any. */
static int run(void)
{
	int any = poll_wait(LKL_POLL_INSIDE, 0);

	if (any)
		poll_dispatch();
	return any;
}

static void test_edges(void)
{
	int fd = eventfd(0, EFD_NONBLOCK), source;

	calls[0] = 0;
	add_one(fd);
	source = poll_add(fd, EPOLLIN, false, ready, &calls[0]);
	CHECK(run());
	CHECK_EQ(calls[0], 1);		/* was ready from the start */
	CHECK(!run());			/* still is, but that is no edge */
	add_one(fd);
	CHECK(run());
	CHECK_EQ(calls[0], 2);

	/* All that came before the dispatch is one call. */
	add_one(fd);
	CHECK(poll_wait(LKL_POLL_SERVICE, LKL_NEVER));
	add_one(fd);
	CHECK(poll_wait(LKL_POLL_SERVICE, LKL_NEVER));
	CHECK(poll_wait(LKL_POLL_INSIDE, LKL_NEVER));
	poll_dispatch();
	CHECK_EQ(calls[0], 3);
	CHECK(!run());
	poll_remove(source);
	add_one(fd);
	CHECK(!run());
	close(fd);
}

static void test_change(void)
{
	int fds[2], source;

	calls[0] = 0;
	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	source = poll_add(fds[0], EPOLLIN, false, ready, &calls[0]);
	CHECK(!run());
	CHECK_EQ(poll_change(source, EPOLLIN | EPOLLOUT), 0);
	CHECK(run());
	CHECK_EQ(last_events, EPOLLOUT);
	CHECK_EQ(poll_change(source, EPOLLIN), 0);
	CHECK(!run());
	CHECK_EQ(write(fds[1], "x", 1), 1);
	CHECK(run());
	CHECK_EQ(last_events, EPOLLIN);
	close(fds[1]);
	CHECK(run());
	CHECK(last_events & EPOLLHUP);
	poll_remove(source);
	close(fds[0]);
}

/* Removed between the wait and the dispatch: no call, even for a new user. */
static void test_remove_pending(void)
{
	int fd = eventfd(0, EFD_NONBLOCK), other = eventfd(0, EFD_NONBLOCK);
	int source, next;

	calls[0] = calls[1] = 0;
	source = poll_add(fd, EPOLLIN, false, ready, &calls[0]);
	add_one(fd);
	CHECK(poll_wait(LKL_POLL_INSIDE, 0));
	poll_remove(source);
	poll_dispatch();
	CHECK_EQ(calls[0], 0);

	next = poll_add(other, EPOLLIN, false, ready, &calls[1]);
	CHECK_EQ(next, source);		/* the slot is used again */
	add_one(other);
	CHECK(run());
	CHECK_EQ(calls[1], 1);
	CHECK_EQ(calls[0], 0);
	poll_remove(next);
	close(fd);
	close(other);
}

static void test_errors(void)
{
	int fd = eventfd(0, EFD_NONBLOCK), source;
	FILE *file = tmpfile();

	CHECK_EQ(poll_add(-1, EPOLLIN, false, ready, NULL), -EBADF);
	CHECK_EQ(poll_add(fileno(file), EPOLLIN, false, ready, NULL), -EPERM);
	source = poll_add(fd, EPOLLIN, false, ready, NULL);
	CHECK(source >= 0);
	CHECK_EQ(poll_add(fd, EPOLLIN, false, ready, NULL), -EEXIST);
	poll_remove(source);
	fclose(file);
	close(fd);
}

/* More sources than fit into one piece of memory; all of them at once. */
static void test_many(void)
{
	static int fds[300], sources[300];
	int i;

	calls[0] = 0;
	for (i = 0; i < 300; i++) {
		fds[i] = eventfd(1, EFD_NONBLOCK);
		CHECK(fds[i] >= 0);
		sources[i] = poll_add(fds[i], EPOLLIN, false, ready, &calls[0]);
		CHECK(sources[i] >= 0);
	}
	CHECK(run());
	CHECK_EQ(calls[0], 300);
	for (i = 0; i < 300; i++) {
		poll_remove(sources[i]);
		close(fds[i]);
	}
}

/* The program's descriptors: an epoll set is the usual one. */
static void test_hostfd(void)
{
	int epfd = epoll_create1(0), fd = eventfd(0, EFD_NONBLOCK);
	struct epoll_event event = { .events = EPOLLIN };
	int first, second;

	CHECK_EQ(epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event), 0);
	CHECK_EQ(hostfd_watch(epfd, &first), 0);
	CHECK_EQ(hostfd_poll(epfd, EPOLLIN), 0);
	run();
	hostfd_calls = 0;
	add_one(fd);
	CHECK_EQ(hostfd_poll(epfd, EPOLLIN | EPOLLOUT), EPOLLIN);
	CHECK(run());
	CHECK_EQ(hostfd_calls, 1);
	CHECK(hostfd_handles[0] == &first);

	/* Two watches of one descriptor; either may go first. */
	CHECK_EQ(hostfd_watch(epfd, &second), 0);
	run();
	hostfd_calls = 0;
	add_one(fd);
	CHECK(run());
	CHECK_EQ(hostfd_calls, 2);
	hostfd_unwatch(epfd, &first);
	run();
	hostfd_calls = 0;
	add_one(fd);
	CHECK(run());
	CHECK_EQ(hostfd_calls, 1);
	CHECK(hostfd_handles[0] == &second);
	CHECK_EQ(hostfd_watch(epfd, &first), 0);
	hostfd_unwatch(epfd, &first);
	hostfd_unwatch(epfd, &second);
	hostfd_calls = 0;
	add_one(fd);
	CHECK(!run());
	CHECK_EQ(hostfd_calls, 0);

	CHECK_EQ(hostfd_watch(-1, &first), -EBADF);
	CHECK(hostfd_poll(9999, EPOLLIN) & POLLNVAL);
	close(fd);
	close(epfd);
}

/* Adding and removing while two threads wait and dispatch all the time. */
static pthread_mutex_t cpu = PTHREAD_MUTEX_INITIALIZER;
static _Atomic int end;

static void *serve(void *arg)
{
	while (!end) {
		if (!poll_wait(*(enum lkl_poll_set *)arg, LKL_NEVER))
			continue;
		pthread_mutex_lock(&cpu);
		poll_dispatch();
		pthread_mutex_unlock(&cpu);
	}
	return NULL;
}

static void count(void *arg, uint32_t events)
{
	(void)events;
	atomic_fetch_add((_Atomic unsigned int *)arg, 1);
}

static void test_churn(void)
{
	static enum lkl_poll_set sets[2] = { LKL_POLL_INSIDE, LKL_POLL_SERVICE };
	static _Atomic unsigned int seen;
	pthread_t threads[2];
	int i, fd, source;

	for (i = 0; i < 2; i++)
		CHECK_EQ(pthread_create(&threads[i], NULL, serve, &sets[i]), 0);
	for (i = 0; i < 3000; i++) {
		fd = eventfd(i & 1, EFD_NONBLOCK);
		seen = 0;
		pthread_mutex_lock(&cpu);
		source = poll_add(fd, EPOLLIN, i & 2, count, &seen);
		pthread_mutex_unlock(&cpu);
		CHECK(source >= 0);
		if (i % 3) {
			add_one(fd);
			while (!seen)
				;
		}
		pthread_mutex_lock(&cpu);
		poll_remove(source);
		pthread_mutex_unlock(&cpu);
		close(fd);
	}
	end = 1;
	poll_kick(LKL_POLL_INSIDE);
	poll_kick(LKL_POLL_SERVICE);
	for (i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
}

int main(void)
{
	CHECK_EQ(poll_init(), 0);
	test_edges();
	test_change();
	test_remove_pending();
	test_errors();
	test_many();
	test_hostfd();
	test_churn();
	poll_exit();
	return 0;
}
