// SPDX-License-Identifier: GPL-2.0-only
/*
 * libslirp: packets are translated to the sockets of an ordinary user, in this
 * process.
 *
 * A thread of its own runs the library (slirp_thread.c); packets go to and from
 * it through two rings. It has a descriptor table of its own, too, so that the
 * program never meets the library's sockets.
 *
 * LKL may send TCP in pieces larger than its MTU, and leave checksums open: there
 * is no wire, and the library's work is by the packet.
 */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include "../own_fds.h"
#include "../own_thread.h"
#include "../virtio_net.h"
#include "checksum.h"
#include "slirp.h"
#include "slirp_publish.h"
#include "user_net.h"

static ssize_t slirp_rx(struct backend *b, const struct iovec *iov, int n)
{
	struct slirp *s = (struct slirp *)b;
	size_t len;
	uint8_t *packet = ring_peek(&s->in, &len);
	ssize_t copied;

	if (!packet)
		return -EAGAIN;
	/* Some have their checksum still open. */
	if (!s->rx_flags)
		checksum_complete(packet, len);
	if (!s->rx_flags || !(packet[0] & VNET_HDR_NEEDS_CSUM))
		packet[0] = s->rx_flags;
	copied = iov_copy(iov, n, packet, len);
	if (ring_pop(&s->in))
		host_futex_wake(&s->in.blocked, 1);
	return copied;
}

static ssize_t slirp_tx(struct backend *b, const struct iovec *iov, int n)
{
	struct slirp *s = (struct slirp *)b;
	size_t len = iov_length(iov, n);

	if (len > BACKEND_FRAME_MAX + VNET_HDR_LEN)
		return 0;
	__atomic_store_n(&s->cpu, sched_getcpu(), __ATOMIC_RELAXED);
	if (!ring_put(&s->out, iov, n))
		return -EAGAIN;
	if (ring_wakes_reader(&s->out))
		slirp_wake(s->wake);
	return len;
}

/* In memory packets do not change. */
static int slirp_set_offload(struct backend *b, uint64_t features)
{
	struct slirp *s = (struct slirp *)b;

	s->rx_flags = features & VIRTIO_NET_F_GUEST_CSUM ?
		      VNET_HDR_DATA_VALID : 0;
	return 0;
}

static void slirp_close(struct backend *b)
{
	struct slirp *s = (struct slirp *)b;

	__atomic_store_n(&s->closing, true, __ATOMIC_SEQ_CST);
	__atomic_store_n(&s->in.blocked, 0, __ATOMIC_SEQ_CST);
	host_futex_wake(&s->in.blocked, 1);
	slirp_wake(s->wake);
	pthread_join(s->thread, NULL);
	own_fd_close(s->wake);
	own_fd_close(s->b.fd);
	free(s);
}

static const struct backend_ops slirp_ops = {
	.rx = slirp_rx,
	.tx = slirp_tx,
	.set_offload = slirp_set_offload,
	.close = slirp_close,
};

/* Return: 0 or a negative errno. */
static int start_thread(struct slirp *s)
{
	/* Signals are for the program's threads; but 32 and 33 are libc's own. */
	const uint64_t most = ~(3ULL << 31);
	uint64_t old;
	int err;

	host_sigmask(SIG_SETMASK, &most, &old);
	err = own_thread_create(&s->thread, NULL, slirp_serve, s);
	host_sigmask(SIG_SETMASK, &old, NULL);
	while (!err && !__atomic_load_n(&s->ready, __ATOMIC_ACQUIRE))
		host_futex_wait(&s->ready, 0, NULL);
	return -err;
}

/* Makes what either side wakes the other by. Return: 0 or a negative errno. */
static int make_events(struct slirp *s)
{
	s->in.starved = 1;
	s->out.starved = 1;
	s->b.fd = host_fd_hide(host_eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
	if (s->b.fd < 0)
		return s->b.fd;
	/* Whoever runs LKL, the service thread too, writes to it. */
	s->wake = own_fd_keep(host_fd_hide(
			host_eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)));
	if (s->wake >= 0)
		return 0;
	host_close(s->b.fd);
	return s->wake;
}

static int start(struct slirp *s, struct backend_error *error)
{
	int err = make_events(s);

	if (!err) {
		err = start_thread(s);
		if (err) {
			own_fd_close(s->b.fd);
			own_fd_close(s->wake);
		}
	}
	if (err) {
		free(s);
		return backend_fail(error, err, "type 'slirp': %s",
				    strerror(-err));
	}
	if (s->set_error)
		err = backend_fail(error, s->set_error, "type 'slirp': %s",
				   strerror(-s->set_error));
	else if (!s->library)
		err = backend_fail(error, -ENOTSUP,
			"type 'slirp': libslirp does not start: install another version of the package libslirp0");
	else if (s->publish_error)
		err = slirp_explain_port(&s->ports[s->failed],
					 s->publish_error, error);
	if (err)
		slirp_close(&s->b);
	return err;
}

int slirp_open(const struct lkl_netdev_args *args, struct backend **backend,
	       struct backend_error *error)
{
	struct slirp *s = backend_new(sizeof(*s), &slirp_ops, -1);
	int err;

	if (!s)
		return backend_fail(error, -ENOMEM, "type 'slirp': %s",
				    strerror(ENOMEM));
	s->ip = args->ip ? args->ip : USER_NET_IP;
	s->ipv6 = args->ipv6 ? args->ipv6 : USER_NET_IP6;
	s->port_count = publish_parse(args->param, s->ports, error);
	err = s->port_count < 0 ? s->port_count :
	      plugin_load("libslirp.so.0", "libslirp0", slirp_symbols,
			  error);
	if (err) {
		free(s);
		return err;
	}
	err = start(s, error);
	if (err)
		return err;
	s->b.vnet_hdr = true;
	s->b.features |= VIRTIO_NET_F_CSUM | VIRTIO_NET_F_GUEST_CSUM |
			 VIRTIO_NET_F_HOST_TSO4 | VIRTIO_NET_F_HOST_TSO6 |
			 VIRTIO_NET_F_HOST_ECN;
	s->b.network = &slirp_network;
	*backend = &s->b;
	return 0;
}
