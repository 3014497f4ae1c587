// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets on a stream socket: each behind its length, 32 bits big-endian. Many
 * are read with one call of the host, into a buffer.
 */
#include <arpa/inet.h>
#include <string.h>
#include "../host.h"
#include "../burst.h"
#include "../virtq.h"
#include "backend.h"

#define LENGTH_BYTES 4

/*
 * Several packets in one call are no more than the host puts into one buffer: so
 * a reader never finds a part of one.
 */
#define BURST_BYTES (32 * 1024)
#define BURST_IOVS (4 * VIRTQ_MAX_CHAIN)

/* A few of the longest packets, or what a peer sends at once. */
#define BUFFER_BYTES (256 * 1024)

/**
 * struct stream - its state
 * @sent: bytes of the present packet, length included, that are out already.
 * @sending: all of its bytes, 0 between packets.
 * @start, @end: what of @buffer has been read and not yet given on.
 * @skip: bytes of the stream still to be dropped.
 * @iov, @lengths: of packets that are written together.
 */
struct stream {
	struct backend b;
	size_t sent;
	size_t sending;
	size_t start;
	size_t end;
	size_t skip;
	struct iovec iov[BURST_IOVS];
	uint32_t lengths[BURST_MAX];
	char buffer[BUFFER_BYTES];
};

/* ------------------------------------------------------------------------ */
/* Reading                                                                   */

/* Return: more than 0, or a negative errno: -EAGAIN, or the end. */
static ssize_t fill(struct stream *s)
{
	struct iovec iov;
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t len;

	if (s->b.drained)
		return -EAGAIN;
	memmove(s->buffer, s->buffer + s->start, s->end - s->start);
	s->end -= s->start;
	s->start = 0;
	iov.iov_base = s->buffer + s->end;
	iov.iov_len = sizeof(s->buffer) - s->end;
	len = host_recvmsg(s->b.fd, &msg, MSG_DONTWAIT);
	if (len == 0)
		return -ECONNRESET;
	if (len > 0) {
		s->end += len;
		s->b.drained = s->end < sizeof(s->buffer);
	}
	return len;
}

/* Drops what is to be skipped, as far as it is there. */
static void skip(struct stream *s)
{
	size_t have = s->end - s->start;
	size_t n = s->skip < have ? s->skip : have;

	s->start += n;
	s->skip -= n;
}

/*
 * Looks whether a whole packet is there. Return: its length; 0 when there is
 * none; -EPROTO when what is there cannot be the length of a packet.
 */
static ssize_t whole_packet(struct stream *s)
{
	uint32_t len;

	for (;;) {
		skip(s);
		if (s->skip || s->end - s->start < LENGTH_BYTES)
			return 0;
		memcpy(&len, s->buffer + s->start, sizeof(len));
		len = ntohl(len);
		/* Beyond that, the peer talks of something else. */
		if (len > 2 * BACKEND_FRAME_MAX)
			return -EPROTO;
		if (len && len <= BACKEND_FRAME_MAX)
			break;
		s->skip = LENGTH_BYTES + (size_t)len;
	}
	return s->end - s->start >= LENGTH_BYTES + len ? (ssize_t)len : 0;
}

static ssize_t stream_rx(struct backend *b, const struct iovec *iov, int n)
{
	struct stream *s = (struct stream *)b;
	ssize_t len, err, copied;

	while (!(len = whole_packet(s))) {
		err = fill(s);
		if (err < 0)
			return err;
	}
	if (len < 0)
		return len;
	copied = iov_copy(iov, n, s->buffer + s->start + LENGTH_BYTES, len);
	s->start += LENGTH_BYTES + len;
	return copied;
}

/* ------------------------------------------------------------------------ */
/* Writing                                                                   */

/* @to: @iov without its first @skip bytes, at most @len bytes. */
static int section(struct iovec *to, const struct iovec *iov, int n,
		   size_t skip, size_t len)
{
	int count = 0;

	for (; n-- && len; iov++) {
		size_t part;

		if (iov->iov_len <= skip) {
			skip -= iov->iov_len;
			continue;
		}
		part = iov->iov_len - skip < len ? iov->iov_len - skip : len;
		to[count].iov_base = (char *)iov->iov_base + skip;
		to[count++].iov_len = part;
		len -= part;
		skip = 0;
	}
	return count;
}

