// SPDX-License-Identifier: GPL-2.0-only
/* Datagrams in a row, see slirp_burst.h. */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>
#include "../host.h"
#include "backend.h"
#include "checksum.h"
#include "network_order.h"
#include "slirp_burst.h"
#include "slirp_udp.h"
#include "user_net.h"

#define PORT_LEN 2

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

/*
 * Return: the data of a whole datagram of LKL's kernel, of @size bytes, whose
 * checksum nobody has to look at; NULL where it is something else.
 */
static const uint8_t *read_datagram(const uint8_t *packet, size_t len,
				    struct slirp_path *path, size_t *size)
{
	const uint8_t *frame = packet + VNET_HDR_LEN, *ip = frame + ETH_HLEN;
	const struct slirp_network *n;
	const uint8_t *udp;

	if (len < VNET_HDR_LEN || !(packet[0] & VNET_HDR_NEEDS_CSUM))
		return NULL;
	n = slirp_udp_whole(frame, len - VNET_HDR_LEN, size);
	if (!n)
		return NULL;
	udp = ip + n->len;

	memset(path, 0, sizeof(*path));
	memcpy(path->from, ip + n->source, n->address_len);
	memcpy(path->to, ip + n->source + n->address_len, n->address_len);
	memcpy(path->from + 16, udp, PORT_LEN);
	memcpy(path->to + 16, udp + PORT_LEN, PORT_LEN);
	path->hops = ip[n->hops];
	path->version = n->version;
	return udp + SLIRP_UDP_LEN;
}

/* Whether the library does something else than send it on. */
static bool is_special(const struct slirp_path *path)
{
	uint8_t network[16];

	if (path->hops <= 1)
		return true;
	if (path->version == 4) {
		inet_pton(AF_INET, USER_NET_NETWORK, network);
		return path->to[0] >= 224 ||
		       !memcmp(path->to, network, USER_NET_MASKLEN / 8);
	}
	inet_pton(AF_INET6, USER_NET_PREFIX6, network);
	/* Of groups, and of links. */
	return path->to[0] == 0xff ||
	       (path->to[0] == 0xfe && (path->to[1] & 0xc0) == 0x80) ||
	       !memcmp(path->to, network, USER_NET_MASKLEN6 / 8);
}

static struct slirp_flow *place_of(struct slirp_burst *b,
				   const struct slirp_path *path)
{
	return &b->flows[read16(path->from + 16) % SLIRP_FLOWS];
}

void slirp_burst_begin(struct slirp_burst *b, const uint8_t *packet, size_t len)
{
	size_t size;

	if (!read_datagram(packet, len, &b->first, &size))
		b->first.version = 0;
}

void slirp_burst_opened(struct slirp_burst *b, int fd)
{
	struct slirp_flow *flow = place_of(b, &b->first);

	slirp_burst_closes(b, fd);
	if (!b->first.version)
		return;
	memcpy(flow->from, b->first.from, sizeof(flow->from));
	flow->version = b->first.version;
	flow->fd = fd;
}

void slirp_burst_closes(struct slirp_burst *b, int fd)
{
	struct slirp_flow *flow;

	for (flow = b->flows; flow < b->flows + SLIRP_FLOWS; flow++)
		if (flow->fd == fd)
			flow->version = 0;
	if (b->fd == fd)
		b->is_open = false;
}

void slirp_burst_begun(struct slirp_burst *b)
{
	const struct slirp_flow *flow = place_of(b, &b->first);

	b->is_open = b->first.version &&
		     flow->version == b->first.version &&
		     !memcmp(flow->from, b->first.from, sizeof(flow->from)) &&
		     !is_special(&b->first);
	b->fd = flow->fd;
}

/* Where a burst goes. Return: bytes of the address. */
static unsigned int address_of(const struct slirp_path *path,
			       struct sockaddr_in6 *address)
{
	struct sockaddr_in to4 = { .sin_family = AF_INET };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6 };

	if (path->version == 4) {
		memcpy(&to4.sin_addr, path->to, sizeof(to4.sin_addr));
		memcpy(&to4.sin_port, path->to + 16, PORT_LEN);
		memcpy(address, &to4, sizeof(to4));
		return sizeof(to4);
	}
	memcpy(&to6.sin6_addr, path->to, sizeof(to6.sin6_addr));
	memcpy(&to6.sin6_port, path->to + 16, PORT_LEN);
	*address = to6;
	return sizeof(to6);
}

/* Sends what has been taken. As on a wire, what cannot be sent is lost. */
static void send_all(struct slirp_burst *b)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(uint16_t))];
	struct cmsghdr *segment = (struct cmsghdr *)control;
	struct sockaddr_in6 address;
	struct iovec iov = { b->data, b->len };
	struct msghdr msg = {
		.msg_name = &address,
		.msg_namelen = address_of(&b->first, &address),
		.msg_iov = &iov,
		.msg_iovlen = 1,
	};
	const uint16_t size = b->size;
	size_t left = b->len;

	b->len = 0;
	if (left > b->size) {
		*segment = (struct cmsghdr){
			.cmsg_len = CMSG_LEN(sizeof(size)),
			.cmsg_level = IPPROTO_UDP,
			.cmsg_type = UDP_SEGMENT,
		};
		memcpy(CMSG_DATA(segment), &size, sizeof(size));
		msg.msg_control = control;
		msg.msg_controllen = sizeof(control);
		if (host_sendmsg(b->fd, &msg, 0) >= 0)
			return;
		/* An old host, or no room for all, or each is to be cut. */
		msg.msg_control = NULL;
		msg.msg_controllen = 0;
	}
	for (; left; left -= iov.iov_len, iov.iov_base += iov.iov_len) {
		iov.iov_len = left < b->size ? left : b->size;
		host_sendmsg(b->fd, &msg, 0);
	}
}

bool slirp_burst_take(struct slirp_burst *b, const uint8_t *packet, size_t len)
{
	struct slirp_path path;
	const uint8_t *data;
	size_t size;

	if (!b->is_open)
		return false;
	data = read_datagram(packet, len, &path, &size);
	if (!data || !size || memcmp(&path, &b->first, sizeof(path)))
		return false;
	if (b->len && (size > b->size || b->len + size > sizeof(b->data)))
		send_all(b);
	if (!b->len)
		b->size = size;
	memcpy(b->data + b->len, data, size);
	b->len += size;
	/* A shorter one can only be the last. */
	if (size < b->size || b->len >= SLIRP_BURST_COUNT * b->size)
		send_all(b);
	return true;
}

void slirp_burst_end(struct slirp_burst *b)
{
	if (b->len)
		send_all(b);
	b->is_open = false;
	/* What the library opens from now on is for others. */
	b->first.version = 0;
}
