// SPDX-License-Identifier: GPL-2.0-or-later
/* A network device receives: merged and single buffers, batches, starvation. */
#include <string.h>
#include <sys/socket.h>
#include "../../linux/lib/iomem.h"
#include "../../linux/lib/poll.h"
#include "check.h"
#include "netpair.h"

#define QUEUE 64
#define BUFFER 4096

static struct netpair pair;
static struct queue *rx = &pair.queues[VIRTIO_NET_RXQ];
static char *buffers[QUEUE];	/* by head */

/* Gives the device @n buffers of @len bytes. */
static void supply(unsigned int n, uint32_t len)
{
	struct buffer b = { .len = len, .in = true };
	unsigned int i;

	for (i = 0; i < n; i++) {
		b.addr = buffers[rx->free] ? buffers[rx->free] : ram_get(BUFFER);
		buffers[queue_add(rx, &b, 1)] = b.addr;
	}
}

/* Takes a packet from the used ring. Number of its buffers; length in @len. */
static unsigned int take(uint8_t *packet, size_t *len)
{
	struct virtq_used_elem elem;
	uint16_t count, i;

	*len = 0;
	if (!queue_take(rx, &elem))
		return 0;
	memcpy(&count, buffers[elem.id] + 10, sizeof(count));
	for (i = 0; i < count; i++) {
		if (i)
			CHECK(queue_take(rx, &elem));
		memcpy(packet + *len, buffers[elem.id], elem.len);
		*len += elem.len;
	}
	return count;
}

static void expect(size_t len, unsigned int seed, unsigned int buffer_count)
{
	static uint8_t packet[QUEUE * BUFFER];
	size_t got, i;

	CHECK_EQ(take(packet, &got), buffer_count);
	CHECK_EQ(got, HDR + len);
	for (i = 0; i < len; i++)
		CHECK_EQ(packet[HDR + i], pattern(seed, i));
}

static void open_and_start(int vnet_hdr, uint64_t features)
{
	memset(buffers, 0, sizeof(buffers));
	netpair_open(&pair, vnet_hdr, features, QUEUE);
	netpair_start(&pair, features, QUEUE);
	queue_want_interrupt(rx);
	interrupts = 0;
}

/* One buffer, many, and the most there can be. */
static void test_merge(int vnet_hdr)
{
	size_t header = vnet_hdr ? HDR : 0;

	open_and_start(vnet_hdr, VIRTIO_NET_F_MRG_RXBUF);
	supply(QUEUE - 1, 1536);
	queue_kick(rx);

	netpair_send(&pair, header, 60, 1);
	netpair_run();
	CHECK_EQ(interrupts, 1);
	expect(60, 1, 1);

	netpair_send(&pair, header, 1536 - HDR, 2);
	netpair_send(&pair, header, 1536 - HDR + 1, 3);
	netpair_run();
	expect(1536 - HDR, 2, 1);
	expect(1536 - HDR + 1, 3, 2);

	supply(5, 1536);
	queue_kick(rx);
	netpair_send(&pair, header, 65536, 4);
	netpair_run();
	expect(65536, 4, 43);
	CHECK(bulks > 0);
	netpair_close(&pair);
}

/* A batch is one interrupt, and none while the driver wants none. It is no bulk. */
static void test_batch(void)
{
	unsigned int i, before = bulks;

	open_and_start(true, VIRTIO_NET_F_MRG_RXBUF);
	supply(QUEUE, BUFFER);
	queue_kick(rx);
	for (i = 0; i < 20; i++)
		netpair_send(&pair, HDR, 100 + i, i);
	netpair_run();
	CHECK_EQ(interrupts, 1);
	for (i = 0; i < 20; i++)
		expect(100 + i, i, 1);

	/* The driver's used_event lies behind: it is polling. */
	netpair_send(&pair, HDR, 77, 7);
	netpair_run();
	CHECK_EQ(interrupts, 1);
	expect(77, 7, 1);
	queue_want_interrupt(rx);
	netpair_send(&pair, HDR, 78, 8);
	netpair_run();
	CHECK_EQ(interrupts, 2);
	CHECK_EQ(bulks, before);
	netpair_close(&pair);
}