/* Sends more of the present packet. Return: as sendmsg(2). */
static ssize_t send_some(struct stream *s, const struct iovec *iov, int n)
{
	static const char zeros[1024];
	/* There is one carrier. */
	static struct iovec whole[VIRTQ_MAX_CHAIN + 1], rest[VIRTQ_MAX_CHAIN + 1];
	uint32_t length = htonl(s->sending - LENGTH_BYTES);
	struct msghdr msg = { .msg_iov = rest };

	whole[0] = (struct iovec){ &length, sizeof(length) };
	memcpy(whole + 1, iov, n * sizeof(*iov));
	msg.msg_iovlen = section(rest, whole, n + 1, s->sent,
				 s->sending - s->sent);
	/*
	 * The packet is another one, a shorter one: the driver was reset while
	 * the first was half sent. What follows must stay in step.
	 */
	if (!msg.msg_iovlen) {
		rest[0] = (struct iovec){ (void *)zeros, sizeof(zeros) };
		if (rest[0].iov_len > s->sending - s->sent)
			rest[0].iov_len = s->sending - s->sent;
		msg.msg_iovlen = 1;
	}
	return host_sendmsg(s->b.fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static ssize_t stream_tx(struct backend *b, const struct iovec *iov, int n)
{
	struct stream *s = (struct stream *)b;
	size_t len = iov_length(iov, n);
	ssize_t sent;

	if (!len || len > BACKEND_FRAME_MAX || n > VIRTQ_MAX_CHAIN)
		return 0;
	if (!s->sending)
		s->sending = LENGTH_BYTES + len;
	while (s->sent < s->sending) {
		sent = send_some(s, iov, n);
		if (sent < 0)
			return sent;
		s->sent += sent;
	}
	s->sent = 0;
	s->sending = 0;
	return len;
}

/* Puts packets together. Return: how many, which make *@count buffers. */
static unsigned int gather(struct stream *s, const struct burst_write *packets,
			   unsigned int n, size_t *count)
{
	size_t len, bytes = 0;
	unsigned int i;

	for (i = 0; i < n; i++) {
		len = iov_length(packets[i].iov, packets[i].n);
		if (!len || packets[i].n > VIRTQ_MAX_CHAIN ||
		    bytes + LENGTH_BYTES + len > BURST_BYTES ||
		    *count + 1 + packets[i].n > BURST_IOVS)
			break;
		s->lengths[i] = htonl(len);
		s->iov[(*count)++] = (struct iovec){ &s->lengths[i],
						     LENGTH_BYTES };
		memcpy(s->iov + *count, packets[i].iov,
		       packets[i].n * sizeof(*s->iov));
		*count += packets[i].n;
		bytes += LENGTH_BYTES + len;
	}
	return i;
}

static int stream_tx_burst(struct backend *b, struct burst_write *packets,
			   unsigned int n)
{
	struct stream *s = (struct stream *)b;
	struct msghdr msg = { .msg_iov = s->iov };
	size_t count = 0, len = 0;
	unsigned int i;
	ssize_t sent;

	if (!s->sending)
		n = gather(s, packets, n, &count);
	/* A part of the first is out already, or it goes alone. */
	if (!count) {
		sent = stream_tx(b, packets->iov, packets->n);
		return sent < 0 ? sent : 1;
	}
	msg.msg_iovlen = count;
	sent = host_sendmsg(b->fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent < 0)
		return sent;
	for (i = 0; i < n; i++, sent -= len) {
		len = LENGTH_BYTES + ntohl(s->lengths[i]);
		if ((size_t)sent < len)
			break;
	}
	if (sent) {
		s->sending = len;
		s->sent = sent;
	}
	return i ? (int)i : stream_tx_burst(b, packets, 1);
}

static const struct backend_ops stream_ops = {
	.rx = stream_rx,
	.tx = stream_tx,
	.tx_burst = stream_tx_burst,
	.close = backend_close,
};

int stream_backend(int fd, struct backend **backend)
{
	*backend = backend_new(sizeof(struct stream), &stream_ops, fd);
	if (!*backend)
		return -ENOMEM;
	(*backend)->joins = true;
	return 0;
}
