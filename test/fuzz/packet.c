// SPDX-License-Identifier: GPL-2.0-or-later
/* See packet.h. Lengths, options, the order of headers are left to chance. */
#include <linux/if_ether.h>
#include <netinet/in.h>
#include "bytes.h"
#include "packet.h"

void put_ip4(struct frame *f, const struct wire *w, unsigned int last)
{
	put32(f, 10U << 24 | w->net << 8 | last);
}

static void put_ip6(struct frame *f, const struct wire *w, unsigned int last)
{
	put32(f, 0xfd000000 | w->net);
	put32(f, 0);
	put32(f, 0);
	put32(f, last);
}

/* Its own network, the other one, which it forwards to, and groups. */
static void put_to4(struct frame *f, const struct wire *w, uint64_t *state)
{
	struct wire other = { .net = !w->net };

	switch (random_below(state, 8)) {
	case 0:
	case 1:
		put_ip4(f, &other, PEER);
		break;
	case 2:
		put32(f, 0xe0000001);
		break;
	case 3:
		put32(f, one_in(state, 2) ? 0xffffffff : 0x7f000001);
		break;
	default:
		put_ip4(f, w, SELF);
	}
}

static void put_to6(struct frame *f, const struct wire *w, uint64_t *state)
{
	static const uint8_t all[16] = { 0xff, 2, [15] = 1 };
	struct wire other = { .net = !w->net };

	switch (random_below(state, 6)) {
	case 0:
	case 1:
		put_ip6(f, &other, PEER);
		break;
	case 2:
		put(f, all, 16);
		break;
	default:
		put_ip6(f, w, SELF);
	}
}

static size_t payload_length(uint64_t *state)
{
	switch (random_below(state, 8)) {
	case 0:
		return odd_number(state);
	case 1:
		return random_below(state, 9000);
	default:
		return random_below(state, 200);
	}
}

static void put_tcp(struct frame *f, const struct wire *w, uint64_t *state)
{
	static const uint8_t flags[] = { 0x02, 0x10, 0x18, 0x18, 0x11, 0x04,
					 0x12, 0xc2, 0x30 };
	unsigned int c = random_below(state, CONNECTIONS);
	unsigned int options = random_below(state, 11);

	put16(f, CLIENT_PORT + c);
	put16(f, SERVER_PORT);
	put32(f, w->seq[c] + (one_in(state, 3) ? odd_number(state) : 0));
	put32(f, w->ack[c]);
	put8(f, (5 + options) << 4);
	put8(f, flags[random_below(state, sizeof(flags))]);
	put16(f, one_in(state, 4) ? 0 : 65535);
	put32(f, 0);
	while (options--) {
		put8(f, random_below(state, 31));
		put8(f, random_below(state, 12));
		put16(f, random_below(state, 65536));
	}
	put_noise(f, state, payload_length(state));
}

static void put_udp(struct frame *f, const struct wire *w, uint64_t *state)
{
	static const uint16_t ports[] = { 7, 7, 53, 67, 68, 546, 4789, 51820 };
	size_t len = payload_length(state);

	(void)w;
	put16(f, 4000 + random_below(state, 4));
	put16(f, ports[random_below(state, 8)]);
	put16(f, 8 + len);
	put16(f, 0);
	put_noise(f, state, len);
}

static void put_ip4_packet(struct frame *f, const struct wire *w,
			   uint64_t *state, int depth);
static void put_ip6_packet(struct frame *f, const struct wire *w,
			   uint64_t *state, int depth);

static void put_icmp4(struct frame *f, const struct wire *w, uint64_t *state,
		      int depth)
{
	static const uint8_t types[] = { 8, 8, 0, 3, 4, 5, 11, 12, 13, 17 };

	put8(f, types[random_below(state, sizeof(types))]);
	put8(f, random_below(state, 6));
	put16(f, 0);
	put32(f, random_below(state, 3000));
	if (depth < 2 && one_in(state, 2))
		put_ip4_packet(f, w, state, depth + 1);
	else
		put_noise(f, state, payload_length(state));
}

/* Options of neighbour discovery (RFC 4861, 4.6). */
static void put_nd_options(struct frame *f, const struct wire *w,
			   uint64_t *state)
{
	static const uint8_t types[] = { 1, 2, 3, 4, 5, 14, 24, 25, 31 };
	int n = random_below(state, 5), len;

	while (n--) {
		put8(f, types[random_below(state, sizeof(types))]);
		len = random_below(state, 6);
		put8(f, len);
		if (len == 4) {
			put16(f, 0x40c0);
			put32(f, odd_number(state));
			put32(f, odd_number(state));
			put32(f, 0);
			put_ip6(f, w, 0);
		} else {
			put_noise(f, state, len ? len * 8 - 2 : 0);
		}
	}
}

static void put_icmp6(struct frame *f, const struct wire *w, uint64_t *state,
		      int depth)
{
	static const uint8_t types[] = { 128, 128, 1, 2, 3, 4, 130, 131, 133,
					 134, 135, 136, 137, 143 };
	unsigned int type = types[random_below(state, sizeof(types))];

	put8(f, type);
	put8(f, random_below(state, 4));
	put16(f, 0);
	put32(f, type == 134 ? 0x40000000 | odd_number(state) :
			       odd_number(state));
	if (type < 128 && depth < 2) {
		put_ip6_packet(f, w, state, depth + 1);
		return;
	}
	if (type == 134)
		put_noise(f, state, 8);
	else if (type >= 135 && type <= 137)
		put_ip6(f, w, one_in(state, 3) ? PEER : SELF);
	if (type >= 133 && type <= 137)
		put_nd_options(f, w, state);
	else
		put_noise(f, state, payload_length(state));
}

