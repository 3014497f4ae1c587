// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frames that are nearly right, see frame.h: one is put together of headers that
 * fit, some of its bytes are changed, and most of the time its checksums are
 * made right again, so that it gets deeper than the first of them.
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/virtio_net.h>
#include <netinet/in.h>
#include <string.h>
#include "frame.h"

#define PING_ID 0xbeef

/* In case the headers are older: Linux 6.2. */
#ifndef VIRTIO_NET_HDR_GSO_UDP_L4
#define VIRTIO_NET_HDR_GSO_UDP_L4 5
#endif

enum { ICMP4 = IPPROTO_ICMP, ICMP6 = IPPROTO_ICMPV6 };

/* Where headers are in a frame; 0 for none. */
struct places {
	size_t l3;
	size_t l4;
	unsigned int protocol;
	bool v6;
};

uint32_t random_below(uint64_t *state, uint32_t n)
{
	/* Marsaglia's xorshift64*. */
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return n ? (*state * 0x2545f4914f6cdd1dULL >> 32) % n : 0;
}

static bool one_in(uint64_t *state, uint32_t n)
{
	return !random_below(state, n);
}

/* A length that somebody may have got wrong. */
static uint32_t odd_number(uint64_t *state)
{
	static const uint32_t odd[] = {
		0, 1, 2, 7, 8, 13, 14, 20, 21, 40, 54, 60, 127, 128, 255, 256,
		536, 1448, 1500, 1514, 2047, 2048, 4096, 16384, 32767, 32768,
		65517, 65535,
	};

	return one_in(state, 3) ? random_below(state, 65536) :
	       odd[random_below(state, sizeof(odd) / sizeof(odd[0]))];
}

/* ------------------------------------------------------------------------ */
/* Putting together                                                          */

static void put(struct frame *f, const void *bytes, size_t len)
{
	if (len > sizeof(f->data) - f->len)
		len = sizeof(f->data) - f->len;
	memcpy(f->data + f->len, bytes, len);
	f->len += len;
}

static void put8(struct frame *f, unsigned int value)
{
	uint8_t byte = value;

	put(f, &byte, 1);
}

static void put16(struct frame *f, unsigned int value)
{
	put8(f, value >> 8);
	put8(f, value);
}

static void put32(struct frame *f, uint32_t value)
{
	put16(f, value >> 16);
	put16(f, value);
}

static void put_noise(struct frame *f, uint64_t *state, size_t len)
{
	while (len--)
		put8(f, random_below(state, 256));
}

static void set16(struct frame *f, size_t at, unsigned int value)
{
	if (at + 2 > f->len)
		return;
	f->data[at] = value >> 8;
	f->data[at + 1] = value;
}

