// SPDX-License-Identifier: GPL-2.0-only
/*
 * A network device without copies: packets are read from the backend straight
 * into the driver's buffers, and written from them, one host system call each.
 *
 * Everything here runs on the carrier: transmission in the driver's
 * notification, reception when the backend's descriptor has become readable or
 * the driver has put in buffers after they had run out.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include "poll.h"
#include "virtio_net.h"

/* The longest packet with its headers (5.1.6.3.1). */
#define PACKET_MAX (65536 + 14 + 4 + VNET_HDR_LEN)

/* Behind the window: a packet that reaches here was too long for it. */
static char overflow[PACKET_MAX];

/* Offset of num_buffers in struct virtio_net_hdr_v1 (5.1.6). */
#define NUM_BUFFERS 10

/* Commands come one at a time. */
#define CTRL_QUEUE_SIZE 16

_Static_assert(VIRTQ_MAX_CHAIN < RX_WINDOW, "a chain fits into the window");

/* ------------------------------------------------------------------------ */
/* The header before each packet                                             */

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

/* Copies the iovecs to @to without their first VNET_HDR_LEN bytes. */
static int skip_header(struct iovec *to, const struct iovec *iov, int n)
{
	size_t skip = VNET_HDR_LEN;
	int i, count = 0;

	for (i = 0; i < n; i++) {
		if (iov[i].iov_len <= skip) {
			skip -= iov[i].iov_len;
			continue;
		}
		to[count].iov_base = (char *)iov[i].iov_base + skip;
		to[count++].iov_len = iov[i].iov_len - skip;
		skip = 0;
	}
	return count;
}

/* A backend without headers: they are taken off here, or put on. */
static ssize_t bare_rx(struct backend *b, const struct iovec *iov, int n)
{
	static const char header[VNET_HDR_LEN];
	static struct iovec bare[RX_WINDOW];	/* there is one carrier */
	ssize_t len = b->ops->rx(b, bare, skip_header(bare, iov, n));

	if (len < 0)
		return len;
	fill(iov, 0, header, sizeof(header));
	return len + VNET_HDR_LEN;
}

static ssize_t bare_tx(struct backend *b, const struct iovec *iov, int n)
{
	static struct iovec bare[VIRTQ_MAX_CHAIN];

	return b->ops->tx(b, bare, skip_header(bare, iov, n));
}

static ssize_t backend_rx(struct backend *b, const struct iovec *iov, int n)
{
	return b->vnet_hdr ? b->ops->rx(b, iov, n) : bare_rx(b, iov, n);
}

static ssize_t backend_tx(struct backend *b, const struct iovec *iov, int n)
{
	return b->vnet_hdr ? b->ops->tx(b, iov, n) : bare_tx(b, iov, n);
}

/* ------------------------------------------------------------------------ */
/* The link                                                                  */

/* The backend has ended for good: what a driver sees of a pulled cable. */
static void link_lost(struct virtio_net *net)
{
	if (net->source >= 0)
		poll_remove(net->source);
	net->source = -1;
	net->tx_blocked = false;
	net->config.status &= ~VIRTIO_NET_S_LINK_UP;
	virtio_config_update(&net->dev);
}

static bool link_is_up(const struct virtio_net *net)
{
	return net->config.status & VIRTIO_NET_S_LINK_UP;
}

int virtio_net_set_offloads(struct virtio_net *net, uint64_t features)
{
	struct backend *b = net->backend;

	return b->ops->set_offload ? b->ops->set_offload(b, features) : 0;
}

/* ------------------------------------------------------------------------ */
/* Reception                                                                 */

static void transmit(struct virtio_net *net);

static void window_clear(struct virtio_net *net)
{
	net->rx_first = 0;
	net->rx_count = 0;
	net->rx_iov_first = 0;
	net->rx_iovs = 0;
	net->rx_bytes = 0;
}

/* Makes room behind the window. */
static void window_move_down(struct virtio_net *net)
{
	memmove(net->rx_buffers, net->rx_buffers + net->rx_first,
		net->rx_count * sizeof(net->rx_buffers[0]));
	memmove(net->rx_iov, net->rx_iov + net->rx_iov_first,
		net->rx_iovs * sizeof(net->rx_iov[0]));
	net->rx_first = 0;
	net->rx_iov_first = 0;
}

/*
 * Takes buffers until any packet fits. Return: 1 when one can be read; 0 when
 * the driver has to supply more; a negative errno when its queue is broken.
 */
