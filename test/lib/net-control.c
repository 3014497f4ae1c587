// SPDX-License-Identifier: GPL-2.0-or-later
/* The control queue of a network device, and which offloads it offers. */
#include <string.h>
#include "check.h"
#include "netpair.h"

static struct netpair pair;

/* One command. Its answer: 0 is fine, 1 an error. */
static int command(uint8_t class, uint8_t cmd, const void *data, size_t len)
{
	struct queue *q = &pair.queues[VIRTIO_NET_CTRLQ];
	uint8_t *p = ram_get(16 + len);
	struct buffer b[] = {
		{ p, 2, false },
		{ p + 16, len, false },
		{ p + 2, 1, true },
	};
	struct virtq_used_elem elem;

	p[0] = class;
	p[1] = cmd;
	p[2] = 0xff;
	memcpy(p + 16, data, len);
	queue_add_indirect(q, b, 3);
	CHECK(queue_kick(q));
	CHECK(queue_take(q, &elem));
	CHECK_EQ(elem.len, 1);
	return p[2];
}

static void test_commands(void)
{
	const uint64_t tso = VIRTIO_NET_F_GUEST_CSUM | VIRTIO_NET_F_GUEST_TSO4;
	const uint64_t features = tso | VIRTIO_NET_F_CTRL_GUEST_OFFLOADS |
				  VIRTIO_NET_F_CTRL_VQ;
	static const uint8_t mac[6] = { 2, 9, 8, 7, 6, 5 };
	static const uint8_t long_data[100];
	uint64_t none = 0, other = VIRTIO_NET_F_GUEST_TSO6;

	netpair_open(&pair, true, features, 64);
	CHECK(driver_offered(&pair.net->dev) & VIRTIO_NET_F_CTRL_VQ);
	netpair_start(&pair, features | VIRTIO_NET_F_CTRL_MAC_ADDR, 64);
	CHECK_EQ(pair.offloads, tso);

	CHECK_EQ(command(5, 0, &none, 8), 0);
	CHECK_EQ(pair.offloads, 0);
	CHECK_EQ(command(5, 0, &tso, 8), 0);
	CHECK_EQ(pair.offloads, tso);
	CHECK_EQ(command(5, 0, &other, 8), 1);	/* was not accepted */
	CHECK_EQ(command(5, 0, &none, 7), 1);
	CHECK_EQ(command(5, 0, long_data, 100), 1);
	CHECK_EQ(pair.offloads, tso);
	CHECK_EQ(command(1, 1, mac, 6), 0);
	CHECK_EQ(memcmp(pair.net->config.mac, mac, 6), 0);
	CHECK_EQ(command(200, 0, mac, 6), 1);
	netpair_close(&pair);

	/* A command whose feature was not accepted. */
	netpair_open(&pair, true, features, 64);
	netpair_start(&pair, tso | VIRTIO_NET_F_CTRL_VQ, 64);
	CHECK_EQ(command(5, 0, &none, 8), 1);
	CHECK_EQ(command(1, 1, mac, 6), 1);
	netpair_close(&pair);
}

/* 5.1.3.1: no feature without those that it needs. */
static void test_dependencies(void)
{
	static const struct {
		uint64_t asked, offered;
	} cases[] = {
		{ 0x0, 0x0 },
		{ 0x8002, 0x8002 },
		{ 0xc803, 0xc803 },
		{ 1 << 7, 0 },			/* TSO needs checksums, ... */
		{ 1 << 11, 0 },
		{ 1 << 9 | 1 << 1, 1 << 1 },	/* ... ECN needs TSO */
		{ 1 << 9 | 1 << 8 | 1 << 1, 1 << 9 | 1 << 8 | 1 << 1 },
		{ 1 << 9 | 1 << 8, 0 },
		{ 1ULL << 56 | 1, 1ULL << 56 | 1 },
		{ 1ULL << 56, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		netpair_open(&pair, true, cases[i].asked, 64);
		CHECK_EQ(driver_offered(&pair.net->dev) & VIRTIO_NET_OFFLOADS,
			 cases[i].offered);
		netpair_close(&pair);
	}
}

int main(void)
{
	test_commands();
	test_dependencies();
	return 0;
}
