// SPDX-License-Identifier: GPL-2.0-only
/* A tap device of the host that exists, by its name; tun.c does the rest. */
#include <linux/if_tun.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include "../host.h"
#include "backend.h"

#define TUN_PATH "/dev/net/tun"

/* Attaching one more queue to a multi-queue device needs the flag. */
static const short attach_flags[] = {
	IFF_TAP | IFF_NO_PI | IFF_VNET_HDR,
	IFF_TAP | IFF_NO_PI | IFF_VNET_HDR | IFF_MULTI_QUEUE,
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

int tap_open(const struct lkl_netdev_args *args, struct backend **backend,
	     struct backend_error *error)
{
	const char *param = args->param;
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

	err = tun_backend(fd, backend);
	if (!err)
		return 0;
	backend_fail(error, err,
		     "tap device '%s': the host's driver lacks packet headers: %s",
		     param, strerror(-err));
close:
	host_close(fd);
	return err;
}