/* After so many packets the kernel runs, and it goes on where it was. */
static void test_budget(void)
{
	unsigned int i, first = left_events;

	open_and_start(true, VIRTIO_NET_F_MRG_RXBUF);
	supply(QUEUE, BUFFER);
	queue_kick(rx);
	for (i = 0; i < QUEUE + 6; i++)
		netpair_send(&pair, HDR, 100 + i, i);
	netpair_run();
	CHECK_EQ(left_events, first + 1);
	for (i = 0; i < QUEUE; i++)
		expect(100 + i, i, 1);

	supply(QUEUE, BUFFER);
	poll_dispatch();
	CHECK_EQ(left_events, first + 1);
	for (; i < QUEUE + 6; i++)
		expect(100 + i, i, 1);
	netpair_close(&pair);
}

/*
 * A driver that puts in buffers as fast as they fill does not keep the device
 * reading: what is more than a portion is for another event.
 */
static void test_portion(void)
{
	unsigned int i, taken = 0, first = left_events;

	open_and_start(true, VIRTIO_NET_F_MRG_RXBUF);
	supply(5, BUFFER);
	queue_kick(rx);
	for (i = 0; i < 2 * QUEUE; i++)
		netpair_send(&pair, HDR, 100, i);
	netpair_run();
	while (left_events == first) {
		for (i = 0; i < 5; i++)
			expect(100, taken++, 1);
		CHECK(taken < QUEUE);
		supply(5, BUFFER);
		CHECK(queue_kick(rx));
	}
	while (atomic_load(&rx->used->idx) != rx->seen)
		expect(100, taken++, 1);
	CHECK_EQ(taken, QUEUE);
	netpair_close(&pair);
}

#define LONG 60000

/* A frame of Ethernet with this protocol in IPv4 or IPv6. */
static void send_protocol(uint16_t type, uint8_t protocol, size_t size)
{
	uint8_t packet[LONG] = { 0 };

	packet[HDR + 12] = type >> 8;
	packet[HDR + 13] = type;
	packet[HDR + 14 + (type == 0x800 ? 9 : 6)] = protocol;
	CHECK_EQ(send(pair.peer, packet, size, 0), size);
}

