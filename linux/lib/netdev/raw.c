// SPDX-License-Identifier: GPL-2.0-only
/*
 * A packet socket on an interface of the host (packet(7)): LKL is one more
 * station on that wire.
 *
 * The host goes on using the interface: LKL needs addresses of its own. What
 * the host's driver has merged, or left without a checksum, comes with a header
 * that says so (PACKET_VNET_HDR).
 */
#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <stdlib.h>
#include <string.h>
#include "../host.h"
#include "../virtio_net.h"
#include "backend.h"

/* In case the host's headers are older: Linux 4.20 and 6.4. */
#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif
#ifndef PACKET_VNET_HDR_SZ
#define PACKET_VNET_HDR_SZ 24
#endif

/* struct virtio_net_hdr, without the number of buffers. */
#define SHORT_HDR_LEN 10

/* Its start (virtio 1.2, 5.1.6); it is in the byte order of the host. */
struct vnet_header {
	uint8_t flags;
#define NEEDS_CSUM 1
	uint8_t gso_type;
	uint16_t hdr_len;
	uint16_t gso_size;
	uint16_t csum_start;
	uint16_t csum_offset;
};

/* Where the tag of a VLAN stands in a frame, and its bytes. */
#define TAG_AT (2 * ETH_ALEN)
#define TAG_LEN 4

/* A burst of the longest packets. */
#define RECEIVE_BYTES (4 << 20)

/**
 * struct raw - its state
 * @short_header: the host leaves out the last two bytes of the header.
 * @ifindex: of the host's interface.
 */
struct raw {
	struct backend b;
	bool short_header;
	int ifindex;
};

/* Whether the interface is there no more. */
static bool is_gone(const struct raw *raw)
{
	struct ifreq ifr = { .ifr_ifindex = raw->ifindex };

	return host_ioctl(raw->b.fd, SIOCGIFNAME, &ifr) == -ENODEV;
}

/* Leaves out what the host does not know of the header. */
static int shorten(struct iovec *to, const struct iovec *iov, int n)
{
	size_t at = 0, end, keep;
	int i, count = 0;

	for (i = 0; i < n; i++, at = end) {
		char *base = iov[i].iov_base;
		size_t len = iov[i].iov_len;

		end = at + len;
		if (at < SHORT_HDR_LEN) {
			keep = end < SHORT_HDR_LEN ? len : SHORT_HDR_LEN - at;
			to[count++] = (struct iovec){ base, keep };
		}
		if (end > VNET_HDR_LEN) {
			keep = at < VNET_HDR_LEN ? end - VNET_HDR_LEN : len;
			to[count++] = (struct iovec){ base + len - keep, keep };
		}
	}
	return count;
}

/*
 * The tag of a VLAN that the host has taken out of a frame, or was to its driver
 * from the start (PACKET_AUXDATA). Return: whether there is one.
 */
static bool find_tag(struct msghdr *msg, uint16_t tag[2])
{
	const struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	struct tpacket_auxdata aux;

	if (!c || c->cmsg_level != SOL_PACKET || c->cmsg_type != PACKET_AUXDATA)
		return false;
	memcpy(&aux, CMSG_DATA(c), sizeof(aux));
	tag[0] = htons(aux.tp_status & TP_STATUS_VLAN_TPID_VALID ?
		       aux.tp_vlan_tpid : ETH_P_8021Q);
	tag[1] = htons(aux.tp_vlan_tci);
	return aux.tp_status & TP_STATUS_VLAN_VALID;
}

/* The offsets of the header count from the start of the frame. */
static void move_offsets(struct vnet_header *header)
{
	if (header->hdr_len)
		header->hdr_len += TAG_LEN;
	if (header->flags & NEEDS_CSUM)
		header->csum_start += TAG_LEN;
}

/*
 * Puts a tag back: what follows goes up by its length. Return: the new length of
 * the @len bytes in @iov, or 0 when they are no frame or have no room.
 */