static void put_ip4(struct frame *f, const struct wire *w, unsigned int last)
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
	switch (protocol) {
	case IPPROTO_TCP:
		put_tcp(f, w, state);
		break;
	case IPPROTO_UDP:
		put_udp(f, w, state);
		break;
	case ICMP4:
		put_icmp4(f, w, state, depth);
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
	switch (protocol) {
	case IPPROTO_TCP:
		put_tcp(f, w, state);
		break;
	case IPPROTO_UDP:
		put_udp(f, w, state);
		break;
	case ICMP6:
		put_icmp6(f, w, state, depth);
		break;
	default:
		put_noise(f, state, payload_length(state));
	}
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

static void put_frame(struct frame *f, const struct wire *w, uint64_t *state)
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

/* ------------------------------------------------------------------------ */
/* Checksums                                                                 */

static unsigned int get16(const uint8_t *data, size_t at)
{
	return data[at] << 8 | data[at + 1];
}

static uint32_t get32(const uint8_t *data, size_t at)
{
	return (uint32_t)get16(data, at) << 16 | get16(data, at + 2);
}

/* Finds the headers as far as they are there. */
static struct places locate(const uint8_t *data, size_t len)
{
	struct places p = { 0 };
	size_t at = 12;

	while (at + 2 <= len && (get16(data, at) == ETH_P_8021Q ||
				 get16(data, at) == ETH_P_8021AD))
		at += 4;
	if (at + 2 > len)
		return p;
	p.v6 = get16(data, at) == ETH_P_IPV6;
	if (!p.v6 && get16(data, at) != ETH_P_IP)
		return p;
	at += 2;
	if (at + (p.v6 ? 40 : 20) > len)
		return p;
	p.l3 = at;
	p.protocol = data[at + (p.v6 ? 6 : 9)];
	at += p.v6 ? 40 : (data[at] & 15) * 4;
	if (at + 8 <= len)
		p.l4 = at;
	return p;
}

static uint32_t sum(const uint8_t *data, size_t len, uint32_t start)
{
	for (; len > 1; len -= 2, data += 2)
		start += get16(data, 0);
	if (len)
		start += *data << 8;
	return (start & 0xffff) + (start >> 16);
}

static unsigned int fold(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return total;
}

static size_t checksum_offset(unsigned int protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
		return 16;
	case IPPROTO_UDP:
		return 6;
	case ICMP4:
	case ICMP6:
		return 2;
	default:
		return 0;
	}
}

/* @open: only the pseudo header's, for whoever completes it. */
static void set_checksums(struct frame *f, bool open)
{
	struct places p = locate(f->data, f->len);
	size_t header = p.l4 - p.l3, offset = checksum_offset(p.protocol);
	uint32_t total;

	if (!p.l3)
		return;
	if (!p.v6 && header >= 20 && p.l4) {
		set16(f, p.l3 + 10, 0);
		set16(f, p.l3 + 10, ~fold(sum(f->data + p.l3, header, 0)));
	}
	if (!p.l4 || !offset)
		return;
	set16(f, p.l4 + offset, 0);
	total = p.protocol == ICMP4 ? 0 :
		sum(f->data + p.l3 + (p.v6 ? 8 : 12), p.v6 ? 32 : 8,
		    p.protocol + (f->len - p.l4));
	if (!open)
		total = sum(f->data + p.l4, f->len - p.l4, fold(total));
	set16(f, p.l4 + offset, open ? fold(total) : ~fold(total));
}

/* ------------------------------------------------------------------------ */
/* Making it wrong                                                           */

static void mutate(struct frame *f, uint64_t *state)
{
	/* Headers are at the start. */
	size_t reach = f->len < 100 || one_in(state, 8) ? f->len : 100;
	size_t at = random_below(state, reach);

	if (!f->len)
		return;
	switch (random_below(state, 6)) {
	case 0:
		f->data[at] ^= 1 << random_below(state, 8);
		break;
	case 1:
		f->data[at] = random_below(state, 256);
		break;
	case 2:
		set16(f, at, odd_number(state));
		break;
	case 3:
		f->len = random_below(state, f->len + 1);
		break;
	case 4:
		put_noise(f, state, odd_number(state));
		break;
	case 5:
		put(f, f->data + at, f->len - at);
		break;
	}
}

