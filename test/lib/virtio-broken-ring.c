// SPDX-License-Identifier: GPL-2.0-or-later
/* A driver that makes nonsense of its rings cannot crash a device. */
#include <string.h>
#include <sys/socket.h>
#include "check.h"
#include "netpair.h"

#define QUEUE 16

static struct netpair pair;
static struct queue *tx = &pair.queues[VIRTIO_NET_TXQ];

static void open_and_start(void)
{
	netpair_open(&pair, true, VIRTIO_NET_F_MRG_RXBUF, QUEUE);
	netpair_start(&pair, VIRTIO_NET_F_MRG_RXBUF, QUEUE);
}

/* The device says that it needs a reset, and works after one. */
static void expect_broken(void)
{
	struct buffer good;
	struct virtq_used_elem elem;

	CHECK(mmio_get(&pair.net->dev, MMIO_STATUS) & S_NEEDS_RESET);
	mmio_set(&pair.net->dev, MMIO_NOTIFY, VIRTIO_NET_TXQ);
	CHECK(!queue_take(tx, &elem));

	netpair_start(&pair, VIRTIO_NET_F_MRG_RXBUF, QUEUE);
	good = (struct buffer){ ram_get(100), 100, false };
	queue_add(tx, &good, 1);
	queue_kick(tx);
	CHECK(queue_take(tx, &elem));
	netpair_close(&pair);
}

static void send_one(struct virtq_desc d, uint16_t head)
{
	tx->desc[0] = d;
	tx->avail->ring[0] = head;
	atomic_store(&tx->avail->idx, 1);
	mmio_set(&pair.net->dev, MMIO_NOTIFY, VIRTIO_NET_TXQ);
}

static void test_bad_descriptors(void)
{
	uint64_t ram, beyond, table;
	size_t i;

	open_and_start();
	ram = (uintptr_t)ram_get(256);
	table = (uintptr_t)ram_get(256);
	beyond = ram + (8 << 20);
	netpair_close(&pair);

	const struct {
		struct virtq_desc d;
		uint16_t head;
	} bad[] = {
		{ { ram, 100, 0, 0 }, QUEUE },		/* head out of range */
		{ { ram, 100, 0, 0 }, 0xffff },
		{ { ram, 100, VIRTQ_DESC_F_NEXT, 0 }, 0 },	/* a loop */
		{ { ram, 100, VIRTQ_DESC_F_NEXT, QUEUE }, 0 },
		{ { 0, 100, 0, 0 }, 0 },		/* not in RAM */
		{ { beyond, 100, 0, 0 }, 0 },
		{ { ram, 64 << 20, 0, 0 }, 0 },
		{ { ram, 0xffffffff, 0, 0 }, 0 },
		{ { 0xffffffffffffff00, 0x200, 0, 0 }, 0 },
		{ { ram, 11, 0, 0 }, 0 },		/* shorter than a header */
		{ { ram, 100, VIRTQ_DESC_F_WRITE, 0 }, 0 }, /* to be written */
		{ { table, 15, VIRTQ_DESC_F_INDIRECT, 0 }, 0 },
		{ { table, 0, VIRTQ_DESC_F_INDIRECT, 0 }, 0 },
		{ { table + 1, 16, VIRTQ_DESC_F_INDIRECT, 0 }, 0 },
		{ { beyond, 16, VIRTQ_DESC_F_INDIRECT, 0 }, 0 },
		{ { table, 16, VIRTQ_DESC_F_INDIRECT | VIRTQ_DESC_F_NEXT, 1 }, 0 },
	};

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		open_and_start();
		send_one(bad[i].d, bad[i].head);
		expect_broken();
	}
}

static void test_nested_indirect(void)
{
	struct virtq_desc *table;

	open_and_start();
	table = ram_get(32);
	table[0] = (struct virtq_desc){ (uintptr_t)table, 16,
					VIRTQ_DESC_F_INDIRECT, 0 };
	send_one(table[0], 0);
	expect_broken();
}

/* A buffer to be read behind one to be written. */
static void test_order(void)
{
	struct buffer b[2];

	open_and_start();
	b[0] = (struct buffer){ ram_get(64), 64, true };
	b[1] = (struct buffer){ ram_get(64), 64, false };
	queue_add(tx, b, 2);
	queue_kick(tx);
	expect_broken();
}

/* More available entries than the queue has. */
static void test_index(void)
{
	open_and_start();
	atomic_store(&tx->avail->idx, QUEUE + 1);
	mmio_set(&pair.net->dev, MMIO_NOTIFY, VIRTIO_NET_TXQ);
	expect_broken();
}

/* Chains longer than any packet needs. */
static void test_long_chain(void)
{
	static struct buffer b[VIRTQ_MAX_CHAIN + 1];
	size_t i;

	open_and_start();
	for (i = 0; i < VIRTQ_MAX_CHAIN + 1; i++)
		b[i] = (struct buffer){ ram_get(64), 64, false };
	queue_add_indirect(tx, b, VIRTQ_MAX_CHAIN + 1);
	queue_kick(tx);
	expect_broken();
}

static uint32_t random_state = 1;

static uint32_t random_number(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

/* Whatever is in the rings and registers. */
static void test_random(void)
{
	static char drain[70000];
	uint32_t *words;
	unsigned int round, i, q;
	size_t at, count;

	for (round = 0; round < 3000; round++) {
		if (round % 100 == 0) {
			if (round)
				netpair_close(&pair);
			netpair_open(&pair, true, VIRTIO_NET_F_MRG_RXBUF, QUEUE);
		}
		ram_reset();
		netpair_start(&pair, VIRTIO_NET_F_MRG_RXBUF, QUEUE);
		words = ram_get(4096);
		for (q = 0; q < VIRTIO_NET_CTRLQ; q++)
			for (i = 0; i < QUEUE; i++) {
				struct virtq_desc *d = &pair.queues[q].desc[i];
				uint32_t r = random_number();

				d->addr = (uintptr_t)words + r % 5000;
				d->len = r >> 16 & 2047;
				d->flags = random_number() % 8;
				d->next = random_number() % (QUEUE + 1);
				pair.queues[q].avail->ring[i] =
					random_number() % (QUEUE + 1);
			}
		count = random_number() % 64;
		for (at = 0; at < count; at++)
			words[random_number() % 1024] = random_number();
		for (i = 0; i < 8; i++) {
			q = random_number() % 4;
			if (q < VIRTIO_NET_CTRLQ)
				atomic_store(&pair.queues[q].avail->idx,
					     random_number() % (QUEUE + 4));
			mmio_set(&pair.net->dev, MMIO_NOTIFY, q);
			mmio_get(&pair.net->dev, random_number() % 0x140);
			if (i == 4)
				netpair_send(&pair, HDR, 500, round);
			netpair_poll();
		}
		while (recv(pair.peer, drain, sizeof(drain), 0) > 0)
			;
	}
	netpair_close(&pair);
}

int main(void)
{
	test_bad_descriptors();
	test_nested_indirect();
	test_order();
	test_index();
	test_long_chain();
	test_random();
	return 0;
}
