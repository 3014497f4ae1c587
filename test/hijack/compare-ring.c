// SPDX-License-Identifier: GPL-2.0-or-later
/* Rings of packet sockets in memory, of all three versions: what capturing programs read. */
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include "compare.h"

#define BLOCK 65536
#define BLOCKS 4
#define FRAME 2048

static int sender[2];

static int packet_socket(int type, int version)
{
	struct sockaddr_ll addr = { .sll_family = AF_PACKET,
				    .sll_protocol = htons(ETH_P_IP),
				    .sll_ifindex = if_nametoindex("lo") };
	/* IPv4 and UDP alone. */
	struct sock_filter udp[] = {
		{ 0x30, 0, 0, SKF_NET_OFF + 9 },	/* ldb the protocol */
		{ 0x15, 0, 1, IPPROTO_UDP },		/* jeq */
		{ 0x06, 0, 0, 0xffff },			/* ret all */
		{ 0x06, 0, 0, 0 },			/* ret none */
	};
	struct sock_fprog program = { 4, udp };
	int s = socket(AF_PACKET, type, 0);

	R(setsockopt(s, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)));
	R(setsockopt(s, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)));
	R(bind(s, (struct sockaddr *)&addr, sizeof(addr)));
	return s;
}

/* What the ring shows of one packet; addresses are those of lo. */
static void show(const char *frame, unsigned int len, unsigned int snaplen,
		 unsigned int mac, unsigned int net, size_t address)
{
	struct sockaddr_ll from;

	memcpy(&from, frame + address, sizeof(from));
	V(len);
	V(snaplen);
	V(mac);
	V(net);
	V(from.sll_family);
	V(ntohs(from.sll_protocol));
	V(from.sll_ifindex);
	V(from.sll_pkttype);
	V(from.sll_halen);
	if (net > mac)
		B(frame + mac, 14);
	V(frame[net]);
	if (snaplen > net - mac + 28)
		B(frame + net + 28, snaplen - (net - mac) - 28 > 16 ? 16
			: snaplen - (net - mac) - 28);
}

static void wait_for(int s)
{
	struct pollfd p = { s, POLLIN, 0 };

	if (poll(&p, 1, 5000) != 1)
		V(errno);
}

static void frames(int type, int version)
{
	struct tpacket_req req = { BLOCK, BLOCKS, FRAME, BLOCK / FRAME * BLOCKS };
	int s = packet_socket(type, version), i;
	unsigned int n = 0;
	char *ring, *frame;

	R(setsockopt(s, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)));
	ring = mmap(NULL, BLOCK * BLOCKS, PROT_READ | PROT_WRITE, MAP_SHARED, s,
		    0);
	V(ring != MAP_FAILED);
	/* Enough to go round the ring. */
	for (i = 0; i < 150; i++) {
		char text[32];
		struct tpacket_hdr *one;
		struct tpacket2_hdr *two;

		snprintf(text, sizeof(text), "packet %03d", i);
		send(sender[0], text, 10, 0);
		frame = ring + n / (BLOCK / FRAME) * BLOCK +
			n % (BLOCK / FRAME) * FRAME;
		one = (struct tpacket_hdr *)frame;
		two = (struct tpacket2_hdr *)frame;
		while (!(version == TPACKET_V1 ? one->tp_status
					       : two->tp_status))
			wait_for(s);
		if (i % 25 == 0 && version == TPACKET_V1) {
			V(one->tp_status & TP_STATUS_USER);
			V(one->tp_sec > 1700000000);
			show(frame, one->tp_len, one->tp_snaplen,
			     one->tp_mac, one->tp_net,
			     TPACKET_ALIGN(sizeof(*one)));
		} else if (i % 25 == 0) {
			V(two->tp_status & TP_STATUS_USER);
			V(two->tp_sec > 1700000000);
			V(two->tp_nsec < 1000000000);
			V(two->tp_vlan_tci);
			show(frame, two->tp_len, two->tp_snaplen,
			     two->tp_mac, two->tp_net,
			     TPACKET_ALIGN(sizeof(*two)));
		}
		/* Readable until it is given back. */
		if (i % 25 == 0)
			R(poll(&(struct pollfd){ s, POLLIN, 0 }, 1, 0));
		if (version == TPACKET_V1)
			one->tp_status = TP_STATUS_KERNEL;
		else
			two->tp_status = TP_STATUS_KERNEL;
		n = (n + 1) % req.tp_frame_nr;
		recv(sender[1], text, sizeof(text), 0);
	}
	/* Longer than a frame. */
	{
		static char big[5000], back[5000];

		send(sender[0], big, sizeof(big), 0);
		recv(sender[1], back, sizeof(back), 0);
		frame = ring + n / (BLOCK / FRAME) * BLOCK +
			n % (BLOCK / FRAME) * FRAME;
		while (!(version == TPACKET_V1
			 ? ((struct tpacket_hdr *)frame)->tp_status
			 : ((struct tpacket2_hdr *)frame)->tp_status))
			wait_for(s);
		if (version == TPACKET_V2) {
			V(((struct tpacket2_hdr *)frame)->tp_len);
			V(((struct tpacket2_hdr *)frame)->tp_snaplen);
		}
	}
	R(munmap(ring, BLOCK * BLOCKS));
	R(close(s));
}