/* TCP comes in smaller portions than what is not. */
static void test_portion_bytes(uint8_t protocol, unsigned int first)
{
	static const int room = 8 * LONG;
	unsigned int i, before = left_events;

	open_and_start(true, VIRTIO_NET_F_MRG_RXBUF);
	setsockopt(pair.peer, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	supply(QUEUE, BUFFER);
	queue_kick(rx);
	for (i = 0; i < 4; i++)
		send_protocol(0x800, protocol, LONG);
	netpair_run();
	CHECK_EQ(atomic_load(&rx->used->idx),
		 first * ((LONG + BUFFER - 1) / BUFFER));
	CHECK_EQ(left_events, before + (first < 4));
	netpair_close(&pair);
}

/* More of what its sender will send anyway has time; more of TCP has not. */
static void test_patience(uint16_t type)
{
	static const struct {
		unsigned int tcp;
		enum lkl_events when;
	} portions[] = {
		{ 0, LKL_EVENTS_PATIENT },
		{ 31, LKL_EVENTS_PATIENT },
		{ 32, LKL_EVENTS_SOON },
		{ 64, LKL_EVENTS_SOON },
	};
	unsigned int i, n, first = left_events;

	open_and_start(true, VIRTIO_NET_F_MRG_RXBUF);
	supply(QUEUE, BUFFER);
	queue_kick(rx);
	for (n = 0; n < sizeof(portions) / sizeof(portions[0]); n++) {
		for (i = 0; i < QUEUE; i++)
			send_protocol(type, i < portions[n].tcp ? 6 : 17,
				      HDR + 60);
		netpair_run();
		CHECK_EQ(left_events, first + n + 1);
		CHECK_EQ(left_when, portions[n].when);
		supply(QUEUE, BUFFER);
	}
	netpair_close(&pair);
}

/* Without buffers it waits for the driver, then goes on. */
static void test_starvation(void)
{
	unsigned int i;

	open_and_start(true, VIRTIO_NET_F_MRG_RXBUF);
	supply(5, BUFFER);
	CHECK(queue_kick(rx));	/* the event index starts at 0 */
	for (i = 0; i < 60; i++)
		netpair_send(&pair, HDR, 1000, i);
	netpair_run();
	for (i = 0; i < 5; i++)
		expect(1000, i, 1);
	CHECK(atomic_load(&rx->used->idx) == rx->seen);
	netpair_poll();
	CHECK(atomic_load(&rx->used->idx) == rx->seen);

	supply(40, BUFFER);
	CHECK(queue_kick(rx));	/* it asked for them, and reads on at once */
	for (; i < 45; i++)
		expect(1000, i, 1);
	supply(QUEUE - 1, BUFFER);
	CHECK(queue_kick(rx));
	for (; i < 60; i++)
		expect(1000, i, 1);
	CHECK(atomic_load(&rx->used->idx) == rx->seen);
	supply(1, BUFFER);
	CHECK(!queue_kick(rx));	/* it has enough */
	netpair_close(&pair);
}

/* A long packet after short ones, for which there are not enough buffers yet. */
static void test_long_packet(void)
{
	unsigned int i;

	open_and_start(true, VIRTIO_NET_F_MRG_RXBUF);
	supply(3, BUFFER);
	queue_kick(rx);
	netpair_send(&pair, HDR, 100, 1);
	netpair_send(&pair, HDR, 50000, 2);
	netpair_send(&pair, HDR, 60000, 3);
	netpair_send(&pair, HDR, 100, 4);
	netpair_run();
	expect(100, 1, 1);
	CHECK(atomic_load(&rx->used->idx) == rx->seen);
	supply(5, BUFFER);
	CHECK(queue_kick(rx));
	CHECK(atomic_load(&rx->used->idx) == rx->seen);
	supply(40, BUFFER);
	CHECK(queue_kick(rx));
	expect(50000, 2, 13);
	expect(60000, 3, 15);
	expect(100, 4, 1);

	/* Short ones again, for long enough to be expected; then a long one. */
	for (i = 0; i < 200; i++) {
		netpair_send(&pair, HDR, 200, i);
		netpair_run();
		expect(200, i, 1);
		supply(1, BUFFER);
		queue_kick(rx);
	}
	netpair_send(&pair, HDR, 65000, 5);
	netpair_run();
	expect(65000, 5, 16);

	/* It is forgotten when the driver resets the device meanwhile. */
	netpair_start(&pair, VIRTIO_NET_F_MRG_RXBUF, QUEUE);
	supply(2, BUFFER);
	queue_kick(rx);
	netpair_send(&pair, HDR, 50000, 6);
	netpair_run();
	netpair_start(&pair, VIRTIO_NET_F_MRG_RXBUF, QUEUE);
	supply(QUEUE, BUFFER);
	queue_kick(rx);
	netpair_send(&pair, HDR, 100, 7);
	netpair_run();
	expect(100, 7, 1);
	netpair_close(&pair);
}

/* A queue that is too small for the longest packet is used all the same. */
static void test_small_queue(void)
{
	open_and_start(true, VIRTIO_NET_F_MRG_RXBUF);
	netpair_start(&pair, VIRTIO_NET_F_MRG_RXBUF, 4);
	supply(4, BUFFER);
	queue_kick(rx);
	netpair_send(&pair, HDR, 3 * BUFFER, 5);
	netpair_send(&pair, HDR, 4 * BUFFER, 6);	/* too long: dropped */
	netpair_run();
	expect(3 * BUFFER, 5, 4);
	CHECK(atomic_load(&rx->used->idx) == rx->seen);
	supply(4, BUFFER);
	queue_kick(rx);
	CHECK(atomic_load(&rx->used->idx) == rx->seen);
	netpair_send(&pair, HDR, 100, 7);
	netpair_run();
	expect(100, 7, 1);
	netpair_close(&pair);
}

/* Without MRG_RXBUF: one buffer, or chain of them, per packet. */
/* What comes to a device that is held is its first packet once it is not. */
static void test_held(void)
{
	unsigned int first = left_events;

	open_and_start(true, VIRTIO_NET_F_MRG_RXBUF);
	pair.net->held = true;
	netpair_send(&pair, HDR, 60, 1);
	netpair_run();
	supply(QUEUE, BUFFER);
	queue_kick(rx);
	CHECK_EQ(interrupts, 0);

	virtio_net_release(pair.net);
	CHECK_EQ(left_events, first + 1);
	/* Who waits inside is told, too. */
	poll_wait(LKL_POLL_INSIDE, LKL_NEVER);
	poll_dispatch();
	CHECK_EQ(interrupts, 1);
	expect(60, 1, 1);
	netpair_send(&pair, HDR, 61, 2);
	netpair_run();
	expect(61, 2, 1);
	virtio_net_release(pair.net);
	CHECK_EQ(left_events, first + 1);
	netpair_close(&pair);
}

static void test_single(int vnet_hdr)
{
	size_t header = vnet_hdr ? HDR : 0;
	struct virtq_used_elem elem;
	struct buffer chain[3];
	uint16_t count;
	int i;

	open_and_start(vnet_hdr, 0);
	supply(2, 1526);
	queue_kick(rx);
	netpair_send(&pair, header, 1514, 1);
	netpair_send(&pair, header, 1515, 2);	/* one byte too long: dropped */
	netpair_send(&pair, header, 1514, 3);
	netpair_run();
	expect(1514, 1, 1);
	expect(1514, 3, 1);
	CHECK(!queue_take(rx, &elem));

	/* A header of its own, torn in two, in an indirect table. */
	chain[0] = (struct buffer){ ram_get(16), 11, true };
	chain[1] = (struct buffer){ ram_get(16), 1, true };
	chain[2] = (struct buffer){ ram_get(2048), 2048, true };
	queue_add_indirect(rx, chain, 3);
	queue_kick(rx);
	netpair_send(&pair, header, 2000, 4);
	netpair_run();
	CHECK(queue_take(rx, &elem));
	CHECK_EQ(elem.len, HDR + 2000);
	memcpy(&count, (char *)chain[0].addr + 10, 1);
	memcpy((char *)&count + 1, chain[1].addr, 1);
	CHECK_EQ(count, 1);
	for (i = 0; i < 2000; i++)
		CHECK_EQ(((uint8_t *)chain[2].addr)[i], pattern(4, i));
	netpair_close(&pair);
}

/* The wire is cut: the link goes down, once, and stays down. */
static void test_link_lost(void)
{
	struct virtio_device *dev;

	open_and_start(true, VIRTIO_NET_F_MRG_RXBUF | VIRTIO_NET_F_STATUS);
	dev = &pair.net->dev;
	supply(QUEUE, BUFFER);
	queue_kick(rx);
	CHECK_EQ(iomem_read(dev->base + MMIO_CONFIG + 6, 2), 1);
	shutdown(pair.peer, SHUT_RDWR);
	netpair_run();
	CHECK_EQ(interrupts, 1);
	CHECK_EQ(mmio_get(dev, MMIO_IRQ_STATUS), 2);
	CHECK_EQ(iomem_read(dev->base + MMIO_CONFIG + 6, 2), 0);
	netpair_poll();
	CHECK_EQ(interrupts, 1);
	mmio_set(dev, MMIO_STATUS, 0);
	netpair_start(&pair, VIRTIO_NET_F_MRG_RXBUF, QUEUE);
	CHECK_EQ(iomem_read(dev->base + MMIO_CONFIG + 6, 2), 0);
	netpair_close(&pair);
}

/* After a reset nothing is written into the buffers that the driver took back. */
static void test_reset(void)
{
	struct virtio_device *dev;
	unsigned int i;

	open_and_start(true, VIRTIO_NET_F_MRG_RXBUF);
	dev = &pair.net->dev;
	supply(QUEUE, BUFFER);
	queue_kick(rx);
	netpair_send(&pair, HDR, 100, 1);
	netpair_run();
	mmio_set(dev, MMIO_STATUS, 0);
	for (i = 0; i < QUEUE; i++)
		memset(buffers[i], 0, BUFFER);
	netpair_send(&pair, HDR, 100, 2);
	netpair_poll();
	for (i = 0; i < QUEUE; i++)
		CHECK_EQ(buffers[i][HDR + 50], 0);
	/* What came meanwhile is there when a driver starts again. */
	netpair_start(&pair, VIRTIO_NET_F_MRG_RXBUF, QUEUE);
	supply(QUEUE, BUFFER);
	queue_kick(rx);
	expect(100, 2, 1);
	netpair_close(&pair);
}

int main(void)
{
	test_merge(true);
	test_merge(false);
	test_batch();
	test_budget();
	test_portion();
	test_portion_bytes(6, 3);
	test_portion_bytes(17, 4);
	test_patience(0x800);
	test_patience(0x86dd);
	test_starvation();
	test_long_packet();
	test_small_queue();
	test_held();
	test_single(true);
	test_single(false);
	test_link_lost();
	test_reset();
	return 0;
}