static ssize_t put_tag(const struct iovec *iov, int n, size_t len,
		       const uint16_t tag[2])
{
	size_t skip = VNET_HDR_LEN + TAG_AT, left = len + TAG_LEN - skip, part;
	uint8_t carry[TAG_LEN], all[2 * TAG_LEN];

	if (len < skip || len + TAG_LEN > iov_length(iov, n) ||
	    iov->iov_len < VNET_HDR_LEN)
		return 0;
	move_offsets(iov->iov_base);
	memcpy(carry, tag, TAG_LEN);
	for (; left; iov++) {
		uint8_t *at = (uint8_t *)iov->iov_base + skip;

		if (skip >= iov->iov_len) {
			skip -= iov->iov_len;
			continue;
		}
		part = iov->iov_len - skip < left ? iov->iov_len - skip : left;
		skip = 0;
		left -= part;
		if (part >= TAG_LEN) {
			memcpy(all, at + part - TAG_LEN, TAG_LEN);
			memmove(at + TAG_LEN, at, part - TAG_LEN);
			memcpy(at, carry, TAG_LEN);
			memcpy(carry, all, TAG_LEN);
		} else {
			memcpy(all, carry, TAG_LEN);
			memcpy(all + TAG_LEN, at, part);
			memcpy(at, all, part);
			memcpy(carry, all + part, TAG_LEN);
		}
	}
	return len + TAG_LEN;
}

static ssize_t raw_rx(struct backend *b, const struct iovec *iov, int n)
{
	static struct iovec shorter[RX_WINDOW + 1];	/* there is one carrier */
	struct raw *raw = (struct raw *)b;
	union {
		struct cmsghdr first;
		char room[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	} control;
	struct msghdr msg = { .msg_iov = (struct iovec *)iov, .msg_iovlen = n };
	uint16_t tag[2];
	ssize_t len;

	if (raw->short_header) {
		msg.msg_iov = shorter;
		msg.msg_iovlen = shorten(shorter, iov, n);
	}
	do {
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
		len = host_recvmsg(b->fd, &msg, MSG_DONTWAIT);
		/* Down for now, or for good; other errors concern one packet. */
		if (len == -ENETDOWN && is_gone(raw))
			return -ENODEV;
	} while (len < 0 && len != -EAGAIN && len != -EBADF);
	if (len <= 0)
		return len;
	if (raw->short_header)
		len += VNET_HDR_LEN - SHORT_HDR_LEN;
	return find_tag(&msg, tag) ? put_tag(iov, n, len, tag) : len;
}

static ssize_t raw_tx(struct backend *b, const struct iovec *iov, int n)
{
	static struct iovec shorter[VIRTQ_MAX_CHAIN + 1];
	struct raw *raw = (struct raw *)b;
	struct msghdr msg = { .msg_iov = (struct iovec *)iov, .msg_iovlen = n };
	ssize_t len;

	if (raw->short_header) {
		msg.msg_iov = shorter;
		msg.msg_iovlen = shorten(shorter, iov, n);
	}
	len = host_sendmsg(b->fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (len == -ENXIO || len == -ENODEV)
		return is_gone(raw) ? -ENODEV : 0;
	return len >= 0 || len == -EAGAIN ? len : 0;
}

static const struct backend_ops raw_ops = {
	.rx = raw_rx,
	.tx = raw_tx,
	.close = backend_close,
};

static int check_name(const char *name, struct backend_error *error)
{
	if (!name || !*name)
		return backend_fail(error, -EINVAL,
			"type 'raw' needs the name of an interface of the host as 'param', for example 'eth0'");
	if (strlen(name) >= IFNAMSIZ)
		return backend_fail(error, -ENAMETOOLONG,
			"interface '%s': the name is too long: interface names have at most %d characters",
			name, IFNAMSIZ - 1);
	return 0;
}

/* Finds the interface, and looks whether it suits. */
static int look_up(struct raw *raw, const char *name,
		   struct backend_error *error)
{
	struct ifreq ifr = { 0 };

	strcpy(ifr.ifr_name, name);
	if (host_ioctl(raw->b.fd, SIOCGIFINDEX, &ifr))
		return backend_fail(error, -ENODEV,
			"interface '%s' does not exist in this network namespace: choose one that 'ip link show' has on the host",
			name);
	raw->ifindex = ifr.ifr_ifindex;
	if (host_ioctl(raw->b.fd, SIOCGIFHWADDR, &ifr) ||
	    ifr.ifr_hwaddr.sa_family != ARPHRD_ETHER)
		return backend_fail(error, -EINVAL,
			"interface '%s' is no Ethernet interface: choose one that is",
			name);
	if (!host_ioctl(raw->b.fd, SIOCGIFMTU, &ifr))
		raw->b.mtu_max = ifr.ifr_mtu;
	return 0;
}

static int set_option(int fd, int name, int value)
{
	return host_setsockopt(fd, SOL_PACKET, name, &value, sizeof(value));
}

/* Headers, all packets that are not the host's own, and room for them. */
static int configure(struct raw *raw)
{
	struct packet_mreq everything = {
		.mr_ifindex = raw->ifindex,
		.mr_type = PACKET_MR_PROMISC,
	};
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = raw->ifindex,
	};
	int fd = raw->b.fd, room = RECEIVE_BYTES, err = 0;

	if (set_option(fd, PACKET_VNET_HDR_SZ, VNET_HDR_LEN)) {
		raw->short_header = true;
		err = set_option(fd, PACKET_VNET_HDR, 1);
	}
	if (!err)
		err = set_option(fd, PACKET_IGNORE_OUTGOING, 1);
	if (!err)
		err = set_option(fd, PACKET_AUXDATA, 1);
	if (!err)
		err = host_setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP,
				      &everything, sizeof(everything));
	/* Beyond the limit only with CAP_NET_ADMIN: else what there is. */
	if (!err && host_setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room,
				    sizeof(room)))
		host_setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room,
				sizeof(room));
	return err ? err : host_bind(fd, &addr, sizeof(addr));
}

