// SPDX-License-Identifier: GPL-2.0-only
/* Connections that have ended, see slirp_closed.h. */
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include "checksum.h"
#include "network_order.h"
#include "slirp_closed.h"

#define TCP_LEN 20		/* without options */
#define PORT_LEN 2

/* Kinds of network layers, and where their headers have what is looked at. */
static const struct network {
	uint16_t type;		/* of Ethernet */
	uint8_t first;		/* byte of the header: version and the like */
	uint8_t mask;
	uint8_t len;		/* of the header */
	uint8_t protocol;
	uint8_t length;
	uint8_t length_without;	/* what the length does not count */
	uint8_t addresses;
	uint8_t address_len;
} networks[] = {
	{ ETH_P_IP, 0x45, 0xff, 20, 9, 2, 0, 12, 4 },
	{ ETH_P_IPV6, 0x60, 0xf0, 40, 6, 4, 40, 8, 16 },
};

/**
 * struct segment - a TCP segment in a frame
 * @ip, @tcp: its headers.
 * @next: sequence number behind it.
 */
struct segment {
	const struct network *network;
	const uint8_t *ip;
	struct tcphdr tcp;
	uint32_t next;
};

static const struct network *network_of(const uint8_t *frame, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(networks) / sizeof(networks[0]); i++)
		if (len >= ETH_HLEN + (size_t)networks[i].len + TCP_LEN &&
		    read16(frame + 2 * ETH_ALEN) == networks[i].type)
			return &networks[i];
	return NULL;
}

/* Whether the frame has a whole segment. */
static bool read_segment(const uint8_t *frame, size_t len, struct segment *s)
{
	const struct network *n = network_of(frame, len);
	size_t total, headers;

	if (!n)
		return false;
	s->network = n;
	s->ip = frame + ETH_HLEN;
	if ((s->ip[0] & n->mask) != n->first ||
	    s->ip[n->protocol] != IPPROTO_TCP)
		return false;
	memcpy(&s->tcp, s->ip + n->len, sizeof(s->tcp));
	total = read16(s->ip + n->length) + n->length_without;
	headers = n->len + 4 * s->tcp.doff;
	if (total < headers || ETH_HLEN + total > len)
		return false;
	s->next = ntohl(s->tcp.seq) + (total - headers) + s->tcp.syn +
		  s->tcp.fin;
	return true;
}

/* @from: whose addresses and ports come first in the segment: 0 for LKL. */
static struct slirp_ends ends_of(const struct segment *s, int from)
{
	const struct network *n = s->network;
	const uint8_t *ports = s->ip + n->len;
	struct slirp_ends ends = { { 0 } };
	uint8_t *to = ends.bytes;
	int i;

	for (i = 0; i < 2; i++, from ^= 1) {
		memcpy(to, s->ip + n->addresses + from * n->address_len,
		       n->address_len);
		to += n->address_len;
		memcpy(to, ports + from * PORT_LEN, PORT_LEN);
		to += PORT_LEN;
	}
	return ends;
}

static bool are_same(const struct slirp_ends *a, const struct slirp_ends *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/* Where such a connection is noted; a later one of the same place replaces it. */
static unsigned int place_of(const struct slirp_ends *ends)
{
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i < sizeof(ends->bytes); i++)
		sum = sum * 31 + ends->bytes[i];
	return (sum ^ sum >> 16) % SLIRP_CLOSING;
}

void slirp_closed_sent(struct slirp_closed *c, const uint8_t *frame, size_t len)
{
	struct slirp_ends ends;
	unsigned int place;
	struct segment s;

	if (!read_segment(frame, len, &s) || !(s.tcp.fin || c->is_waiting))
		return;
	ends = ends_of(&s, 1);
	if (s.tcp.fin) {
		place = place_of(&ends);
		c->closing[place].ends = ends;
		c->closing[place].acknowledged = s.next;
	}
	if (c->is_waiting && s.tcp.ack && are_same(&ends, &c->last.ends) &&
	    ntohl(s.tcp.ack_seq) == c->last.next) {
		c->is_waiting = false;
		if (c->count < SLIRP_RESETS)
			c->resets[c->count++] = c->last;
	}
}

/* Turns the headers of LKL's last segment into those of a reset behind it. */
static void make_reset(struct slirp_reset *reset, const struct segment *s)
{
	const struct network *n = s->network;
	struct tcphdr tcp = {
		.source = s->tcp.source,
		.dest = s->tcp.dest,
		.seq = htonl(s->next),
		.ack_seq = s->tcp.ack_seq,
		.doff = TCP_LEN / 4,
		.rst = 1,
		.ack = 1,
	};
	uint8_t *ip = reset->frame + ETH_HLEN;
	uint32_t sum;
	uint16_t ip_sum;

	reset->next = s->next;
	reset->len = ETH_HLEN + n->len + TCP_LEN;
	memcpy(reset->frame, s->ip - ETH_HLEN, ETH_HLEN + n->len);
	write16(ip + n->length, n->len + TCP_LEN - n->length_without);
	if (n->type == ETH_P_IP) {
		memset(ip + 10, 0, 2);
		ip_sum = ~checksum_sum(ip, n->len);
		memcpy(ip + 10, &ip_sum, sizeof(ip_sum));
	}
	memcpy(ip + n->len, &tcp, TCP_LEN);
	/* With the pseudo-header: addresses, protocol, length. */
	sum = checksum_sum(ip + n->addresses, 2 * n->address_len + TCP_LEN) +
	      htons(IPPROTO_TCP) + htons(TCP_LEN);
	sum = (sum & UINT16_MAX) + (sum >> 16);
	tcp.check = ~((sum & UINT16_MAX) + (sum >> 16));
	memcpy(ip + n->len, &tcp, TCP_LEN);
}

/* A new connection between the same ends: the old one is forgotten by that. */
static void forget(struct slirp_closed *c, const struct slirp_ends *ends)
{
	unsigned int i = 0;

	while (i < c->count)
		if (are_same(&c->resets[i].ends, ends))
			c->resets[i] = c->resets[--c->count];
		else
			i++;
}

void slirp_closed_got(struct slirp_closed *c, const uint8_t *frame, size_t len)
{
	struct slirp_ends ends;
	unsigned int place;
	struct segment s;

	c->is_waiting = false;
	if (!read_segment(frame, len, &s) || !(s.tcp.fin || s.tcp.syn))
		return;
	ends = ends_of(&s, 0);
	if (s.tcp.syn) {
		forget(c, &ends);
		return;
	}
	/* It is the second end only where the first has arrived. */
	place = place_of(&ends);
	if (!s.tcp.ack || !are_same(&c->closing[place].ends, &ends) ||
	    ntohl(s.tcp.ack_seq) != c->closing[place].acknowledged)
		return;
	c->last.ends = ends;
	make_reset(&c->last, &s);
	c->is_waiting = true;
}

const uint8_t *slirp_closed_reset(struct slirp_closed *c, size_t *len)
{
	if (!c->count)
		return NULL;
	c->count--;
	*len = c->resets[c->count].len;
	return c->resets[c->count].frame;
}
