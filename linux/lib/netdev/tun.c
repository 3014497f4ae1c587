// SPDX-License-Identifier: GPL-2.0-only
/*
 * A descriptor of the host's tun driver, or of its macvtap:
 * Documentation/networking/tuntap.rst.
 *
 * Packets carry virtio-net's own header (IFF_VNET_HDR), so that checksums and
 * segmentation are left to whoever ends up with the packet.
 */
#include <linux/if_tun.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include "../burst.h"
#include "../host.h"
#include "../virtio_net.h"
#include "backend.h"

/* TUN_F_* of Linux 6.2 on, in case the host's headers are older. */
#define F_USO4 0x20
#define F_USO6 0x40

/* What our reader may be given, as the driver and as the host call it. */
static const struct {
	uint64_t feature;
	unsigned int flag;
} offloads[] = {
	{ VIRTIO_NET_F_GUEST_CSUM, TUN_F_CSUM },
	{ VIRTIO_NET_F_GUEST_TSO4, TUN_F_TSO4 },
	{ VIRTIO_NET_F_GUEST_TSO6, TUN_F_TSO6 },
	{ VIRTIO_NET_F_GUEST_ECN, TUN_F_TSO_ECN },
	{ VIRTIO_NET_F_GUEST_UFO, TUN_F_UFO },
	{ VIRTIO_NET_F_GUEST_USO4, F_USO4 },
	{ VIRTIO_NET_F_GUEST_USO6, F_USO6 },
};

/* Any host with IFF_VNET_HDR takes these from us, and gives them to us. */
#define FEATURES_ALWAYS							\
	(VIRTIO_NET_F_CSUM | VIRTIO_NET_F_GUEST_CSUM |			\
	 VIRTIO_NET_F_GUEST_TSO4 | VIRTIO_NET_F_GUEST_TSO6 |		\
	 VIRTIO_NET_F_GUEST_ECN | VIRTIO_NET_F_GUEST_UFO |		\
	 VIRTIO_NET_F_HOST_TSO4 | VIRTIO_NET_F_HOST_TSO6 |		\
	 VIRTIO_NET_F_HOST_ECN | VIRTIO_NET_F_HOST_UFO)

#define FEATURES_USO							\
	(VIRTIO_NET_F_GUEST_USO4 | VIRTIO_NET_F_GUEST_USO6 |		\
	 VIRTIO_NET_F_HOST_USO)

static ssize_t tun_rx(struct backend *b, const struct iovec *iov, int n)
{
	ssize_t len;

	/* Other errors concern one packet, which the host has dropped. */
	do
		len = host_readv(b->fd, iov, n);
	while (len < 0 && len != -EAGAIN && len != -EBADFD);
	return len;
}

/* Whether a packet is still ours: -EIO means that the host's end is down. */
static bool is_left(ssize_t result)
{
	return result == -EAGAIN || result == -EBADFD;
}

static ssize_t tun_tx(struct backend *b, const struct iovec *iov, int n)
{
	ssize_t len = host_writev(b->fd, iov, n);

	return len >= 0 || is_left(len) ? len : 0;
}

static int tun_tx_burst(struct backend *b, struct burst_write *packets,
			unsigned int n)
{
	int err = burst_write(b->fd, packets, n);

	if (err)
		return -ENOSYS;
	/* What is left before one that went has lost its turn. */
	while (n && is_left(packets[n - 1].result))
		n--;
	return n ? (int)n : packets[0].result;
}

static int tun_set_offload(struct backend *b, uint64_t features)
{
	unsigned long flags = 0;
	size_t i;

	for (i = 0; i < sizeof(offloads) / sizeof(offloads[0]); i++)
		if (features & offloads[i].feature)
			flags |= offloads[i].flag;
	/* The host knows these two only together. */
	if (!(flags & F_USO4) || !(flags & F_USO6))
		flags &= ~(unsigned long)(F_USO4 | F_USO6);
	return host_ioctl(b->fd, TUNSETOFFLOAD, (void *)flags);
}

static const struct backend_ops tun_ops = {
	.rx = tun_rx,
	.tx = tun_tx,
	.tx_burst = tun_tx_burst,
	.set_offload = tun_set_offload,
	.close = backend_close,
};

/* What this host's tap can do is found out by asking for it. */
static int configure(struct backend *b)
{
	int header = VNET_HDR_LEN;
	int err = host_ioctl(b->fd, TUNSETVNETHDRSZ, &header);

	if (err)
		return err;
	b->features = VIRTIO_NET_F_MRG_RXBUF | FEATURES_ALWAYS | FEATURES_USO;
	if (tun_set_offload(b, b->features))
		b->features &= ~FEATURES_USO;
	/* Until the driver has said what it takes: plain packets. */
	return tun_set_offload(b, 0);
}

int tun_backend(int fd, struct backend **backend)
{
	struct backend *b = backend_new(sizeof(*b), &tun_ops, fd);
	int err;

	if (!b)
		return -ENOMEM;
	b->vnet_hdr = true;
	b->concurrent = true;
	err = configure(b);
	if (err)
		free(b);
	else
		*backend = b;
	return err;
}
