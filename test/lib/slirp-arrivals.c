// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Datagrams behind one that libslirp reads: those of the same source follow it
 * with its headers, as they are; all else, and what there is no room for, stays
 * with the host.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "../../linux/lib/netdev/backend.h"
#include "../../linux/lib/netdev/checksum.h"
#include "../../linux/lib/netdev/network_order.h"
#include "../../linux/lib/netdev/slirp_arrivals.h"
#include "datagrams.h"

#define ETHERNET 14
#define LKL_PORT 4242

/* After so many turns in a row. */
#define ROW 4

static struct slirp_arrivals arrivals;
static struct ring ring;
static unsigned int turn;

static int family, ip_len;
static int lkl;			/* the library's socket */
static int peer, other;
static uint16_t peer_port;

/* Has @from send a datagram of @size bytes @fill to the library's socket. */
static void give(int from, size_t size, uint8_t fill)
{
	static uint8_t data[65507];
	struct sockaddr_storage to;
	socklen_t len = sizeof(to);

	memset(data, fill, size);
	CHECK(!getsockname(lkl, (struct sockaddr *)&to, &len));
	CHECK_EQ(sendto(from, data, size, 0, (struct sockaddr *)&to, len),
		 (ssize_t)size);
}

/* The frame that the library makes of a datagram, without its data. */
static size_t make(uint8_t *frame, size_t size)
{
	uint8_t *ip = frame + ETHERNET, *udp = ip + ip_len;
	bool v6 = family == AF_INET6;

	memset(frame, 0x52, ETHERNET);
	memset(ip, 0, ip_len + 8);
	write16(ip - 2, v6 ? 0x86dd : 0x0800);
	ip[0] = v6 ? 0x60 : 0x45;
	ip[v6 ? 6 : 9] = IPPROTO_UDP;
	ip[v6 ? 7 : 8] = 64;
	write16(ip + (v6 ? 4 : 2), (v6 ? 0 : ip_len) + 8 + size);
	CHECK_EQ(inet_pton(family, v6 ? "fec0::2" : "10.0.2.2",
			   ip + (v6 ? 8 : 12)), 1);
	CHECK_EQ(inet_pton(family, v6 ? "fec0::15" : "10.0.2.15",
			   ip + (v6 ? 24 : 16)), 1);
	write16(udp, peer_port);
	write16(udp + 2, LKL_PORT);
	write16(udp + 4, 8 + size);
	return ETHERNET + ip_len + 8 + size;
}

/* One turn of the library, with @frames for the datagram. Return: bytes behind. */
static size_t read_one(int frames)
{
	static uint8_t frame[ETHERNET + 40 + 8 + 65507];
	ssize_t size;
	size_t len;

	slirp_arrivals_begin(&arrivals, lkl, ++turn);
	size = recv(lkl, frame, sizeof(frame), MSG_DONTWAIT);
	CHECK(size >= 0);
	len = make(frame, size);
	while (frames--)
		slirp_arrivals_made(&arrivals, frame, len);
	return slirp_arrivals_end(&arrivals, &ring);
}

static void nothing_left(void)
{
	CHECK_EQ(recv(lkl, NULL, 0, MSG_DONTWAIT), -1);
}

/* Has the next begin a row anew. */
static void interrupt(void)
{
	turn += 2;
}

/* A row, so that the next turn looks behind what it reads. */
static void begin_row(void)
{
	int i;

	interrupt();
	for (i = 0; i < ROW; i++) {
		give(peer, 100, 0);
		give(peer, 100, 0);
		CHECK_EQ(read_one(1), 0);
		CHECK_EQ(recv(lkl, NULL, 0, MSG_DONTWAIT), 0);
	}
	nothing_left();
}

/* A packet in the ring, with all of its checksums. */
static void expect(size_t size, uint8_t fill)
{
	uint8_t frame[ETHERNET + 40 + 8], pseudo[4] = { 0, IPPROTO_UDP };
	size_t headers = ETHERNET + ip_len + 8, len, i;
	uint8_t *packet = ring_peek(&ring, &len), *ip, *udp;
	uint32_t sum;

	CHECK(packet);
	CHECK_EQ(len, VNET_HDR_LEN + headers + size);
	CHECK_EQ(packet[0], VNET_HDR_NEEDS_CSUM);
	checksum_complete(packet, len);
	make(frame, size);
	ip = packet + VNET_HDR_LEN + ETHERNET;
	udp = ip + ip_len;
	write16(pseudo + 2, 8 + size);
	sum = checksum_sum(udp, 8 + size) + checksum_sum(pseudo, 4) +
	      (family == AF_INET ? checksum_sum(ip + 12, 8) :
				   checksum_sum(ip + 8, 32));
	while (sum >> 16)
		sum = (sum & UINT16_MAX) + (sum >> 16);
	CHECK_EQ(sum, UINT16_MAX);
	memset(udp + 6, 0, 2);
	if (family == AF_INET) {
		CHECK_EQ(checksum_sum(ip, ip_len), UINT16_MAX);
		memset(ip + 10, 0, 2);
	}
	CHECK(!memcmp(packet + VNET_HDR_LEN, frame, headers));
	for (i = 0; i < size; i++)
		CHECK_EQ(udp[8 + i], fill);
	ring_pop(&ring);
}