static void blocks(void)
{
	struct tpacket_req3 req = { .tp_block_size = BLOCK,
				    .tp_block_nr = BLOCKS,
				    .tp_frame_size = FRAME,
				    .tp_frame_nr = BLOCK / FRAME * BLOCKS,
				    .tp_retire_blk_tov = 10,
				    .tp_sizeof_priv = 24 };
	int s = packet_socket(SOCK_RAW, TPACKET_V3), i, seen = 0, sum = 0;
	struct tpacket_stats_v3 stats;
	struct tpacket_block_desc *block;
	struct tpacket3_hdr *frame;
	socklen_t len = sizeof(stats);
	unsigned int n = 0, k, in_order = 0, last = 0;
	char *ring, text[1200] = "";

	R(setsockopt(s, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)));
	ring = mmap(NULL, BLOCK * BLOCKS, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_LOCKED, s, 0);
	V(ring != MAP_FAILED);
	for (i = 0; i < 500; i++) {
		send(sender[0], text, sizeof(text), 0);
		recv(sender[1], text, sizeof(text), 0);
		while (seen < i + 1 && (i % 10 == 9 || i == 499)) {
			block = (struct tpacket_block_desc *)(ring + n * BLOCK);
			while (!(block->hdr.bh1.block_status & TP_STATUS_USER))
				wait_for(s);
			in_order += block->hdr.bh1.seq_num > last;
			last = block->hdr.bh1.seq_num;
			if (!seen) {
				V(block->version);
				V(block->offset_to_priv);
				V(block->hdr.bh1.offset_to_first_pkt);
			}
			frame = (struct tpacket3_hdr *)
				((char *)block +
				 block->hdr.bh1.offset_to_first_pkt);
			for (k = 0; k < block->hdr.bh1.num_pkts; k++) {
				if (seen < 1)
					show((char *)frame, frame->tp_len,
					     frame->tp_snaplen, frame->tp_mac,
					     frame->tp_net,
					     TPACKET_ALIGN(sizeof(*frame)));
				sum += frame->tp_snaplen;
				seen++;
				frame = (struct tpacket3_hdr *)
					((char *)frame + frame->tp_next_offset);
			}
			block->hdr.bh1.block_status = TP_STATUS_KERNEL;
			n = (n + 1) % BLOCKS;
		}
	}
	V(seen);
	V(sum);
	V(in_order > 10);
	R(getsockopt(s, SOL_PACKET, PACKET_STATISTICS, &stats, &len));
	V(len);
	V(stats.tp_packets);
	V(stats.tp_drops);
	close(s);
}