/* What comes behind the header of IP, whichever version that has. */
static void put_payload(struct frame *f, const struct wire *w, uint64_t *state,
			unsigned int protocol, int depth)
{
	switch (protocol) {
	case IPPROTO_TCP:
		put_tcp(f, w, state);
		break;
	case IPPROTO_UDP:
		put_udp(f, w, state);
		break;
	case IPPROTO_ICMP:
		put_icmp4(f, w, state, depth);
		break;
	case IPPROTO_ICMPV6:
		put_icmp6(f, w, state, depth);
		break;
	case IPPROTO_IPIP:
		if (depth < 2)
			put_ip4_packet(f, w, state, depth + 1);
		break;
	case IPPROTO_IPV6:
		if (depth < 2)
			put_ip6_packet(f, w, state, depth + 1);
		break;
	default:
		put_noise(f, state, payload_length(state));
	}
}

static void put_ip4_packet(struct frame *f, const struct wire *w,
			   uint64_t *state, int depth)
{
	static const uint8_t protocols[] = { 1, 2, 6, 6, 6, 17, 17, 4, 41, 47,
					     50, 132, 136 };
	unsigned int protocol = protocols[random_below(state,
						       sizeof(protocols))];
	unsigned int options = one_in(state, 4) ? random_below(state, 11) : 0;
	size_t start = f->len;

	put8(f, 0x45 + options);
	put8(f, random_below(state, 256));
	put16(f, 0);
	put16(f, random_below(state, 4));
	put16(f, !one_in(state, 6) ? 0x4000 :
		 random_below(state, 2) << 13 | random_below(state, 200));
	put8(f, 1 + random_below(state, 64));
	put8(f, protocol);
	put16(f, 0);
	put_ip4(f, w, PEER);
	put_to4(f, w, state);
	put_noise(f, state, options * 4);
	put_payload(f, w, state, protocol, depth);
	set16(f, start + 2, f->len - start);
}

static void put_ip6_packet(struct frame *f, const struct wire *w,
			   uint64_t *state, int depth)
{
	static const uint8_t protocols[] = { 6, 6, 17, 17, 58, 58, 58, 59, 4,
					     41, 132 };
	/* Hop-by-hop, routing, fragment, destination, authentication. */
	static const uint8_t extensions[] = { 0, 43, 44, 60, 51 };
	unsigned int protocol = protocols[random_below(state,
						       sizeof(protocols))];
	int n = one_in(state, 3) ? 1 + random_below(state, 3) : 0, words;
	size_t start = f->len, next = start + 6;
	unsigned int extension;

	put32(f, 6U << 28 | random_below(state, 1 << 24));
	put16(f, 0);
	put8(f, protocol);
	put8(f, 1 + random_below(state, 64));
	put_ip6(f, w, PEER);
	put_to6(f, w, state);
	while (n--) {
		extension = extensions[random_below(state, sizeof(extensions))];
		f->data[next] = extension;
		next = f->len;
		put8(f, protocol);
		words = extension == 44 ? 0 : random_below(state, 4);
		put8(f, words);
		if (extension == 44) {
			put16(f, random_below(state, 64) << 3 |
				 random_below(state, 2));
			put32(f, random_below(state, 4));
		} else {
			put_noise(f, state, 6 + words * 8);
		}
	}
	put_payload(f, w, state, protocol, depth);
	set16(f, start + 4, f->len - start - 40);
}

static void put_arp(struct frame *f, const struct wire *w, uint64_t *state)
{
	put16(f, 1);
	put16(f, ETH_P_IP);
	put16(f, 0x0604);
	put16(f, 1 + random_below(state, 4));
	put_noise(f, state, 6);
	put_ip4(f, w, one_in(state, 4) ? SELF : 2 + random_below(state, 6));
	put(f, w->mac, 6);
	put_ip4(f, w, SELF);
}

static void put_ethernet(struct frame *f, const struct wire *w,
			 uint64_t *state)
{
	static const uint8_t all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	static const uint8_t peer[6] = { 2, 0, 0, 0, 0, PEER };
	unsigned int tags = one_in(state, 6) ? 1 + random_below(state, 3) : 0;

	put(f, one_in(state, 6) ? all : w->mac, 6);
	put(f, peer, 6);
	while (tags--) {
		put16(f, one_in(state, 3) ? ETH_P_8021AD : ETH_P_8021Q);
		put16(f, one_in(state, 2) ? 5 : random_below(state, 65536));
	}
}

void put_packet(struct frame *f, const struct wire *w, uint64_t *state)
{
	static const uint16_t types[] = { ETH_P_PPP_SES, ETH_P_MPLS_UC,
					  ETH_P_PAUSE, ETH_P_LOOP, ETH_P_TEB,
					  ETH_P_NSH, ETH_P_BATMAN, 60 };

	f->len = 0;
	if (one_in(state, 50)) {
		put_noise(f, state, odd_number(state));
		return;
	}
	put_ethernet(f, w, state);
	switch (random_below(state, 10)) {
	case 0:
		put16(f, ETH_P_ARP);
		put_arp(f, w, state);
		break;
	case 1:
		put16(f, types[random_below(state, 8)]);
		put_noise(f, state, payload_length(state));
		break;
	case 2:
	case 3:
	case 4:
	case 5:
		put16(f, ETH_P_IPV6);
		put_ip6_packet(f, w, state, 0);
		break;
	default:
		put16(f, ETH_P_IP);
		put_ip4_packet(f, w, state, 0);
	}
}
