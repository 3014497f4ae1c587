// SPDX-License-Identifier: GPL-2.0-only
/*
 * A macvtap device of the host, /dev/tapN: an interface of its own on the wire
 * of another one, without a bridge.
 */
#include <linux/if_tun.h>
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

int macvtap_open(const char *param, struct backend **backend,
		 struct backend_error *error)
{
	struct ifreq ifr = {
		.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR,
	};
	int fd, err;

	err = check_path(param, error);
	if (err)
		return err;
	fd = host_fd_hide(host_open(param, O_RDWR | O_NONBLOCK));
	if (fd < 0)
		return explain(fd, param, error);
	err = host_ioctl(fd, TUNSETIFF, &ifr);
	if (!err)
		err = tun_backend(fd, backend);
	if (err) {
		host_close(fd);
		return explain(err, param, error);
	}
	/* The wire delivers what is for the device's own address. */
	if (!host_ioctl(fd, SIOCGIFHWADDR, &ifr))
		memcpy((*backend)->mac, ifr.ifr_hwaddr.sa_data, 6);
	return 0;
}