/* More than a socket holds, less than the ring: all are there when one looks. */
static void burst(void)
{
	struct tpacket_req req = { BLOCK, 64, FRAME, BLOCK / FRAME * 64 };
	int version = TPACKET_V2, s = packet_socket(SOCK_RAW, version), i;
	unsigned int n, present = 0;
	struct tpacket2_hdr *frame;
	char data[1000] = "", *ring;
	struct tpacket_stats stats;
	socklen_t len = sizeof(stats);

	R(setsockopt(s, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)));
	ring = mmap(NULL, BLOCK * 64, PROT_READ | PROT_WRITE, MAP_SHARED, s, 0);
	V(ring != MAP_FAILED);
	for (i = 0; i < 800; i++) {
		send(sender[0], data, sizeof(data), 0);
		recv(sender[1], data, sizeof(data), 0);
	}
	for (n = 0; n < req.tp_frame_nr; n++) {
		frame = (struct tpacket2_hdr *)(ring + n * FRAME);
		if (!frame->tp_status && n < 800)
			wait_for(s);
		present += !!(frame->tp_status & TP_STATUS_USER);
	}
	V(present);
	R(getsockopt(s, SOL_PACKET, PACKET_STATISTICS, &stats, &len));
	V(stats.tp_drops);
	R(munmap(ring, BLOCK * 64));
	R(close(s));
}

static void by_epoll(void)
{
	struct tpacket_req req = { BLOCK, 1, FRAME, BLOCK / FRAME };
	struct epoll_event event = { .events = EPOLLIN };
	int s = packet_socket(SOCK_DGRAM, TPACKET_V2), ep = epoll_create1(0);
	struct tpacket2_hdr *frame;
	char *ring, c;

	R(setsockopt(s, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)));
	ring = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, s, 0);
	R(epoll_ctl(ep, EPOLL_CTL_ADD, s, &event));
	R(epoll_wait(ep, &event, 1, 0));
	R(send(sender[0], "e", 1, 0));
	R(recv(sender[1], &c, 1, 0));
	R(epoll_wait(ep, &event, 1, 5000));
	frame = (struct tpacket2_hdr *)ring;
	V(frame->tp_status & TP_STATUS_USER);
	show((char *)frame, frame->tp_len, frame->tp_snaplen, frame->tp_mac,
	     frame->tp_net, TPACKET_ALIGN(sizeof(*frame)));
	close(ep);
	close(s);
}

static void refusals(void)
{
	struct tpacket_req req = { BLOCK, BLOCKS, FRAME, 1 };
	int s = packet_socket(SOCK_RAW, TPACKET_V2), udp;

	R(setsockopt(s, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)));
	req.tp_frame_nr = BLOCK / FRAME * BLOCKS;
	req.tp_frame_size = 8;
	R(setsockopt(s, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)));
	req.tp_frame_size = FRAME + 1;
	R(setsockopt(s, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)));
	req.tp_frame_size = FRAME;
	req.tp_block_size = 1000;
	R(setsockopt(s, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)));
	R(setsockopt(s, SOL_PACKET, PACKET_RX_RING, &req, 4));
	V(mmap(NULL, BLOCK, PROT_READ, MAP_SHARED, s, 0) == MAP_FAILED);
	req.tp_block_size = BLOCK;
	R(setsockopt(s, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)));
	V(mmap(NULL, BLOCK, PROT_READ, MAP_SHARED, s, 0) == MAP_FAILED);
	V(errno);
	memset(&req, 0, sizeof(req));
	R(setsockopt(s, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)));
	close(s);
	udp = socket(AF_INET, SOCK_DGRAM, 0);
	R(setsockopt(udp, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)));
	close(udp);
}

void body(void)
{
	closefrom(3);
	udp_pair(sender);
	frames(SOCK_RAW, TPACKET_V1);
	frames(SOCK_RAW, TPACKET_V2);
	frames(SOCK_DGRAM, TPACKET_V2);
	blocks();
	burst();
	by_epoll();
	refusals();
}
