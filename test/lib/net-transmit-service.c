// SPDX-License-Identifier: GPL-2.0-or-later
/* A network device leaves packets to the service thread: none is lost or late. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include "../../linux/lib/poll.h"
#include "check.h"
#include "netpair.h"

#define QUEUE 64
#define LEN 16000

/* More than the carrier sends by itself, in every burst. */
#define BURST 20

static struct netpair pair;
static struct queue *tx = &pair.queues[VIRTIO_NET_TXQ];
static uint8_t *packets[BURST];

static pthread_t carrier;
static pthread_t service;
static atomic_bool ended;

/* It was woken by events, which are the carrier's. */
static atomic_bool events;

/* Packets that the service thread has sent, and those that did not fit. */
static atomic_uint served;
static atomic_uint refused;

static ssize_t (*pair_tx)(struct backend *b, const struct iovec *iov, int n);

static ssize_t watched_tx(struct backend *b, const struct iovec *iov, int n)
{
	ssize_t len = pair_tx(b, iov, n);

	if (len >= 0 && !pthread_equal(pthread_self(), carrier))
		served++;
	if (len == -EAGAIN)
		refused++;
	return len;
}

/* Whether the backend takes several packets at a time. */
static bool bursts;

static int watched_burst(struct backend *b, struct burst_write *packets,
			 unsigned int n)
{
	unsigned int i;
	ssize_t len;

	for (i = 0; i < n; i++) {
		len = watched_tx(b, packets[i].iov, packets[i].n);
		if (len < 0)
			return i ? (int)i : len;
	}
	return n;
}

static void *serve(void *unused)
{
	(void)unused;
	while (!ended)
		if (poll_wait(LKL_POLL_SERVICE, LKL_NEVER))
			events = true;
	return NULL;
}

static void open_and_start(bool concurrent)
{
	static struct backend_ops ops;
	unsigned int i;

	netpair_open(&pair, true, 0, QUEUE);
	ops = *pair.net->backend->ops;
	pair_tx = ops.tx;
	ops.tx = watched_tx;
	ops.tx_burst = bursts ? watched_burst : NULL;
	pair.net->backend->ops = &ops;
	pair.net->backend->concurrent = concurrent;
	netpair_start(&pair, 0, QUEUE);
	for (i = 0; i < BURST; i++)
		packets[i] = ram_get(HDR + LEN);
	served = 0;
	refused = 0;
	interrupts = 0;
}

static void put(unsigned int seed)
{
	uint8_t *p = packets[seed % BURST];
	struct buffer b = { p, HDR + LEN, false };
	size_t i;

	for (i = 0; i < LEN; i++)
		p[HDR + i] = pattern(seed, i);
	queue_add(tx, &b, 1);
	queue_kick(tx);
}

/* What the kernel does between calls: events that it was told of. */
static void run_events(void)
{
	static unsigned int seen;

	if (atomic_exchange(&events, false) || left_events != seen) {
		seen = left_events;
		poll_dispatch();
	}
	if (pair.net->tx_blocked)
		netpair_poll();
}

static void expect(unsigned int seed)
{
	static uint8_t packet[1 << 17];
	ssize_t len;
	size_t i;

	do {
		len = recv(pair.peer, packet, sizeof(packet), 0);
		if (len < 0)
			CHECK_EQ(errno, EAGAIN);
		run_events();
	} while (len < 0);
	CHECK_EQ(len, HDR + LEN);
	for (i = 0; i < LEN; i++)
		CHECK_EQ(packet[HDR + i], pattern(seed, i));
}

/* All that was put in comes back to the driver. */
static void take(unsigned int n)
{
	struct virtq_used_elem elem;

	while (n) {
		if (queue_take(tx, &elem))
			n--;
		run_events();
	}
	CHECK(!queue_take(tx, &elem));
}

