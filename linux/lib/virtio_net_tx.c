// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transmission: packets are written from the driver's buffers, one host call
 * each.
 *
 * In the driver's notification, by the carrier: so a request is on its way at
 * once, and nobody is woken for it. But to write to a tap is to run the host's
 * protocols up to the receiver, which takes longer than to make the packet. So
 * when the carrier has written much without a pause, the service thread goes on
 * until the queue is empty, and the program with making packets.
 */
#include <errno.h>
#include <stddef.h>
#include <sys/epoll.h>
#include "poll.h"
#include "virtio_net.h"

/* What the carrier writes itself after each pause: two of the longest packets. */
#define RUN_BYTES (128 << 10)

/* Packets that the service thread sends before it looks for timers. */
#define CHORE_PACKETS 32

/* Values of tx_owner. */
enum {
	OWNER_CARRIER,
	OWNER_SERVICE,
	OWNER_SERVICE_MORE,	/* the driver has notified it meanwhile */
};

static ssize_t backend_tx(struct backend *b, const struct iovec *iov, int n)
{
	struct iovec bare[VIRTQ_MAX_CHAIN];

	if (b->vnet_hdr)
		return b->ops->tx(b, iov, n);
	return b->ops->tx(b, bare, virtio_net_skip_header(bare, iov, n));
}

static void watch_output(struct virtio_net *net, bool wanted)
{
	/* Where that is another descriptor, it is always watched. */
	if (net->source < 0 || net->backend->other_events & EPOLLOUT ||
	    !poll_change(net->source, wanted ? EPOLLIN | EPOLLOUT : EPOLLIN))
		return;
	net->source = -1;
	virtio_net_link_lost(net);
}

/* Takes a packet. Return: 1; 0 when there is none, or the queue is broken. */
static int take_packet(struct virtq *q, struct iovec *iov,
		       struct virtq_chain *chain)
{
	if (virtq_get(q, iov, chain) <= 0)
		return 0;
	if (chain->in || chain->out_len < VNET_HDR_LEN) {
		virtq_breaks(q);
		return 0;
	}
	return 1;
}

/*
 * Sends one packet. Return: 1; 0 when there was none, or the queue is broken;
 * a negative errno of the backend, of which -EAGAIN leaves the packet queued.
 */
static int send_packet(struct virtio_net *net, uint32_t *len)
{
	struct virtq *q = &net->queues[VIRTIO_NET_TXQ];
	struct iovec iov[VIRTQ_MAX_CHAIN];
	struct virtq_chain chain;
	ssize_t err = 0;

	if (!take_packet(q, iov, &chain))
		return 0;
	/* Without a link, packets go nowhere. */
	if (virtio_net_link_is_up(net))
		err = backend_tx(net->backend, iov, chain.out);
	if (err == -EAGAIN)
		virtq_unget(q, 1);
	else
		virtq_put(q, chain.head, 0);
	*len = chain.out_len;
	return err < 0 ? err : 1;
}

/*
 * Sends some packets in one host call, of *@len bytes. Return: how many, or as
 * send_packet(); -ENOSYS when they have to be sent one by one.
 */
static int send_burst(struct virtio_net *net, uint32_t *len)
{
	struct virtq *q = &net->queues[VIRTIO_NET_TXQ];
	struct backend *b = net->backend;
	struct burst_write packets[BURST_MAX];
	struct virtq_chain chains[BURST_MAX];
	int i, n = 0, sent;

	if (!b->ops->tx_burst || net->tx_single || !virtio_net_link_is_up(net))
		return -ENOSYS;
	while (n < BURST_MAX && take_packet(q, net->tx_iov[n], &chains[n])) {
		packets[n].iov = net->tx_iov[n];
		packets[n].n = b->vnet_hdr ? chains[n].out :
			       virtio_net_skip_header(net->tx_iov[n],
						      net->tx_iov[n],
						      chains[n].out);
		n++;
	}
	if (!n)
		return 0;
	sent = b->ops->tx_burst(b, packets, n);
	net->tx_single = sent == -ENOSYS;
	*len = 0;
	for (i = 0; i < sent; i++) {
		virtq_put(q, chains[i].head, 0);
		*len += chains[i].out_len;
	}
	virtq_unget(q, n - i);
	return sent;
}