static void expect_none(void)
{
	size_t len;

	CHECK(!ring_peek(&ring, &len));
}

/* As many as there are, of all sizes. */
static void test_following(void)
{
	static const size_t sizes[] = { 1000, 0, 1, 1472, 8972, 33 };
	const size_t n = sizeof(sizes) / sizeof(sizes[0]);
	size_t i;

	begin_row();
	for (i = 0; i < n; i++)
		give(peer, sizes[i], i + 1);
	CHECK(read_one(1) > 0);
	for (i = 1; i < n; i++)
		expect(sizes[i], i + 1);
	expect_none();
	nothing_left();
}

/* Requests and replies are not looked behind: it would be in vain. */
static void test_rows(void)
{
	int i;

	for (i = 0; i < 10; i++) {
		interrupt();
		give(peer, 10, 0);
		give(peer, 10, 0);
		CHECK_EQ(read_one(1), 0);
		CHECK_EQ(recv(lkl, NULL, 0, MSG_DONTWAIT), 0);
	}
	/* After a look in vain it takes a row again. */
	begin_row();
	give(peer, 10, 0);
	CHECK_EQ(read_one(1), 0);
	give(peer, 10, 0);
	give(peer, 10, 0);
	CHECK_EQ(read_one(1), 0);
	CHECK_EQ(recv(lkl, NULL, 0, MSG_DONTWAIT), 0);
	expect_none();
}

/* What the library is to look at. */
static void test_others(void)
{
	begin_row();
	give(peer, 10, 0);
	give(peer, 20, 1);
	give(other, 30, 2);
	give(peer, 40, 3);
	CHECK(read_one(1) > 0);
	expect(20, 1);
	expect_none();
	CHECK_EQ(recv(lkl, NULL, 0, MSG_DONTWAIT | MSG_TRUNC), 30);
	CHECK_EQ(recv(lkl, NULL, 0, MSG_DONTWAIT | MSG_TRUNC), 40);
	nothing_left();

	/* Longer than the interface's MTU: in fragments. */
	begin_row();
	give(peer, 10, 0);
	give(peer, 65500, 1);
	CHECK_EQ(read_one(1), 0);
	CHECK_EQ(recv(lkl, NULL, 0, MSG_DONTWAIT | MSG_TRUNC), 65500);

	/* It has made nothing of it, or of others, too. */
	begin_row();
	give(peer, 10, 0);
	give(peer, 10, 0);
	CHECK_EQ(read_one(0), 0);
	CHECK_EQ(recv(lkl, NULL, 0, MSG_DONTWAIT), 0);
	begin_row();
	give(peer, 10, 0);
	give(peer, 10, 0);
	CHECK_EQ(read_one(2), 0);
	CHECK_EQ(recv(lkl, NULL, 0, MSG_DONTWAIT), 0);

	/* What it has made is of something else. */
	begin_row();
	give(peer, 10, 0);
	give(peer, 10, 0);
	peer_port ^= 1;
	CHECK_EQ(read_one(1), 0);
	peer_port ^= 1;
	CHECK_EQ(recv(lkl, NULL, 0, MSG_DONTWAIT), 0);
	expect_none();
	nothing_left();
}

/* While nobody reads the ring all of it stays with the host. */
static void test_full(void)
{
	const int size = 8000, count = 2 * RING_BYTES / size;
	int bytes = 4 << 20, i, n, taken = 0;

	setsockopt(lkl, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	begin_row();
	for (i = 0; i < 3 * ROW; i++)
		give(peer, size, i);
	CHECK(read_one(1) > 0);
	for (i = 1; i < 3 * ROW; i++)
		expect(size, i);
	/* Now more than it holds, or as much as the host does. */
	for (i = 0; i < count; i++)
		give(peer, size, i);
	for (n = 0; n < count; n += taken) {
		read_one(1);
		for (taken = 1; ring_has_packets(&ring); taken++)
			expect(size, n + taken);
		if (recv(lkl, NULL, 0, MSG_PEEK | MSG_DONTWAIT) < 0)
			break;
	}
	expect_none();
	nothing_left();
}

static void test_family(int which, int len)
{
	uint16_t port;

	family = which;
	ip_len = len;
	lkl = open_datagrams(family, &port);
	if (lkl < 0) {
		fprintf(stderr, "no family %d here\n", which);
		return;
	}
	peer = open_datagrams(family, &peer_port);
	other = open_datagrams(family, &port);
	test_following();
	test_rows();
	test_others();
	test_full();
	close(lkl);
	close(peer);
	close(other);
}

int main(void)
{
	ring.starved = 1;
	test_family(AF_INET, 20);
	test_family(AF_INET6, 40);
	return 0;
}
