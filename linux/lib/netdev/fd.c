// SPDX-License-Identifier: GPL-2.0-only
/*
 * A descriptor that the program inherits: a connected socket, or a tap.
 *
 * Whoever starts the program has made it: a socketpair(2) whose other end a
 * switch or another stack holds, or a tap in another network namespace.
 */
#include <linux/if.h>
#include <linux/if_tun.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include "../host.h"
#include "backend.h"

static int parse(const char *param, struct backend_error *error)
{
	unsigned long fd;
	char *end;

	if (!param || *param < '0' || *param > '9')
		goto bad;
	fd = strtoul(param, &end, 10);
	if (*end || fd > INT32_MAX)
		goto bad;
	if (fd <= 2)
		return backend_fail(error, -EINVAL,
			"param '%s': descriptors 0 to 2 are the program's own: pass another one, as in: lkl-hijack PROGRAM 5<>/dev/...",
			param);
	return fd;
bad:
	return backend_fail(error, -EINVAL,
		"param '%s': type 'fd' needs the number of an open descriptor, as \"param\": \"5\"",
		param ? param : "");
}

static int option(int fd, int name)
{
	unsigned int len = sizeof(int);
	int value = 0;
	int err = host_getsockopt(fd, SOL_SOCKET, name, &value, &len);

	return err ? err : value;
}

/* Makes the backend, or says what does not suit. */
static int adopt_tap(int fd, const char *param, const struct ifreq *ifr,
		     struct backend **backend, struct backend_error *error)
{
	const int need = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
	int err;

	if ((ifr->ifr_flags & need) != need)
		return backend_fail(error, -EINVAL,
			"param '%s': it is interface '%.15s', but not as a tap with packet headers: attach it with IFF_TAP | IFF_NO_PI | IFF_VNET_HDR",
			param, ifr->ifr_name);
	err = host_fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK);
	if (!err)
		err = tun_backend(fd, backend);
	if (err)
		backend_fail(error, err,
			     "param '%s': interface '%.15s' cannot be set up: %s",
			     param, ifr->ifr_name, strerror(-err));
	return err;
}

static int adopt_socket(int fd, const char *param, int type,
			struct backend **backend, struct backend_error *error)
{
	struct sockaddr_storage peer;
	unsigned int len = sizeof(peer);
	int err;

	if (type != SOCK_DGRAM && type != SOCK_SEQPACKET && type != SOCK_STREAM)
		return backend_fail(error, -EINVAL,
			"param '%s': a socket of this kind carries no packets: use SOCK_DGRAM, SOCK_SEQPACKET or SOCK_STREAM",
			param);
	if (host_getpeername(fd, &peer, &len))
		return backend_fail(error, -ENOTCONN,
			"param '%s': the socket is not connected: pass one of a socketpair, or connect it first",
			param);
	err = type == SOCK_STREAM ? stream_backend(fd, backend) :
				    datagram_backend(fd, backend);
	return err ? backend_fail(error, err, "param '%s': %s", param,
				  strerror(-err)) : 0;
}

static int adopt(int fd, const char *param, struct backend **backend,
		 struct backend_error *error)
{
	struct ifreq ifr = { 0 };
	int type;

	if (!host_ioctl(fd, TUNGETIFF, &ifr))
		return adopt_tap(fd, param, &ifr, backend, error);
	type = option(fd, SO_TYPE);
	if (type < 0)
		return backend_fail(error, -EINVAL,
			"param '%s': descriptor %s is neither a socket nor a tap: pass one that is",
			param, param);
	return adopt_socket(fd, param, type, backend, error);
}

int fd_open(const struct lkl_netdev_args *args, struct backend **backend,
	    struct backend_error *error)
{
	const char *param = args->param;
	int number = parse(param, error), fd, err;

	if (number < 0)
		return number;
	/*
	 * When a program above has taken it, the library says so by this very
	 * error: see hijack/boot.c.
	 */
	if (host_fcntl(number, F_GETFD, 0) < 0)
		return backend_fail(error, -EBUSY,
			"param '%s': descriptor %d is not open: pass it to the program, as in: lkl-hijack PROGRAM %d<>/dev/...",
			param, number, number);
	/* Out of the program's way, but back if it is refused. */
	fd = host_fcntl(number, F_DUPFD_CLOEXEC, number);
	if (fd >= 0)
		fd = host_fd_hide(fd);
	if (fd < 0)
		return backend_fail(error, fd, "param '%s': %s", param,
				    strerror(-fd));
	err = adopt(fd, param, backend, error);
	host_close(err ? fd : number);
	return err;
}
