// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reception: packets are read into the driver's own buffers.
 *
 * Nobody knows how long the next packet is. The longest takes 64 KiB, 44 buffers
 * of the usual size, and giving the host so many for each packet costs as much
 * as reading it. So buffers for a short packet are offered while packets are
 * short, with space for the rest of a long one behind them; when one comes, its
 * rest is copied, and from then on there are buffers for it.
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include "poll.h"
#include "virtio_net.h"

/* An Ethernet frame of 1500 bytes with its headers, and then some. */
#define WINDOW_SHORT 2048

/* After so many short packets, the next is taken for a short one again. */
#define SHORT_RUN 64

/*
 * What is read before the kernel, and then the program, get it: the caches hold
 * it until it is copied there, and its sender has the acknowledgement early. Of
 * what is not TCP a portion takes a turn of all threads (when_more()), which
 * more bytes are worth.
 */
#define BUDGET_TCP_BYTES (128 << 10)
#define BUDGET_BYTES (256 << 10)
#define BUDGET_PACKETS 64

/* Offset of num_buffers in struct virtio_net_hdr_v1 (5.1.6). */
#define NUM_BUFFERS 10

_Static_assert(VIRTQ_MAX_CHAIN < RX_WINDOW, "a chain fits into the window");

/* Offsets in the headers of a frame. */
#define ETH_TYPE 12
#define IP_PROTOCOL 9
#define IPV6_NEXT_HEADER 6

static void portion_begin(struct virtio_net *net)
{
	net->rx_packets = 0;
	net->rx_portion = 0;
	net->rx_tcp = 0;
}

/* Whether at least half of the packets are of TCP. */
static bool is_mostly_tcp(const struct virtio_net *net)
{
	return 2 * net->rx_tcp >= net->rx_packets;
}

static bool portion_ends(const struct virtio_net *net)
{
	return net->rx_packets >= BUDGET_PACKETS ||
	       net->rx_portion >= (is_mostly_tcp(net) ? BUDGET_TCP_BYTES :
							BUDGET_BYTES);
}

void virtio_net_rx_reset(struct virtio_net *net)
{
	net->rx_first = 0;
	net->rx_count = 0;
	net->rx_iov_first = 0;
	net->rx_iovs = 0;
	net->rx_bytes = 0;
	net->rx_want = WINDOW_SHORT;
	net->rx_short_run = 0;
	net->rx_spilled = 0;
	portion_begin(net);
}

/* Copies @len bytes to @offset in the buffers. */
static void fill(const struct iovec *iov, size_t offset, const void *data,
		 size_t len)
{
	size_t n;

	for (; len; iov++) {
		if (offset >= iov->iov_len) {
			offset -= iov->iov_len;
			continue;
		}
		n = iov->iov_len - offset < len ? iov->iov_len - offset : len;
		memcpy((char *)iov->iov_base + offset, data, n);
		data = (const char *)data + n;
		len -= n;
		offset = 0;
	}
}

/* ------------------------------------------------------------------------ */
/* The window                                                                */

/* Makes room behind the window. */
static void move_down(struct virtio_net *net)
{
	memmove(net->rx_buffers, net->rx_buffers + net->rx_first,
		net->rx_count * sizeof(net->rx_buffers[0]));
	memmove(net->rx_iov, net->rx_iov + net->rx_iov_first,
		net->rx_iovs * sizeof(net->rx_iov[0]));
	net->rx_first = 0;
	net->rx_iov_first = 0;
}

/*
 * Takes buffers until there are @want bytes. Return: 1 when that is so, or when
 * the driver cannot have more; 0 when it has to supply more; a negative errno
 * when its queue is broken.
 */
static int window_fill(struct virtio_net *net, uint32_t want)
{
	struct virtq *q = &net->queues[VIRTIO_NET_RXQ];
	struct virtq_chain chain;
	unsigned int end;
	int err;

	while (net->rx_bytes < want && (net->merge || !net->rx_count)) {
		end = net->rx_iov_first + net->rx_iovs;
		/* Room for one more chain, and for the overflow. */
		if (end + VIRTQ_MAX_CHAIN >= RX_WINDOW) {
			if (net->rx_iovs + VIRTQ_MAX_CHAIN >= RX_WINDOW)
				break;
			move_down(net);
			end = net->rx_iovs;
		}
		err = virtq_get(q, net->rx_iov + end, &chain);
		if (err < 0)
			return err;
		if (!err)
			return net->rx_iovs >= q->size;
		if (chain.out || chain.in_len < VNET_HDR_LEN)
			return virtq_breaks(q);

		net->rx_buffers[net->rx_first + net->rx_count++] =
			(struct rx_buffer){ chain.head, chain.in,
					    chain.in_len };
		net->rx_iovs += chain.in;
		net->rx_bytes += chain.in_len;
	}
	return 1;
}

/* Gives the buffers that a packet of @len bytes has filled to the driver. */
static void window_use(struct virtio_net *net, uint32_t len)
{
	struct virtq *q = &net->queues[VIRTIO_NET_RXQ];
	const struct iovec *header = net->rx_iov + net->rx_iov_first;
	uint16_t used = 0;

	while (len) {
		struct rx_buffer *b = &net->rx_buffers[net->rx_first];
		uint32_t n = len < b->len ? len : b->len;

		virtq_put(q, b->head, n);
		len -= n;
		used++;
		net->rx_first++;
		net->rx_count--;
		net->rx_iov_first += b->iovs;
		net->rx_iovs -= b->iovs;
		net->rx_bytes -= b->len;
	}
	fill(header, NUM_BUFFERS, &used, sizeof(used));
	if (!net->rx_count) {
		net->rx_first = 0;
		net->rx_iov_first = 0;
	}
}

