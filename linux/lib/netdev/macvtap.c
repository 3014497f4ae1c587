// SPDX-License-Identifier: GPL-2.0-only
/*
 * A macvtap device of the host, /dev/tapN: an interface of its own on the wire
 * of another one, without a bridge.
 *
 * When the interface is removed the descriptor says nothing of it, and packets
 * go nowhere: what the host tells of its interfaces (rtnetlink(7)) is listened
 * to, and each time the descriptor is asked whether it has an interface still.
 */
#include <linux/if_tun.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include "../host.h"
#include "backend.h"

#define PREFIX "/dev/tap"

static int check_path(const char *path, struct backend_error *error)
{
	const char *number = path ? path + strlen(PREFIX) : NULL;

	if (path && !strncmp(path, PREFIX, strlen(PREFIX)) && *number &&
	    strspn(number, "0123456789") == strlen(number))
		return 0;
	return backend_fail(error, -EINVAL,
		"param '%s': type 'macvtap' needs a device as \"param\": \"/dev/tap5\", where 5 is the interface's index: see ip link show type macvtap",
		path ? path : "");
}

static int explain(int err, const char *path, struct backend_error *error)
{
	switch (err) {
	case -ENOENT:
	case -ENODEV:
	case -ENXIO:
		return backend_fail(error, err,
			"macvtap device '%s' does not exist: create it with: ip link add link eth0 name macvtap0 type macvtap mode bridge && ip link set macvtap0 up (its number is in /sys/class/net/macvtap0/ifindex; where the type is unknown: modprobe macvtap)",
			path);
	case -EACCES:
	case -EPERM:
		return backend_fail(error, err,
			"macvtap device '%s': no permission: run: chown \"$USER\" %s",
			path, path);
	case -EBUSY:
		return backend_fail(error, err,
			"macvtap device '%s' is in use by another program: end that one, or use another device",
			path);
	default:
		return backend_fail(error, err, "macvtap device '%s': %s", path,
				    strerror(-err));
	}
}

/* Return: the descriptor that tells of changes, or a negative errno. */
static int watch_links(void)
{
	const struct sockaddr_nl addr = {
		.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_LINK,
	};
	int fd = host_fd_hide(host_socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
					  NETLINK_ROUTE));
	int err = fd < 0 ? fd : host_bind(fd, &addr, sizeof(addr));

	if (err && fd >= 0)
		host_close(fd);
	return err ? err : fd;
}

/* Forgets what was told. Return: whether there was something. */
static bool take_news(int fd)
{
	char text[64];
	struct iovec iov = { text, sizeof(text) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	bool news = false;
	ssize_t len;

	/* What is told too fast to be kept was told all the same. */
	while ((len = host_recvmsg(fd, &msg, MSG_DONTWAIT)) >= 0 ||
	       len == -ENOBUFS)
		news = true;
	return news;
}

/* Those of the tun driver, of which only reading differs. */
static const struct backend_ops *tun_ops;

static ssize_t macvtap_rx(struct backend *b, const struct iovec *iov, int n)
{
	ssize_t len = tun_ops->rx(b, iov, n);
	struct ifreq ifr;

	if (len == -EAGAIN && take_news(b->other_fd) &&
	    host_ioctl(b->fd, TUNGETIFF, &ifr) < 0)
		return -ENODEV;
	return len;
}

int macvtap_open(const struct lkl_netdev_args *args, struct backend **backend,
		 struct backend_error *error)
{
	const char *param = args->param;
	struct ifreq ifr = {
		.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR,
	};
	static struct backend_ops ops;
	int fd, links, err;

	err = check_path(param, error);
	if (err)
		return err;
	links = watch_links();
	if (links < 0)
		return explain(links, param, error);
	fd = host_fd_hide(host_open(param, O_RDWR | O_NONBLOCK));
	err = fd < 0 ? fd : host_ioctl(fd, TUNSETIFF, &ifr);
	if (!err)
		err = tun_backend(fd, backend);
	if (err) {
		if (fd >= 0)
			host_close(fd);
		host_close(links);
		return explain(err, param, error);
	}
	tun_ops = (*backend)->ops;
	ops = *tun_ops;
	ops.rx = macvtap_rx;
	(*backend)->ops = &ops;
	(*backend)->other_fd = links;
	(*backend)->other_events = EPOLLIN;
	/* The wire delivers what is for the device's own address. */
	if (!host_ioctl(fd, SIOCGIFHWADDR, &ifr))
		memcpy((*backend)->mac, ifr.ifr_hwaddr.sa_data, 6);
	return 0;
}
