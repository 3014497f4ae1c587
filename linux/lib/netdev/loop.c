// SPDX-License-Identifier: GPL-2.0-only
/*
 * A plug that connects the interface with itself: what it sends, it receives.
 *
 * It is a datagram socket whose peer is itself; the host keeps the packets, and
 * holds the sender back when there are too many.
 */
#include <string.h>
#include <sys/un.h>
#include "../host.h"
#include "../virtio_net.h"
#include "backend.h"

/* Bound to a name that the host chooses (unix(7), autobind), and connected. */
static int connect_with_itself(int fd)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	unsigned int len = sizeof(name.sun_family);
	int err = host_bind(fd, &name, len);

	if (err)
		return err;
	len = sizeof(name);
	err = host_getsockname(fd, &name, &len);
	return err ? err : host_connect(fd, &name, len);
}

int loop_open(const struct lkl_netdev_args *args, struct backend **backend,
	      struct backend_error *error)
{
	const char *param = args->param;
	int fd, err;

	if (param && *param)
		return backend_fail(error, -EINVAL,
			"param '%s': type 'loop' has no 'param', as it leads nowhere: remove it",
			param);
	fd = host_fd_hide(host_socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	if (fd < 0)
		return backend_fail(error, fd, "type 'loop': socket: %s",
				    strerror(-fd));
	err = connect_with_itself(fd);
	if (!err)
		err = datagram_backend(fd, backend);
	if (err) {
		host_close(fd);
		return backend_fail(error, err, "type 'loop': %s",
				    strerror(-err));
	}
	/* Whatever the driver leaves open when it sends, it gets so. */
	(*backend)->vnet_hdr = true;
	(*backend)->features = VIRTIO_NET_GUEST_OFFLOADS |
			       VIRTIO_NET_HOST_OFFLOADS |
			       VIRTIO_NET_F_MRG_RXBUF;
	return 0;
}