/* Learns from the length of a packet. */
static void adapt(struct virtio_net *net, uint32_t len)
{
	if (len > WINDOW_SHORT) {
		net->rx_want = RX_PACKET_MAX;
		net->rx_short_run = 0;
	} else if (net->rx_want > WINDOW_SHORT &&
		   ++net->rx_short_run == SHORT_RUN) {
		net->rx_want = WINDOW_SHORT;
		net->rx_short_run = 0;
	}
}

/* ------------------------------------------------------------------------ */
/* Reading                                                                   */

static ssize_t backend_rx(struct backend *b, const struct iovec *iov, int n)
{
	static const char header[VNET_HDR_LEN];
	static struct iovec bare[RX_WINDOW];	/* there is one carrier */
	ssize_t len;

	if (b->vnet_hdr)
		return b->ops->rx(b, iov, n);
	len = b->ops->rx(b, bare, virtio_net_skip_header(bare, iov, n));
	if (len < 0)
		return len;
	fill(iov, 0, header, sizeof(header));
	return len + VNET_HDR_LEN;
}

static bool is_tcp(const struct iovec *iov)
{
	const unsigned char *frame = (unsigned char *)iov->iov_base +
				     VNET_HDR_LEN;

	if (iov->iov_len < VNET_HDR_LEN + ETH_HLEN + IP_PROTOCOL + 1)
		return false;
	switch (frame[ETH_TYPE] << 8 | frame[ETH_TYPE + 1]) {
	case ETH_P_IP:
		return frame[ETH_HLEN + IP_PROTOCOL] == IPPROTO_TCP;
	case ETH_P_IPV6:
		return frame[ETH_HLEN + IPV6_NEXT_HEADER] == IPPROTO_TCP;
	}
	return false;
}

/*
 * Reads one packet, and gives it to the driver if it fits. Return: its length,
 * or a negative errno.
 */
static ssize_t read_packet(struct virtio_net *net)
{
	struct iovec *iov = net->rx_iov + net->rx_iov_first;
	ssize_t len;

	iov[net->rx_iovs].iov_base = net->rx_overflow;
	iov[net->rx_iovs].iov_len = sizeof(net->rx_overflow);
	len = backend_rx(net->backend, iov, net->rx_iovs + 1);
	if (len > 0) {
		net->rx_packets++;
		net->rx_portion += len;
		net->rx_tcp += is_tcp(iov);
	}

	/* What fills the overflow may have been cut off; what is empty is none. */
	if (len <= VNET_HDR_LEN ||
	    len >= (ssize_t)(net->rx_bytes + sizeof(net->rx_overflow)))
		return len;
	if (len <= net->rx_bytes) {
		adapt(net, len);
		window_use(net, len);
	} else if (net->merge) {
		adapt(net, len);
		net->rx_spilled = len;
		net->rx_spilled_from = net->rx_bytes;
	}
	return len;
}

/* Ends what read_packet() began: moves the rest of a packet into buffers. */
static int unspill(struct virtio_net *net)
{
	uint32_t len = net->rx_spilled, from = net->rx_spilled_from;
	int err = window_fill(net, len);

	if (err <= 0)
		return err;
	net->rx_spilled = 0;
	/* The driver may have no room for it at all. */
	if (len <= net->rx_bytes) {
		fill(net->rx_iov + net->rx_iov_first, from, net->rx_overflow,
		     len - from);
		window_use(net, len);
	}
	return 1;
}

/*
 * More of what is not TCP comes as fast as it is sent, whatever becomes of it:
 * in the backend's queue it is lost at no cost of ours.
 */
static enum lkl_events when_more(const struct virtio_net *net)
{
	return is_mostly_tcp(net) ? LKL_EVENTS_SOON : LKL_EVENTS_PATIENT;
}

void virtio_net_receive(struct virtio_net *net)
{
	portion_begin(net);
	virtio_net_receive_on(net);
}

void virtio_net_receive_on(struct virtio_net *net)
{
	struct virtq *q = &net->queues[VIRTIO_NET_RXQ];
	ssize_t len = 0;
	int err = 1;

	if (net->held)
		return;
	while (err > 0 && len >= 0 && !portion_ends(net)) {
		err = net->rx_spilled ? unspill(net) : 1;
		if (err > 0)
			err = window_fill(net, net->rx_want);
		if (err > 0) {
			len = read_packet(net);
		}
		/* Out of buffers: the driver's notification goes on from here. */
		else if (!err && virtq_ask_notify(q))
			err = 1;
	}
	if (err > 0 && len >= 0 && net->source >= 0)
		poll_again(net->source, EPOLLIN, when_more(net));

	virtio_flush(&net->dev, q);
	if (net->rx_portion >= BULK_BYTES)
		lkl_kernel_bulk();
	if (len < 0 && len != -EAGAIN)
		virtio_net_link_lost(net);
}
