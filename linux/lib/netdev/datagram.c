// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sockets that keep messages apart, SOCK_DGRAM and SOCK_SEQPACKET (unix(7)):
 * each message is a packet.
 */
#include "../host.h"
#include "backend.h"

/* Whether the peer has gone, or says nothing any more. */
static bool has_ended(int fd)
{
	static const struct timespec at_once;
	struct pollfd p = { .fd = fd, .events = POLLRDHUP };

	return host_poll(&p, 1, &at_once) > 0 &&
	       p.revents & (POLLHUP | POLLRDHUP);
}

static ssize_t datagram_rx(struct backend *b, const struct iovec *iov, int n)
{
	struct msghdr msg = { .msg_iov = (struct iovec *)iov, .msg_iovlen = n };
	ssize_t len = host_recvmsg(b->fd, &msg, MSG_DONTWAIT);

	/* An empty packet, or the peer of a SOCK_SEQPACKET has gone. */
	if (len == 0 && has_ended(b->fd))
		return -ECONNRESET;
	return len;
}

static ssize_t datagram_tx(struct backend *b, const struct iovec *iov, int n)
{
	const struct msghdr msg = {
		.msg_iov = (struct iovec *)iov,
		.msg_iovlen = n,
	};
	ssize_t len = host_sendmsg(b->fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);

	switch (len) {
	case -ECONNREFUSED:	/* the peer of a SOCK_DGRAM has gone, ... */
	case -ECONNRESET:
	case -ENOTCONN:
	case -EPIPE:
		return len;
	default:		/* ... other errors concern one packet */
		return len >= 0 || len == -EAGAIN ? len : 0;
	}
}

static const struct backend_ops datagram_ops = {
	.rx = datagram_rx,
	.tx = datagram_tx,
	.close = backend_close,
};

int datagram_backend(int fd, struct backend **backend)
{
	*backend = backend_new(sizeof(**backend), &datagram_ops, fd);
	return *backend ? 0 : -ENOMEM;
}
