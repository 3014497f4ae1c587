// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Packets of all lengths through a ring, from one thread to another: all arrive,
 * in order and unchanged, while each side waits for the other time and again.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "../../linux/lib/host.h"
#include "../../linux/lib/netdev/backend.h"
#include "../../linux/lib/netdev/ring.h"
#include "check.h"

#define PACKETS 200000

static struct ring ring = { .starved = 1 };

/* The reader sleeps while this is 0. */
static unsigned int woken;

/* The same on either side. */
static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* Most are short, some as long as they can be. */
static size_t length_of(uint32_t *state)
{
	static const size_t most[] = { 64, 1514, BACKEND_FRAME_MAX };
	uint32_t n = next_random(state);

	return VNET_HDR_LEN + n % most[n / 65536 % 16 ? n % 2 : 2];
}

static void *write_packets(void *arg)
{
	static uint8_t packet[BACKEND_FRAME_MAX + VNET_HDR_LEN];
	uint32_t state = 1;
	size_t len;
	int i;

	(void)arg;
	for (i = 0; i < PACKETS; i++) {
		len = length_of(&state);
		memset(packet, i, len);
		const struct iovec iov[] = {
			{ packet, VNET_HDR_LEN },
			{ packet + VNET_HDR_LEN, len - VNET_HDR_LEN },
		};
		while (!ring_put(&ring, iov, 2))
			host_futex_wait(&ring.blocked, 1, NULL);
		if (ring_wakes_reader(&ring)) {
			__atomic_store_n(&woken, 1, __ATOMIC_SEQ_CST);
			host_futex_wake(&woken, 1);
		}
	}
	return NULL;
}

/* Now and then it looks for a while before it sleeps. */
static uint8_t *wait_for_packet(size_t *len)
{
	static unsigned int waits;
	uint8_t *packet;
	int i;

	while (!(packet = ring_peek(&ring, len))) {
		if (++waits % 2) {
			ring_reader_looks(&ring);
			for (i = 0; i < 1000 && !ring_has_packets(&ring); i++)
				;
			continue;
		}
		host_futex_wait(&woken, 0, NULL);
		__atomic_store_n(&woken, 0, __ATOMIC_SEQ_CST);
	}
	return packet;
}

static void check(const uint8_t *packet, size_t len, size_t expected, uint8_t c)
{
	CHECK_EQ(len, expected);
	CHECK((uintptr_t)packet % 8 == 0);
	CHECK(packet[0] == c && !memcmp(packet, packet + 1, len - 1));
}

int main(void)
{
	uint32_t state = 1;
	uint8_t *packet;
	pthread_t writer;
	size_t len;
	int i;

	CHECK(!ring_peek(&ring, &len));
	CHECK(!pthread_create(&writer, NULL, write_packets, NULL));
	for (i = 0; i < PACKETS; i++) {
		packet = wait_for_packet(&len);
		check(packet, len, length_of(&state), i);
		if (ring_pop(&ring))
			host_futex_wake(&ring.blocked, 1);
	}
	pthread_join(writer, NULL);
	CHECK(!ring_peek(&ring, &len));
	puts("all packets arrived");
	return 0;
}
