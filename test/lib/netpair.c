// SPDX-License-Identifier: GPL-2.0-or-later
/* A network device whose wire ends in the test: see netpair.h. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "../../linux/lib/host.h"
#include "../../linux/lib/poll.h"
#include "check.h"
#include "netpair.h"

struct pair_backend {
	struct backend b;
	struct netpair *pair;
};

static ssize_t pair_rx(struct backend *b, const struct iovec *iov, int n)
{
	ssize_t len = host_readv(b->fd, iov, n);

	return len ? len : -EPIPE;	/* the peer has closed */
}

static ssize_t pair_tx(struct backend *b, const struct iovec *iov, int n)
{
	const struct msghdr msg = {
		.msg_iov = (struct iovec *)iov,
		.msg_iovlen = n,
	};

	return host_syscall3(SYS_sendmsg, b->fd, (long)&msg, MSG_NOSIGNAL);
}

static int pair_set_offload(struct backend *b, uint64_t features)
{
	((struct pair_backend *)b)->pair->offloads = features;
	return 0;
}

static void pair_close(struct backend *b)
{
	((struct pair_backend *)b)->pair->closed++;
	close(b->fd);
	free(b);
}

static const struct backend_ops pair_ops = {
	.rx = pair_rx,
	.tx = pair_tx,
	.set_offload = pair_set_offload,
	.close = pair_close,
};

void netpair_open(struct netpair *pair, int vnet_hdr, uint64_t offloads,
		  unsigned int queue_size)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
	struct pair_backend *b = calloc(1, sizeof(*b));
	struct virtio_net_args args = {
		.backend = &b->b,
		.mac = mac,
		.offloads = offloads,
		.queue_size = queue_size,
	};
	int fds[2];

	memset(pair, 0, sizeof(*pair));
	CHECK_EQ(poll_init(), 0);
	CHECK_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds), 0);
	b->b.ops = &pair_ops;
	b->b.fd = fds[0];
	b->b.other_fd = -1;
	b->b.features = VIRTIO_NET_OFFLOADS;
	b->b.vnet_hdr = vnet_hdr;
	b->pair = pair;
	pair->peer = fds[1];
	CHECK_EQ(virtio_net_create(&args, &pair->net), 0);
}

void netpair_start(struct netpair *pair, uint64_t features,
		   unsigned int queue_size)
{
	driver_start(&pair->net->dev, features | GENERAL, pair->queues,
		     VIRTIO_NET_CTRLQ, queue_size);
	driver_queue(&pair->net->dev, &pair->queues[VIRTIO_NET_CTRLQ],
		     VIRTIO_NET_CTRLQ, 16);
}

void netpair_close(struct netpair *pair)
{
	virtio_net_destroy(pair->net);
	CHECK_EQ(pair->closed, 1);
	close(pair->peer);
	ram_reset();
}

uint8_t pattern(unsigned int seed, size_t i)
{
	return (i * 2654435761U >> 7) + seed * 31 + i;
}

void netpair_send(struct netpair *pair, size_t header, size_t len,
		  unsigned int seed)
{
	static uint8_t packet[1 << 18];
	size_t i;

	CHECK(header + len <= sizeof(packet));
	memset(packet, 0, header);
	for (i = 0; i < len; i++)
		packet[header + i] = pattern(seed, i);
	CHECK_EQ(send(pair->peer, packet, header + len, 0), header + len);
}

void netpair_run(void)
{
	CHECK(poll_wait(LKL_POLL_INSIDE, LKL_NEVER));
	poll_dispatch();
}

void netpair_poll(void)
{
	if (poll_wait(LKL_POLL_INSIDE, 0))
		poll_dispatch();
}
