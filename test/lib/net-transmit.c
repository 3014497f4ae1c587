// SPDX-License-Identifier: GPL-2.0-or-later
/* A network device transmits: gathered buffers, back-pressure, notifications. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "check.h"
#include "netpair.h"

#define QUEUE 64

static struct netpair pair;
static struct queue *tx = &pair.queues[VIRTIO_NET_TXQ];

/* Puts a packet of @len bytes into the ring, cut into @parts buffers. */
static uint16_t put(size_t len, unsigned int parts, unsigned int seed,
		    bool indirect)
{
	uint8_t *p = ram_get(HDR + len);
	struct buffer b[32];
	size_t i, step = (HDR + len) / parts;

	CHECK(parts <= 32);
	for (i = 0; i < len; i++)
		p[HDR + i] = pattern(seed, i);
	for (i = 0; i < parts; i++)
		b[i] = (struct buffer){ p + i * step, step, false };
	b[parts - 1].len = HDR + len - (parts - 1) * step;
	return indirect ? queue_add_indirect(tx, b, parts) :
			  queue_add(tx, b, parts);
}

static void expect(size_t header, size_t len, unsigned int seed)
{
	static uint8_t packet[1 << 17];
	size_t i;

	CHECK_EQ(recv(pair.peer, packet, sizeof(packet), 0), header + len);
	for (i = 0; i < len; i++)
		CHECK_EQ(packet[header + i], pattern(seed, i));
}

static void expect_nothing(void)
{
	char c;

	CHECK_EQ(recv(pair.peer, &c, 1, 0), -1);
	CHECK_EQ(errno, EAGAIN);
}

static void open_and_start(int vnet_hdr)
{
	netpair_open(&pair, vnet_hdr, 0, QUEUE);
	netpair_start(&pair, 0, QUEUE);
	interrupts = 0;
}

static void test_gather(int vnet_hdr)
{
	size_t header = vnet_hdr ? HDR : 0;
	struct virtq_used_elem elem;
	uint16_t heads[5];
	int i;

	open_and_start(vnet_hdr);
	heads[0] = put(60, 1, 1, false);
	heads[1] = put(1514, 3, 2, false);
	heads[2] = put(65536, 18, 3, false);
	heads[3] = put(30000, 18, 4, true);
	heads[4] = put(9, 21, 5, true);		/* the header torn in pieces */
	CHECK(queue_kick(tx));
	expect(header, 60, 1);
	expect(header, 1514, 2);
	expect(header, 65536, 3);
	expect(header, 30000, 4);
	expect(header, 9, 5);
	for (i = 0; i < 5; i++) {
		CHECK(queue_take(tx, &elem));
		CHECK_EQ(elem.id, heads[i]);
		CHECK_EQ(elem.len, 0);
	}
	CHECK(!queue_take(tx, &elem));
	CHECK(bulks > 0);
	netpair_close(&pair);
}

static void test_interrupts(void)
{
	struct virtq_used_elem elem;
	unsigned int before = bulks;

	open_and_start(true);
	/* used_event is 0: the first entry is to be told of. */
	put(60, 1, 1, false);
	put(60, 1, 2, false);
	CHECK(queue_kick(tx));
	CHECK_EQ(interrupts, 1);
	/* The driver does not care about the next. */
	put(60, 1, 3, false);
	CHECK(queue_kick(tx));
	CHECK_EQ(interrupts, 1);
	while (queue_take(tx, &elem))
		;
	queue_want_interrupt(tx);
	put(60, 1, 4, false);
	CHECK(queue_kick(tx));
	CHECK_EQ(interrupts, 2);
	CHECK_EQ(bulks, before);
	netpair_close(&pair);
}

/* The wire takes no more: packets wait, and go when it does again. */
static void test_back_pressure(void)
{
	struct virtq_used_elem elem;
	unsigned int i, sent = 0, got = 0;

	open_and_start(true);
	queue_want_interrupt(tx);
	for (i = 0; i < 40; i++)
		put(16000, 1, i, false);
	CHECK(queue_kick(tx));
	CHECK(pair.net->tx_blocked);
	while (queue_take(tx, &elem))
		sent++;
	CHECK(sent > 0 && sent < 40);

	/* More comes in, and there is no attempt at it. */
	put(16000, 1, i++, false);
	queue_kick(tx);
	CHECK(!queue_take(tx, &elem));
	queue_want_interrupt(tx);
	interrupts = 0;

	while (got < i) {
		while (got < sent)
			expect(HDR, 16000, got++);
		expect_nothing();
		if (got < i)
			netpair_run();
		while (queue_take(tx, &elem))
			sent++;
		queue_want_interrupt(tx);
	}
	CHECK_EQ(sent, 41);
	CHECK(interrupts > 0);
	CHECK(!pair.net->tx_blocked);

	/* And it is as before. */
	put(60, 1, 99, false);
	CHECK(queue_kick(tx));
	expect(HDR, 60, 99);
	netpair_close(&pair);
}

/* The wire is cut: what waits is dropped, the driver gets all of it back. */
static void test_link_lost(void)
{
	struct virtq_used_elem elem;
	unsigned int i, n = 0;

	open_and_start(true);
	for (i = 0; i < 40; i++)
		put(16000, 1, i, false);
	queue_kick(tx);
	CHECK(pair.net->tx_blocked);
	shutdown(pair.peer, SHUT_RDWR);
	netpair_run();
	while (queue_take(tx, &elem))
		n++;
	CHECK_EQ(n, 40);
	CHECK_EQ(pair.net->config.status, 0);

	put(60, 1, 1, false);
	CHECK(queue_kick(tx));
	CHECK(queue_take(tx, &elem));
	netpair_close(&pair);
}

int main(void)
{
	test_gather(true);
	test_gather(false);
	test_interrupts();
	test_back_pressure();
	test_link_lost();
	return 0;
}
