// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which connections the library is told to drop: those of which both ends were
 * sent and acknowledged, its own first, and no others.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <string.h>
#include "../../linux/lib/netdev/checksum.h"
#include "../../linux/lib/netdev/slirp_closed.h"
#include "check.h"

#define SYN 1
#define FIN 2
#define PORT 80

static struct slirp_closed closed;
static uint8_t frame[14 + 40 + 20 + 4];
static size_t len;
static bool v6;

static size_t ip_len(void)
{
	return v6 ? 40 : 20;
}

/* Makes a segment of a connection of LKL's port, from it or to it. */
static void make(int from_lkl, int port, uint32_t seq, uint32_t ack, int flags,
		 int data)
{
	uint8_t *ip = frame + 14;
	struct tcphdr tcp = {
		.source = htons(from_lkl ? port : PORT),
		.dest = htons(from_lkl ? PORT : port),
		.seq = htonl(seq),
		.ack_seq = htonl(ack),
		.doff = 5,
		.ack = !(flags & SYN),
		.syn = !!(flags & SYN),
		.fin = !!(flags & FIN),
	};

	memset(frame, 0, sizeof(frame));
	frame[12] = v6 ? 0x86 : 0x08;
	frame[13] = v6 ? 0xdd : 0x00;
	ip[0] = v6 ? 0x60 : 0x45;
	ip[v6 ? 6 : 9] = IPPROTO_TCP;
	ip[v6 ? 5 : 3] = (v6 ? 0 : 20) + 20 + data;
	ip[v6 ? 23 : 15] = from_lkl ? 15 : 1;
	ip[v6 ? 39 : 19] = from_lkl ? 1 : 15;
	memcpy(ip + ip_len(), &tcp, sizeof(tcp));
	len = 14 + ip_len() + 20 + data;
}

static void lkl(int port, uint32_t seq, uint32_t ack, int flags, int data)
{
	make(1, port, seq, ack, flags, data);
	slirp_closed_got(&closed, frame, len);
}

static void library(int port, uint32_t seq, uint32_t ack, int flags, int data)
{
	make(0, port, seq, ack, flags, data);
	slirp_closed_sent(&closed, frame, len);
}

static bool none(void)
{
	size_t n;

	return !slirp_closed_reset(&closed, &n);
}

/* Both ends, in the usual order. */
static void end(int port)
{
	library(port, 1000, 500, FIN, 4);
	lkl(port, 500, 1005, 0, 0);
	lkl(port, 500, 1005, FIN, 3);
	library(port, 1005, 504, 0, 0);
}

static void check_reset(void)
{
	const uint8_t *reset;
	uint32_t sum;
	struct tcphdr tcp;
	size_t n, addresses = v6 ? 8 : 12;

	end(4000);
	reset = slirp_closed_reset(&closed, &n);
	CHECK(reset);
	CHECK_EQ(n, 14 + ip_len() + 20);
	memcpy(&tcp, reset + 14 + ip_len(), sizeof(tcp));
	CHECK(tcp.rst && !tcp.fin && !tcp.syn);
	CHECK_EQ(ntohs(tcp.source), 4000);
	CHECK_EQ(ntohl(tcp.seq), 504);
	CHECK(v6 || checksum_sum(reset + 14, 20) == UINT16_MAX);
	sum = checksum_sum(reset + 14 + addresses, n - 14 - addresses) +
	      htons(IPPROTO_TCP) + htons(20);
	CHECK_EQ((sum & UINT16_MAX) + (sum >> 16), UINT16_MAX);
	CHECK(none());
}

static void check_others(void)
{
	/* LKL's end comes first: the library waits for nothing. */
	lkl(4001, 500, 1000, FIN, 0);
	library(4001, 1000, 501, 0, 0);
	library(4001, 1000, 501, FIN, 0);
	lkl(4001, 501, 1001, 0, 0);
	CHECK(none());
	/* They cross. */
	library(4002, 1000, 500, FIN, 0);
	lkl(4002, 500, 1000, FIN, 0);
	library(4002, 1001, 501, 0, 0);
	CHECK(none());
	/* Something before LKL's end is missing. */
	library(4003, 1000, 500, FIN, 0);
	lkl(4003, 600, 1001, FIN, 0);
	library(4003, 1001, 500, 0, 0);
	CHECK(none());
	lkl(4003, 500, 1001, 0, 4);
	library(4003, 1001, 601, 0, 0);
	CHECK(none());
	/* Another connection's acknowledgement. */
	library(4004, 1000, 500, FIN, 0);
	lkl(4004, 500, 1001, FIN, 0);
	library(4005, 1001, 501, 0, 0);
	CHECK(none());
	/* A new connection between the same ends. */
	end(4006);
	end(4007);
	lkl(4006, 9000, 0, SYN, 0);
	CHECK(!none());
	CHECK(none());
}

static void check_limits(void)
{
	size_t n;
	int i;

	for (i = 0; i < 2 * SLIRP_RESETS; i++)
		end(5000 + i);
	for (i = 0; !none(); i++)
		;
	CHECK_EQ(i, SLIRP_RESETS);
	/* Cut off anywhere, and lengths that lie. */
	make(1, 4000, 1, 1, FIN, 0);
	for (n = 0; n <= len; n++) {
		slirp_closed_got(&closed, frame, n);
		slirp_closed_sent(&closed, frame, n);
	}
	frame[14 + (v6 ? 4 : 2)] = 255;
	slirp_closed_got(&closed, frame, len);
	frame[14 + (v6 ? 4 : 2)] = 0;
	frame[14 + ip_len() + 12] = 0xf0;
	slirp_closed_got(&closed, frame, len);
	CHECK(none());
}

int main(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		v6 = i;
		memset(&closed, 0, sizeof(closed));
		check_reset();
		check_others();
		check_limits();
	}
	puts("those that have ended, and no others");
	return 0;
}