static int window_fill(struct virtio_net *net)
{
	struct virtq *q = &net->queues[VIRTIO_NET_RXQ];
	struct virtq_chain chain;
	unsigned int end;
	int err;

	while (net->rx_bytes < PACKET_MAX && (net->merge || !net->rx_count)) {
		end = net->rx_iov_first + net->rx_iovs;
		/* Room for one more chain, and for the overflow. */
		if (end + VIRTQ_MAX_CHAIN >= RX_WINDOW) {
			if (net->rx_iovs + VIRTQ_MAX_CHAIN >= RX_WINDOW)
				break;
			window_move_down(net);
			end = net->rx_iovs;
		}
		err = virtq_get(q, net->rx_iov + end, &chain);
		if (err < 0)
			return err;
		if (!err)
			/* With all the driver has, that must do. */
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
	if (header->iov_len >= VNET_HDR_LEN)
		memcpy((char *)header->iov_base + NUM_BUFFERS, &used,
		       sizeof(used));
	else
		fill(header, NUM_BUFFERS, &used, sizeof(used));
	if (!net->rx_count) {
		net->rx_first = 0;
		net->rx_iov_first = 0;
	}
}

static void receive(struct virtio_net *net)
{
	struct virtq *q = &net->queues[VIRTIO_NET_RXQ];
	struct iovec *iov;
	ssize_t len = 0;
	int err;

	for (;;) {
		err = window_fill(net);
		/* Out of buffers: notify() goes on from here. */
		if (!err && virtq_ask_notify(q))
			continue;
		if (err <= 0)
			break;

		iov = net->rx_iov + net->rx_iov_first;
		iov[net->rx_iovs].iov_base = overflow;
		iov[net->rx_iovs].iov_len = sizeof(overflow);
		len = backend_rx(net->backend, iov, net->rx_iovs + 1);
		if (len < 0)
			break;
		/* Too long or empty: not a packet. The buffers stay. */
		if (len > net->rx_bytes || len <= VNET_HDR_LEN)
			continue;
		window_use(net, len);
	}
	virtio_flush(&net->dev, q);
	if (len < 0 && len != -EAGAIN) {
		link_lost(net);
		transmit(net);
	}
}

/* ------------------------------------------------------------------------ */
/* Transmission                                                              */

static void watch(struct virtio_net *net, uint32_t events)
{
	if (net->source < 0 || !poll_change(net->source, events))
		return;
	net->source = -1;
	link_lost(net);
}

static void transmit(struct virtio_net *net)
{
	struct virtq *q = &net->queues[VIRTIO_NET_TXQ];
	struct iovec iov[VIRTQ_MAX_CHAIN];
	struct virtq_chain chain;
	ssize_t len = 0;

	do {
		while (virtq_get(q, iov, &chain) > 0) {
			if (chain.in || chain.out_len < VNET_HDR_LEN) {
				virtq_breaks(q);
				break;
			}
			/* Without a link, packets go nowhere. */
			if (link_is_up(net))
				len = backend_tx(net->backend, iov, chain.out);
			if (len == -EAGAIN) {
				virtq_unget(q, 1);
				goto out;
			}
			virtq_put(q, chain.head, 0);
			if (len < 0)
				goto out;
		}
	} while (virtq_ask_notify(q));
out:
	virtio_flush(&net->dev, q);
	if (len == -EAGAIN && !net->tx_blocked) {
		net->tx_blocked = true;
		watch(net, EPOLLIN | EPOLLOUT);
	} else if (len < 0 && len != -EAGAIN) {
		link_lost(net);
		transmit(net);
	} else if (len >= 0 && net->tx_blocked) {
		net->tx_blocked = false;
		watch(net, EPOLLIN);
	}
}

/* ------------------------------------------------------------------------ */
/* The device                                                                */

static void ready(void *arg, uint32_t events)
{
	struct virtio_net *net = arg;

	if (net->tx_blocked && events & (EPOLLOUT | EPOLLERR | EPOLLHUP))
		transmit(net);
	if (link_is_up(net) && net->queues[VIRTIO_NET_RXQ].ready)
		receive(net);
}

static void net_notify(struct virtio_device *dev, unsigned int n)
{
	struct virtio_net *net = (struct virtio_net *)dev;

	switch (n) {
	case VIRTIO_NET_RXQ:
		if (link_is_up(net))
			receive(net);
		break;
	case VIRTIO_NET_TXQ:
		if (!net->tx_blocked)
			transmit(net);
		break;
	case VIRTIO_NET_CTRLQ:
		virtio_net_control(net);
		break;
	}
}

static void net_start(struct virtio_device *dev)
{
	struct virtio_net *net = (struct virtio_net *)dev;
	struct backend *b = net->backend;

	window_clear(net);
	net->merge = virtio_has(dev, VIRTIO_NET_F_MRG_RXBUF);
	net->tx_blocked = false;
	if (virtio_net_set_offloads(net, dev->accepted &
					 VIRTIO_NET_GUEST_OFFLOADS)) {
		virtio_fail(dev);
		return;
	}
	if (b->fd < 0 || !link_is_up(net))
		return;
	net->source = poll_add(b->fd, EPOLLIN, false, ready, net);
	if (net->source < 0)
		link_lost(net);
}

static void net_stop(struct virtio_device *dev)
{
	struct virtio_net *net = (struct virtio_net *)dev;

	if (net->source >= 0)
		poll_remove(net->source);
	net->source = -1;
	window_clear(net);
}

static const struct virtio_ops net_ops = {
	.start = net_start,
	.stop = net_stop,
	.notify = net_notify,
};

/* 5.1.3.1: which features need (any of) which. */
static const struct {
	uint64_t feature;
	uint64_t needs;
} needs[] = {
	{ VIRTIO_NET_F_GUEST_TSO4, VIRTIO_NET_F_GUEST_CSUM },
	{ VIRTIO_NET_F_GUEST_TSO6, VIRTIO_NET_F_GUEST_CSUM },
	{ VIRTIO_NET_F_GUEST_UFO, VIRTIO_NET_F_GUEST_CSUM },
	{ VIRTIO_NET_F_GUEST_USO4, VIRTIO_NET_F_GUEST_CSUM },
	{ VIRTIO_NET_F_GUEST_USO6, VIRTIO_NET_F_GUEST_CSUM },
	{ VIRTIO_NET_F_GUEST_ECN,
	  VIRTIO_NET_F_GUEST_TSO4 | VIRTIO_NET_F_GUEST_TSO6 },
	{ VIRTIO_NET_F_HOST_TSO4, VIRTIO_NET_F_CSUM },
	{ VIRTIO_NET_F_HOST_TSO6, VIRTIO_NET_F_CSUM },
	{ VIRTIO_NET_F_HOST_UFO, VIRTIO_NET_F_CSUM },
	{ VIRTIO_NET_F_HOST_USO, VIRTIO_NET_F_CSUM },
	{ VIRTIO_NET_F_HOST_ECN,
	  VIRTIO_NET_F_HOST_TSO4 | VIRTIO_NET_F_HOST_TSO6 },
};

static uint64_t consistent(uint64_t features)
{
	size_t i;

	for (i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
		if (!(features & needs[i].needs))
			features &= ~needs[i].feature;
	return features;
}

int virtio_net_create(const struct virtio_net_args *args,
		      struct virtio_net **created)
{
	struct virtio_net *net = calloc(1, sizeof(*net));
	int i, err;

	if (!net)
		return -ENOMEM;
	net->backend = args->backend;
	net->source = -1;
	memcpy(net->config.mac, args->mac, sizeof(net->config.mac));
	net->config.status = VIRTIO_NET_S_LINK_UP;
	net->config.max_virtqueue_pairs = 1;
	net->config.mtu = args->mtu;

	net->dev.ops = &net_ops;
	net->dev.type = VIRTIO_ID_NET;
	net->dev.features = VIRTIO_NET_F_MAC | VIRTIO_NET_F_STATUS |
			    VIRTIO_NET_F_CTRL_VQ | VIRTIO_NET_F_CTRL_MAC_ADDR |
			    consistent(args->offloads & VIRTIO_NET_OFFLOADS);
	if (args->mtu)
		net->dev.features |= VIRTIO_NET_F_MTU;
	net->dev.config = &net->config;
	net->dev.config_len = sizeof(net->config);
	net->dev.queues = net->queues;
	net->dev.queue_count = VIRTIO_NET_QUEUES;
	for (i = 0; i < VIRTIO_NET_QUEUES; i++)
		net->queues[i].size_max = args->queue_size;
	net->queues[VIRTIO_NET_CTRLQ].size_max = CTRL_QUEUE_SIZE;

	err = virtio_add(&net->dev);
	if (err) {
		free(net);
		return err;
	}
	*created = net;
	return 0;
}

void virtio_net_destroy(struct virtio_net *net)
{
	virtio_remove(&net->dev);
	net->backend->ops->close(net->backend);
	free(net);
}