/* The header before the frame: one that suits, or what nobody would send. */
static void make_vnet(struct frame *f, uint64_t *state)
{
	static const uint8_t types[] = { 0, 1, 3, 4, 5, 0x81, 0x84, 0x80, 2, 6 };
	struct places p = locate(f->data, f->len);
	struct virtio_net_hdr_v1 h = { 0 };
	size_t offset = checksum_offset(p.protocol);

	if (p.l4 && offset && one_in(state, 2)) {
		h.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		h.csum_start = p.l4;
		h.csum_offset = offset;
		set_checksums(f, true);
		if (one_in(state, 2)) {
			h.gso_type = p.protocol == IPPROTO_UDP ?
				     VIRTIO_NET_HDR_GSO_UDP_L4 : p.v6 ?
				     VIRTIO_NET_HDR_GSO_TCPV6 :
				     VIRTIO_NET_HDR_GSO_TCPV4;
			h.gso_size = one_in(state, 2) ? 1400 :
				     odd_number(state);
			h.hdr_len = p.l4 + (p.protocol == IPPROTO_UDP ? 8 : 20);
		}
	}
	if (one_in(state, 3))
		h.flags = random_below(state, one_in(state, 4) ? 256 : 4);
	if (one_in(state, 4))
		h.gso_type = types[random_below(state, sizeof(types))];
	if (one_in(state, 4))
		h.gso_size = odd_number(state);
	if (one_in(state, 4))
		h.csum_start = odd_number(state);
	if (one_in(state, 4))
		h.csum_offset = odd_number(state);
	if (one_in(state, 4))
		h.hdr_len = odd_number(state);
	h.num_buffers = odd_number(state);
	memcpy(f->vnet, &h, sizeof(f->vnet));
}

void frame_make(struct frame *f, const struct wire *w, uint64_t *state)
{
	int n;

	put_frame(f, w, state);
	for (n = random_below(state, 4); n; n--)
		mutate(f, state);
	if (!one_in(state, 5))
		set_checksums(f, false);
	make_vnet(f, state);
	if (one_in(state, 10))
		mutate(f, state);
}

/* ------------------------------------------------------------------------ */
/* What comes back                                                           */

/* The headers of a frame that is right, before @len bytes of @protocol. */
static void put_right(struct frame *f, const struct wire *w,
		      unsigned int protocol, size_t len)
{
	static const uint8_t peer[6] = { 2, 0, 0, 0, 0, PEER };

	memset(f->vnet, 0, sizeof(f->vnet));
	f->len = 0;
	put(f, w->mac, 6);
	put(f, peer, 6);
	put16(f, ETH_P_IP);
	put32(f, 0x45000000 | (20 + len));
	put32(f, 0);
	put32(f, 64U << 24 | protocol << 16);
	put_ip4(f, w, PEER);
	put_ip4(f, w, SELF);
}

void frame_tcp(struct frame *f, const struct wire *w, unsigned int c,
	       unsigned int flags)
{
	put_right(f, w, IPPROTO_TCP, 20);
	put16(f, CLIENT_PORT + c);
	put16(f, SERVER_PORT);
	put32(f, w->seq[c]);
	put32(f, w->ack[c]);
	put16(f, 5 << 12 | flags);
	put16(f, 65535);
	put32(f, 0);
	set_checksums(f, false);
}

void frame_ping(struct frame *f, const struct wire *w, uint16_t number)
{
	put_right(f, w, ICMP4, 8);
	put32(f, 8U << 24);
	put16(f, PING_ID);
	put16(f, number);
	set_checksums(f, false);
}

bool frame_is_pong(const uint8_t *data, size_t len, uint16_t number)
{
	struct places p = locate(data, len);

	return p.l4 && !p.v6 && p.protocol == ICMP4 && !data[p.l4] &&
	       get16(data, p.l4 + 4) == PING_ID &&
	       get16(data, p.l4 + 6) == number;
}

void frame_learn(const uint8_t *data, size_t len, struct wire *w)
{
	struct places p = locate(data, len);
	unsigned int c;
	size_t end;

	if (!p.l4 || p.protocol != IPPROTO_TCP || p.l4 + 20 > len)
		return;
	c = get16(data, p.l4 + 2) - CLIENT_PORT;
	/* What it resets was none. */
	if (c >= CONNECTIONS || data[p.l4 + 13] & 4)
		return;
	end = p.l4 + (data[p.l4 + 12] >> 4) * 4;
	w->seq[c] = get32(data, p.l4 + 8);
	/* SYN and FIN count, too. */
	w->ack[c] = get32(data, p.l4 + 4) + (end < len ? len - end : 0) +
		    !!(data[p.l4 + 13] & 3);
}