/* In bursts that are more than the socket holds, so that it is full at times. */
static void test_bursts(bool concurrent)
{
	unsigned int round, i;

	open_and_start(concurrent);
	for (round = 0; round < 200; round++) {
		for (i = 0; i < BURST; i++)
			put(round * BURST + i);
		for (i = 0; i < BURST; i++)
			expect(round * BURST + i);
		take(BURST);
	}
	CHECK_EQ(served > 0, concurrent);
	netpair_close(&pair);
}

/*
 * While the socket is full, it is left alone: first the service thread finds it
 * so, perhaps in the middle of a burst, then the carrier, which has it watched.
 */
static void test_full(void)
{
	unsigned int most = bursts ? 3 : 2;
	unsigned int i, turn;

	open_and_start(true);
	for (i = 0; i < BURST; i++)
		put(i);
	while (!pair.net->tx_blocked) {
		run_events();
		CHECK(refused <= most);
	}
	for (turn = 0; turn < 100; turn++) {
		run_events();
		sched_yield();
	}
	CHECK(refused >= 2 && refused <= most);
	for (i = 0; i < BURST; i++)
		expect(i);
	take(BURST);
	netpair_close(&pair);
}

/* One at a time: the end of the service thread's turn meets the next packet. */
static void test_turns(void)
{
	unsigned int i;

	open_and_start(true);
	for (i = 0; i < 5000; i++) {
		put(i);
		expect(i);
		take(1);
	}
	CHECK(served > 0);
	netpair_close(&pair);
}

/* Who waits inside between packets sends them at once. */
static void test_pauses(void)
{
	unsigned int i;

	open_and_start(true);
	for (i = 0; i < 100; i++) {
		put(i);
		expect(i);
		take(1);
		netpair_poll();
	}
	CHECK_EQ(served, 0);
	netpair_close(&pair);
}

/* The driver is told when it has waited for the queue to be nearly empty. */
static void test_interrupt(void)
{
	unsigned int i, round;

	open_and_start(true);
	for (round = 0; round < 100; round++) {
		interrupts = 0;
		queue_want_interrupt(tx);
		for (i = 0; i < BURST; i++)
			put(i);
		while (!interrupts)
			run_events();
		for (i = 0; i < BURST; i++)
			expect(i);
		take(BURST);
	}
	CHECK(served > 0);
	netpair_close(&pair);
}

/* The wire is cut, or the driver ends, while the service thread is at it. */
static void test_ends(bool cut)
{
	unsigned int i, round;

	for (round = 0; round < 100; round++) {
		open_and_start(true);
		for (i = 0; i < BURST; i++)
			put(i);
		if (cut) {
			shutdown(pair.peer, SHUT_RDWR);
			while (virtio_net_link_is_up(pair.net)) {
				run_events();
				netpair_poll();
			}
			take(BURST);
			put(0);
			take(1);
		}
		netpair_close(&pair);
	}
}

/* Before the kernel ends, what waits is sent; after that, by the carrier. */
static void test_halt(void)
{
	unsigned int i;

	open_and_start(true);
	for (i = 0; i < BURST / 2; i++)
		put(i);
	chores_end();
	for (i = 0; i < BURST / 2; i++)
		expect(i);
	take(BURST / 2);
	served = 0;
	for (i = 0; i < BURST; i++) {
		put(i);
		expect(i);
		take(1);
	}
	CHECK_EQ(served, 0);
	netpair_close(&pair);
}

int main(void)
{
	int i;

	carrier = pthread_self();
	CHECK_EQ(poll_init(), 0);
	CHECK_EQ(pthread_create(&service, NULL, serve, NULL), 0);
	test_bursts(false);
	test_turns();
	test_pauses();
	for (i = 0; i < 2; i++) {
		bursts = i;
		test_bursts(true);
		test_full();
		test_interrupt();
		test_ends(true);
		test_ends(false);
	}
	test_halt();
	ended = true;
	poll_kick(LKL_POLL_SERVICE);
	pthread_join(service, NULL);
	return 0;
}