int raw_open(const struct lkl_netdev_args *args, struct backend **backend,
	     struct backend_error *error)
{
	const char *param = args->param;
	struct raw *raw;
	int fd, err;

	err = check_name(param, error);
	if (err)
		return err;
	fd = host_fd_hide(host_socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
	if (fd == -EPERM || fd == -EACCES)
		return backend_fail(error, fd,
			"interface '%s': a packet socket needs CAP_NET_RAW: run as root, or use type 'user', which needs no rights",
			param);
	if (fd < 0)
		return backend_fail(error, fd, "interface '%s': socket: %s",
				    param, strerror(-fd));
	raw = backend_new(sizeof(*raw), &raw_ops, fd);
	if (!raw) {
		host_close(fd);
		return backend_fail(error, -ENOMEM, "interface '%s': %s", param,
				    strerror(ENOMEM));
	}
	err = look_up(raw, param, error);
	if (!err) {
		err = configure(raw);
		if (err)
			backend_fail(error, err,
				"interface '%s': the host's packet socket: %s",
				param, strerror(-err));
	}
	if (err) {
		backend_close(&raw->b);
		return err;
	}
	raw->b.vnet_hdr = true;
	/* The host gives us what its driver has merged, asked for or not. */
	raw->b.always = VIRTIO_NET_F_MRG_RXBUF;
	raw->b.features = VIRTIO_NET_F_MRG_RXBUF | VIRTIO_NET_F_CSUM |
			  VIRTIO_NET_F_GUEST_CSUM | VIRTIO_NET_F_GUEST_TSO4 |
			  VIRTIO_NET_F_GUEST_TSO6 | VIRTIO_NET_F_GUEST_ECN |
			  VIRTIO_NET_F_GUEST_UFO | VIRTIO_NET_F_HOST_TSO4 |
			  VIRTIO_NET_F_HOST_TSO6 | VIRTIO_NET_F_HOST_ECN |
			  VIRTIO_NET_F_HOST_UFO;
	*backend = &raw->b;
	return 0;
}
