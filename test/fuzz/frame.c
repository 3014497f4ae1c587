// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frames that are nearly right, see frame.h: some bytes of a packet that fits
 * are changed, and most of the time its checksums are made right again, so that
 * it gets deeper than the first of them.
 */
#include <linux/if_ether.h>
#include <linux/virtio_net.h>
#include <netinet/in.h>
#include <string.h>
#include "bytes.h"
#include "packet.h"

#define PING_ID 0xbeef

/* In case the headers are older: Linux 6.2. */
#ifndef VIRTIO_NET_HDR_GSO_UDP_L4
#define VIRTIO_NET_HDR_GSO_UDP_L4 5
#endif

/* Where headers are in a frame; 0 for none. */
struct places {
	size_t l3;
	size_t l4;
	unsigned int protocol;
	bool v6;
};

/* ------------------------------------------------------------------------ */
/* Checksums                                                                 */

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
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
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
	total = p.protocol == IPPROTO_ICMP ? 0 :
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
	static const uint8_t types[] = { 0, 1, 3, 4, 5, 0x81, 0x84, 0x80, 2,
					 6 };
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

	put_packet(f, w, state);
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
	put_right(f, w, IPPROTO_ICMP, 8);
	put32(f, 8U << 24);
	put16(f, PING_ID);
	put16(f, number);
	set_checksums(f, false);
}

bool frame_is_pong(const uint8_t *data, size_t len, uint16_t number)
{
	struct places p = locate(data, len);

	return p.l4 && !p.v6 && p.protocol == IPPROTO_ICMP && !data[p.l4] &&
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
