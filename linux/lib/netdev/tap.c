// SPDX-License-Identifier: GPL-2.0-only
/*
 * A tap device of the host: Documentation/networking/tuntap.rst.
 *
 * Packets carry virtio-net's own header (IFF_VNET_HDR), so that checksums and
 * segmentation are left to whoever ends up with the packet.
 */
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include "../host.h"
#include "../virtio_net.h"
#include "backend.h"

#define TUN_PATH "/dev/net/tun"

/* TUN_F_* of Linux 6.2 on, in case the host's headers are older. */
#define F_USO4 0x20
#define F_USO6 0x40

/* Attaching one more queue to a multi-queue device needs the flag. */
static const short attach_flags[] = {
	IFF_TAP | IFF_NO_PI | IFF_VNET_HDR,
	IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | IFF_MULTI_QUEUE,
};

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

static ssize_t tap_rx(struct backend *b, const struct iovec *iov, int n)
{
	ssize_t len;

	/* Other errors concern one packet, which the host has dropped. */
	do
		len = host_readv(b->fd, iov, n);
	while (len < 0 && len != -EAGAIN && len != -EBADFD);
	return len;
}

static ssize_t tap_tx(struct backend *b, const struct iovec *iov, int n)
{
	ssize_t len = host_writev(b->fd, iov, n);

	/* -EIO, for example: the host's end is down, as a pulled plug. */
	return len >= 0 || len == -EAGAIN || len == -EBADFD ? len : 0;
}

static int tap_set_offload(struct backend *b, uint64_t features)
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

static void tap_close(struct backend *b)
{
	host_close(b->fd);
	free(b);
}

static const struct backend_ops tap_ops = {
	.rx = tap_rx,
	.tx = tap_tx,
	.set_offload = tap_set_offload,
	.close = tap_close,
};

/* Whether the network namespace has an interface called @name. */
static bool interface_exists(const char *name)
{
	struct ifreq ifr = { 0 };
	int fd, err;

	/* Any socket will do for the question (netdevice(7)). */
	fd = host_socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return true;	/* then opening has the last word */
	strcpy(ifr.ifr_name, name);
	err = host_ioctl(fd, SIOCGIFINDEX, &ifr);
	host_close(fd);
	return err != -ENODEV;
}

static int check_name(const char *name, struct backend_error *error)
{
	if (!name || !*name)
		return backend_fail(error, -EINVAL,
			"type 'tap' needs the name of a tap device as 'param', for example 'tap0'");
	if (strlen(name) >= IFNAMSIZ)
		return backend_fail(error, -ENAMETOOLONG,
			"tap device '%s': the name is too long: interface names have at most %d characters",
			name, IFNAMSIZ - 1);
	/* The host would make a device of it that vanishes at the end. */
	if (!interface_exists(name))
		return backend_fail(error, -ENODEV,
			"tap device '%s' does not exist in this network namespace: create it with: ip tuntap add dev %s mode tap user \"$USER\" && ip link set dev %s up",
			name, name, name);
	return 0;
}

static int attach(int fd, const char *name)
{
	struct ifreq ifr;
	size_t i;
	int err;

	for (i = 0; i < sizeof(attach_flags) / sizeof(attach_flags[0]); i++) {
		memset(&ifr, 0, sizeof(ifr));
		strcpy(ifr.ifr_name, name);
		ifr.ifr_flags = attach_flags[i];
		err = host_ioctl(fd, TUNSETIFF, &ifr);
		if (err != -EINVAL)
			break;
	}
	return err;
}

static int explain_open(int err, const char *name, struct backend_error *error)
{
	switch (err) {
	case -ENOENT:
	case -ENODEV:
	case -ENXIO:
		return backend_fail(error, err,
			"tap device '%s': the host has no " TUN_PATH ": load the module with: modprobe tun (in a container, pass the device in: --device " TUN_PATH ")",
			name);
	case -EACCES:
	case -EPERM:
		return backend_fail(error, err,
			"tap device '%s': no permission to open " TUN_PATH ": run: chmod 666 " TUN_PATH " (it gives no rights by itself)",
			name);
	default:
		return backend_fail(error, err, "tap device '%s': open "
				    TUN_PATH ": %s", name, strerror(-err));
	}
}

static int explain_attach(int err, const char *name,
			  struct backend_error *error)
{
	switch (err) {
	case -EBUSY:
		return backend_fail(error, err,
			"tap device '%s' is in use by another program: end that one (see: ip -d tuntap show), or use another device",
			name);
	case -EPERM:
		return backend_fail(error, err,
			"tap device '%s': no permission: create it for yourself with: ip tuntap add dev %s mode tap user \"$USER\", or run with CAP_NET_ADMIN",
			name, name);
	case -EINVAL:
		return backend_fail(error, err,
			"'%s' is not a tap device: it is an interface of another kind; create one with: ip tuntap add dev tap0 mode tap",
			name);
	case -E2BIG:
		return backend_fail(error, err,
			"tap device '%s' has no free queue: end a program that uses it (see: ip -d tuntap show), or use another device",
			name);
	default:
		return backend_fail(error, err, "tap device '%s': attach: %s",
				    name, strerror(-err));
	}
}

/* What this host's tap can do is found out by asking for it. */
static int configure(struct backend *b)
{
	int header = VNET_HDR_LEN;
	int err = host_ioctl(b->fd, TUNSETVNETHDRSZ, &header);

	if (err)
		return err;
	b->features = VIRTIO_NET_F_MRG_RXBUF | FEATURES_ALWAYS | FEATURES_USO;
	if (tap_set_offload(b, b->features))
		b->features &= ~FEATURES_USO;
	/* Until the driver has said what it takes: plain packets. */
	return tap_set_offload(b, 0);
}

int tap_open(const char *param, struct backend **backend,
	     struct backend_error *error)
{
	struct backend *b;
	int fd, err;

	err = check_name(param, error);
	if (err)
		return err;

	fd = host_fd_hide(host_open(TUN_PATH, O_RDWR | O_NONBLOCK));
	if (fd < 0)
		return explain_open(fd, param, error);
	err = attach(fd, param);
	if (err) {
		explain_attach(err, param, error);
		goto close;
	}

	b = calloc(1, sizeof(*b));
	if (!b) {
		err = backend_fail(error, -ENOMEM, "tap device '%s': %s", param,
				   strerror(ENOMEM));
		goto close;
	}
	b->ops = &tap_ops;
	b->fd = fd;
	b->vnet_hdr = true;
	err = configure(b);
	if (err) {
		backend_fail(error, err,
			     "tap device '%s': the host's driver lacks packet headers: %s",
			     param, strerror(-err));
		free(b);
		goto close;
	}
	*backend = b;
	return 0;

close:
	host_close(fd);
	return err;
}
