// SPDX-License-Identifier: GPL-2.0-only
/* Datagrams in a row that the host has for LKL, see slirp_arrivals.h. */
#include <errno.h>
#include <linux/if_ether.h>
#include <string.h>
#include <sys/socket.h>
#include "../host.h"
#include "backend.h"
#include "checksum.h"
#include "network_order.h"
#include "slirp_arrivals.h"
#include "slirp_udp.h"
#include "user_net.h"

/* Turns in a row with a datagram, before it is asked whether others follow. */
#define ROW_NEEDED 4

/* Those that follow one, at most. */
#define FOLLOWING_MAX 64

/* Of struct virtio_net_hdr_v1 (5.1.6). */
#define CSUM_START 6
#define CSUM_OFFSET 8

/* Of IPv4 and of IPv6. */
#define IPV4_LENGTH 2
#define IPV4_SUM 10
#define IPV6_LENGTH 4

#define UDP_LENGTH 4

/*
 * Looks at the next datagram. Return: bytes of its data, or a negative errno.
 * @from is of either family, zero behind its end.
 */
static ssize_t peek(int fd, struct sockaddr_in6 *from)
{
	struct msghdr msg = {
		.msg_name = from,
		.msg_namelen = sizeof(*from),
	};

	memset(from, 0, sizeof(*from));
	return host_recvmsg(fd, &msg, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
}

static struct slirp_stream *stream_of(struct slirp_arrivals *a)
{
	return &a->streams[a->fd % SLIRP_STREAMS];
}

void slirp_arrivals_begin(struct slirp_arrivals *a, int fd, unsigned int turn)
{
	const struct slirp_stream *stream;
	ssize_t size;

	a->fd = fd;
	a->turn = turn;
	a->is_open = true;
	a->is_expected = false;
	a->frames = 0;
	a->headers_len = 0;
	stream = stream_of(a);
	if (stream->fd == fd && stream->turn == turn - 1 &&
	    stream->row >= ROW_NEEDED) {
		size = peek(fd, &a->from);
		a->is_expected = size >= 0;
		a->size = size;
	}
}

void slirp_arrivals_made(struct slirp_arrivals *a, const uint8_t *frame,
			 size_t len)
{
	const struct slirp_network *n;
	size_t size;

	if (!a->is_open)
		return;
	a->frames++;
	n = slirp_udp_whole(frame, len, &size);
	a->headers_len = n ? ETH_HLEN + n->len + SLIRP_UDP_LEN : 0;
	memcpy(a->headers, frame, a->headers_len);
	/* Of another socket's, which waited for LKL's address. */
	a->is_expected &= n && size == a->size &&
			  !memcmp(frame + ETH_HLEN + n->len, &a->from.sin6_port,
				  sizeof(a->from.sin6_port));
}

/* Writes the headers of a datagram whose checksum is left open. */
static void write_headers(const struct slirp_arrivals *a, uint8_t *packet,
			  size_t size)
{
	const struct slirp_network *n = slirp_udp_network(a->headers,
							  a->headers_len);
	uint8_t *ip = packet + VNET_HDR_LEN + ETH_HLEN, *udp = ip + n->len;
	const uint16_t start = ETH_HLEN + n->len, at = SLIRP_UDP_SUM;
	const uint8_t rest[4] = { 0, IPPROTO_UDP, (SLIRP_UDP_LEN + size) >> 8,
				  SLIRP_UDP_LEN + size };
	uint32_t sum;
	uint16_t sum16;

	memset(packet, 0, VNET_HDR_LEN);
	packet[0] = VNET_HDR_NEEDS_CSUM;
	memcpy(packet + CSUM_START, &start, sizeof(start));
	memcpy(packet + CSUM_OFFSET, &at, sizeof(at));
	memcpy(packet + VNET_HDR_LEN, a->headers, a->headers_len);
	write16(udp + UDP_LENGTH, SLIRP_UDP_LEN + size);
	if (n->version == 6) {
		write16(ip + IPV6_LENGTH, SLIRP_UDP_LEN + size);
	} else {
		write16(ip + IPV4_LENGTH, n->len + SLIRP_UDP_LEN + size);
		write16(ip + IPV4_SUM, 0);
		sum16 = ~checksum_sum(ip, n->len);
		memcpy(ip + IPV4_SUM, &sum16, sizeof(sum16));
	}
	sum = checksum_sum(ip + n->source, 2 * n->address_len) +
	      checksum_sum(rest, sizeof(rest));
	sum16 = (sum & UINT16_MAX) + (sum >> 16);
	memcpy(udp + SLIRP_UDP_SUM, &sum16, sizeof(sum16));
}

/*
 * Moves one that follows. Return: bytes of its frame; -EAGAIN where there is none;
 * -ENOBUFS where there is no room for it.
 */
static ssize_t move(const struct slirp_arrivals *a, struct ring *ring)
{
	struct sockaddr_in6 from;
	struct iovec data;
	struct msghdr msg = { .msg_iov = &data, .msg_iovlen = 1 };
	ssize_t size = peek(a->fd, &from);
	uint8_t *packet;
	size_t len;

	/* What is to be cut is the library's. */
	if (size < 0 || memcmp(&from, &a->from, sizeof(from)) ||
	    a->headers_len + size > ETH_HLEN + USER_NET_MTU)
		return -EAGAIN;
	len = VNET_HDR_LEN + a->headers_len + size;
	packet = ring_reserve(ring, len);
	if (!packet)
		return -ENOBUFS;
	data.iov_base = packet + VNET_HDR_LEN + a->headers_len;
	data.iov_len = size;
	if (host_recvmsg(a->fd, &msg, MSG_DONTWAIT) != size)
		return -EAGAIN;
	write_headers(a, packet, size);
	ring_commit(ring, len);
	return len - VNET_HDR_LEN;
}

size_t slirp_arrivals_end(struct slirp_arrivals *a, struct ring *ring)
{
	struct slirp_stream *stream = stream_of(a);
	size_t bytes = 0;
	ssize_t len = 0;
	int n;

	if (!a->is_open)
		return 0;
	a->is_open = false;
	if (a->frames != 1 || !a->headers_len)
		return 0;
	if (stream->fd != a->fd || stream->turn != a->turn - 1)
		stream->row = 0;
	stream->fd = a->fd;
	stream->turn = a->turn;
	stream->row++;
	if (!a->is_expected)
		return 0;
	for (n = 0; n < FOLLOWING_MAX; n++) {
		len = move(a, ring);
		if (len < 0)
			break;
		bytes += len;
	}
	if (!bytes && len == -EAGAIN)
		stream->row = 0;
	return bytes;
}
