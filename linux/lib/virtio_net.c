// SPDX-License-Identifier: GPL-2.0-only
/*
 * A network device without copies: packets are read from the backend straight
 * into the driver's buffers, and written from them, one host system call each.
 *
 * Everything here runs on the carrier: transmission in the driver's
 * notification, reception (virtio_net_rx.c) when the backend's descriptor has
 * become readable or the driver has put in buffers after they had run out.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include "poll.h"
#include "virtio_net.h"

/* Commands come one at a time. */
#define CTRL_QUEUE_SIZE 16

int virtio_net_skip_header(struct iovec *to, const struct iovec *iov, int n)
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

int virtio_net_set_offloads(struct virtio_net *net, uint64_t features)
{
	struct backend *b = net->backend;

	return b->ops->set_offload ? b->ops->set_offload(b, features) : 0;
}

static void unwatch(struct virtio_net *net)
{
	virtio_net_tx_reset(net);
	if (net->source >= 0)
		poll_remove(net->source);
	if (net->other_source >= 0)
		poll_remove(net->other_source);
	net->source = -1;
	net->other_source = -1;
}

void virtio_net_link_lost(struct virtio_net *net)
{
	unwatch(net);
	net->config.status &= ~VIRTIO_NET_S_LINK_UP;
	virtio_config_update(&net->dev);
	/* What waits to be sent: into nothing. */
	virtio_net_transmit(net);
}

/* ------------------------------------------------------------------------ */
/* The device                                                                */

static void ready(void *arg, uint32_t events)
{
	struct virtio_net *net = arg;

	if (events & (EPOLLOUT | EPOLLERR | EPOLLHUP))
		virtio_net_transmit(net);
	net->backend->drained = false;
	if (virtio_net_link_is_up(net) && net->queues[VIRTIO_NET_RXQ].ready)
		virtio_net_receive(net);
}

static void net_notify(struct virtio_device *dev, unsigned int n)
{
	struct virtio_net *net = (struct virtio_net *)dev;

	switch (n) {
	case VIRTIO_NET_RXQ:
		if (virtio_net_link_is_up(net))
			virtio_net_receive_on(net);
		break;
	case VIRTIO_NET_TXQ:
		if (!net->tx_blocked)
			virtio_net_transmit(net);
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

	virtio_net_rx_reset(net);
	virtio_net_tx_start(net);
	net->merge = virtio_has(dev, VIRTIO_NET_F_MRG_RXBUF);
	if (virtio_net_set_offloads(net, dev->accepted &
					 VIRTIO_NET_GUEST_OFFLOADS)) {
		virtio_fail(dev);
		return;
	}
	if (b->fd < 0 || !virtio_net_link_is_up(net))
		return;
	net->source = poll_add(b->fd, EPOLLIN, false, ready, net);
	if (b->other_fd >= 0)
		net->other_source = poll_add(b->other_fd, b->other_events,
					     false, ready, net);
	if (net->source < 0 || (b->other_fd >= 0 && net->other_source < 0))
		virtio_net_link_lost(net);
}

static void net_stop(struct virtio_device *dev)
{
	struct virtio_net *net = (struct virtio_net *)dev;

	unwatch(net);
	virtio_net_rx_reset(net);
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
	net->other_source = -1;
	memcpy(net->config.mac, args->mac, sizeof(net->config.mac));
	net->config.status = VIRTIO_NET_S_LINK_UP;
	net->config.max_virtqueue_pairs = 1;
	net->config.mtu = args->mtu;
	net->held = args->held;

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

void virtio_net_release(struct virtio_net *net)
{
	int source = net->source;

	/* What the backend reported meanwhile has been passed over. */
	if (atomic_exchange(&net->held, false) && source >= 0)
		poll_report(source, EPOLLIN);
}

void virtio_net_destroy(struct virtio_net *net)
{
	virtio_remove(&net->dev);
	net->backend->ops->close(net->backend);
	free(net);
}