/* ------------------------------------------------------------------------ */
/* By the service thread                                                     */

static void serve(struct chore *chore)
{
	struct virtio_net *net = (struct virtio_net *)
		((char *)chore - offsetof(struct virtio_net, tx_chore));
	struct virtq *q = &net->queues[VIRTIO_NET_TXQ];
	unsigned int owner;
	int err, n = 0;
	uint32_t len;

	for (;;) {
		err = send_burst(net, &len);
		if (err == -ENOSYS)
			err = send_packet(net, &len);
		if (err > 0) {
			if (virtq_publish(q))
				virtio_interrupt(&net->dev);
			n += err;
			if (n < CHORE_PACKETS)
				continue;
			chore_want(chore);
			return;
		}
		if (err < 0 || q->broken)
			break;
		if (virtq_ask_notify(q) || q->broken)
			continue;
		owner = OWNER_SERVICE;
		if (atomic_compare_exchange_strong(&net->tx_owner, &owner,
						   OWNER_CARRIER))
			return;
		atomic_store(&net->tx_owner, OWNER_SERVICE);
	}
	/*
	 * The carrier tries again, itself: else it would hand over to a backend
	 * that is full, and get it back, until that has room.
	 */
	net->tx_run = 0;
	atomic_store(&net->tx_owner, OWNER_CARRIER);
	poll_report(net->source, EPOLLOUT);
}

/* ------------------------------------------------------------------------ */
/* By the carrier                                                            */

/* Whether the service thread has the queue; it sees what is new in it then. */
static bool is_served(struct virtio_net *net)
{
	if (atomic_load_explicit(&net->tx_owner, memory_order_acquire) ==
	    OWNER_CARRIER)
		return false;
	if (atomic_exchange(&net->tx_owner, OWNER_SERVICE_MORE) ==
	    OWNER_CARRIER) {
		atomic_store(&net->tx_owner, OWNER_CARRIER);
		return false;
	}
	return true;
}

/* Whether the carrier has sent so much that another one should. */
static bool hand_over(struct virtio_net *net)
{
	unsigned int waits = poll_waits();

	if (net->tx_waits != waits) {
		net->tx_waits = waits;
		net->tx_run = 0;
	}
	if (net->tx_run < RUN_BYTES || !net->backend->concurrent ||
	    !virtio_net_link_is_up(net) || chores_ended())
		return false;
	atomic_store(&net->tx_owner, OWNER_SERVICE);
	chore_want(&net->tx_chore);
	return true;
}

static int send_some(struct virtio_net *net, uint32_t *len)
{
	int err = net->backend->joins ? send_burst(net, len) : -ENOSYS;

	return err == -ENOSYS ? send_packet(net, len) : err;
}

void virtio_net_transmit(struct virtio_net *net)
{
	struct virtq *q = &net->queues[VIRTIO_NET_TXQ];
	uint32_t len;
	int err;

	if (is_served(net) || hand_over(net)) {
		lkl_kernel_bulk();
		return;
	}
	do {
		while ((err = send_some(net, &len)) > 0)
			net->tx_run += len;
	} while (!err && virtq_ask_notify(q));
	virtio_flush(&net->dev, q);
	if (net->tx_run >= BULK_BYTES)
		lkl_kernel_bulk();

	if (err == -EAGAIN && !net->tx_blocked) {
		net->tx_blocked = true;
		watch_output(net, true);
	} else if (err < 0 && err != -EAGAIN) {
		virtio_net_link_lost(net);
	} else if (err >= 0 && net->tx_blocked) {
		net->tx_blocked = false;
		watch_output(net, false);
	}
}

void virtio_net_tx_start(struct virtio_net *net)
{
	net->tx_run = 0;
	net->tx_single = false;
	net->tx_chore.run = serve;
	chore_add(&net->tx_chore);
}

void virtio_net_tx_reset(struct virtio_net *net)
{
	chore_remove(&net->tx_chore);
	atomic_store(&net->tx_owner, OWNER_CARRIER);
	net->tx_blocked = false;
}
