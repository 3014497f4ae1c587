// SPDX-License-Identifier: GPL-2.0-or-later
/* Events go to the thread that waits inside, else to the service thread. */
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "../../linux/lib/host.h"
#include "../../linux/lib/poll.h"
#include "../../linux/lib/posix.h"
#include "check.h"

#define ROUNDS 300

/* A thread that waits in a set until it is told to end. */
struct waiter {
	enum lkl_poll_set set;
	pthread_t thread;
	_Atomic int end;
	_Atomic int tid;
	_Atomic unsigned int events;	/* waits that brought some */
	_Atomic unsigned int kicks;	/* waits that did not */
};

static _Atomic unsigned int dispatched;
static pthread_mutex_t cpu = PTHREAD_MUTEX_INITIALIZER;

static void ready(void *arg, uint32_t events)
{
	uint64_t value;

	CHECK(events & EPOLLIN);
	if (host_read(*(int *)arg, &value, sizeof(value)) == sizeof(value))
		dispatched += value;
}

static void *wait_in_set(void *arg)
{
	struct waiter *w = arg;

	w->tid = gettid();
	while (!w->end) {
		if (!poll_wait(w->set, LKL_NEVER)) {
			w->kicks++;
			continue;
		}
		w->events++;
		pthread_mutex_lock(&cpu);	/* become the carrier */
		poll_dispatch();
		pthread_mutex_unlock(&cpu);
	}
	return NULL;
}

/* Waits until the thread sleeps in its host call. */
static void until_asleep(struct waiter *w)
{
	char path[64], state = 0;
	FILE *f;

	while (!w->tid)
		usleep(100);
	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", w->tid);
	while (state != 'S') {
		f = fopen(path, "r");
		CHECK(f);
		CHECK_EQ(fscanf(f, "%*d %*s %c", &state), 1);
		fclose(f);
		if (state != 'S')
			usleep(100);
	}
}

static void start(struct waiter *w, enum lkl_poll_set set)
{
	memset(w, 0, sizeof(*w));
	w->set = set;
	CHECK_EQ(pthread_create(&w->thread, NULL, wait_in_set, w), 0);
	until_asleep(w);
}

static void stop(struct waiter *w)
{
	w->end = 1;
	poll_kick(w->set);
	CHECK_EQ(pthread_join(w->thread, NULL), 0);
}

static void signal_and_await(int fd)
{
	unsigned int before = dispatched;
	uint64_t one = 1;

	CHECK_EQ(write(fd, &one, sizeof(one)), sizeof(one));
	while (dispatched == before)
		usleep(50);
	CHECK_EQ(dispatched, before + 1);
}

/* While a thread waits inside, the service thread sleeps on. */
static void test_inside_first(int fd)
{
	struct waiter inside, service;
	int i, source;

	source = poll_add(fd, EPOLLIN, false, ready, &fd);
	CHECK(source >= 0);
	start(&service, LKL_POLL_SERVICE);
	start(&inside, LKL_POLL_INSIDE);
	for (i = 0; i < ROUNDS; i++) {
		signal_and_await(fd);
		until_asleep(&inside);
	}
	CHECK_EQ(inside.events, ROUNDS);
	CHECK_EQ(service.events, 0);
	CHECK_EQ(service.kicks, 0);

	/* Nobody is inside: the service thread takes over. */
	stop(&inside);
	for (i = 0; i < ROUNDS; i++) {
		signal_and_await(fd);
		until_asleep(&service);
	}
	CHECK_EQ(service.events, ROUNDS);
	stop(&service);
	poll_remove(source);
}

/*
 * A shared source wakes both, and the service thread leaves it to the other if
 * that waits. No event is lost however often the inside thread comes and goes.
 */
static void test_shared(int fd)
{
	struct waiter inside, service;
	int i, source;

	source = poll_add(fd, EPOLLIN, true, ready, &fd);
	CHECK(source >= 0);
	start(&service, LKL_POLL_SERVICE);
	start(&inside, LKL_POLL_INSIDE);
	for (i = 0; i < ROUNDS; i++) {
		signal_and_await(fd);
		until_asleep(&inside);
	}

	for (i = 0; i < ROUNDS; i++) {
		poll_kick(LKL_POLL_INSIDE);	/* just about leaving the wait */
		signal_and_await(fd);
	}
	stop(&inside);
	stop(&service);
	poll_remove(source);
}

/* A kick ends the wait under way, or the next one, of its set alone. */
static void test_kick(void)
{
	struct waiter inside;
	unsigned long long late = posix_time() + 3600ULL * 1000000000;

	poll_kick(LKL_POLL_INSIDE);
	CHECK_EQ(poll_wait(LKL_POLL_INSIDE, late), 0);
	poll_kick(LKL_POLL_SERVICE);
	poll_kick(LKL_POLL_SERVICE);
	CHECK_EQ(poll_wait(LKL_POLL_SERVICE, late), 0);

	start(&inside, LKL_POLL_INSIDE);
	poll_kick(LKL_POLL_SERVICE);
	CHECK_EQ(poll_wait(LKL_POLL_SERVICE, late), 0);
	CHECK_EQ(inside.kicks, 0);
	poll_kick(LKL_POLL_INSIDE);
	while (!inside.kicks)
		usleep(50);
	until_asleep(&inside);
	stop(&inside);
}

static void *nap(void *arg)
{
	struct waiter *w = arg;

	w->tid = gettid();
	poll_nap(LKL_NEVER);
	w->kicks++;
	return NULL;
}

/* A nap ends by a kick or its deadline; events wait until after it. */
static void test_nap(int fd)
{
	unsigned long long deadline = posix_time() + 300000;
	struct waiter service = { .set = LKL_POLL_SERVICE };
	int source = poll_add(fd, EPOLLIN, false, ready, &fd);
	unsigned int before = dispatched;
	uint64_t one = 1;

	CHECK(source >= 0);
	CHECK_EQ(pthread_create(&service.thread, NULL, nap, &service), 0);
	until_asleep(&service);
	CHECK_EQ(write(fd, &one, sizeof(one)), sizeof(one));
	usleep(1000);
	CHECK_EQ(service.kicks, 0);
	poll_kick(LKL_POLL_SERVICE);
	CHECK_EQ(pthread_join(service.thread, NULL), 0);
	CHECK(poll_wait(LKL_POLL_SERVICE, LKL_NEVER));
	poll_dispatch();
	CHECK_EQ(dispatched, before + 1);

	poll_nap(deadline);
	CHECK(posix_time() >= deadline);
	poll_nap(1);	/* long past */
	poll_kick(LKL_POLL_SERVICE);
	poll_nap(LKL_NEVER);
	poll_remove(source);
}

/* A wait ends at its deadline, not before, with and without epoll_pwait2(2). */
static void test_deadline(void)
{
	static const unsigned long long waits[] = { 0, 1, 300000, 20000000 };
	unsigned long long deadline;
	size_t i;

	for (i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		deadline = posix_time() + waits[i];
		while (poll_wait(LKL_POLL_SERVICE, deadline))
			CHECK(!"an event out of nowhere");
		/* The host's clock and ours are the same one. */
		CHECK(posix_time() >= deadline);
	}
	CHECK_EQ(poll_wait(LKL_POLL_SERVICE, 1), 0);	/* long past */
}

int main(void)
{
	int fd = eventfd(0, EFD_NONBLOCK);

	CHECK_EQ(poll_init(), 0);
	CHECK_EQ(poll_init(), 0);
	test_inside_first(fd);
	test_shared(fd);
	test_kick();
	test_nap(fd);
	test_deadline();
	poll_exit();
	close(fd);
	return 0;
}
