// SPDX-License-Identifier: GPL-2.0-only
/*
 * The network for who has no rights and has set up nothing: slirp, else passt,
 * whichever is installed. docs/backends.md tells why in that order.
 */
#include <errno.h>
#include "backend.h"
#include "publish.h"
#include "user_net.h"

#define ADDRESSES							\
	.ip = USER_NET_IP,						\
	.masklen = USER_NET_MASKLEN,					\
	.gateway = USER_NET_GATEWAY,					\
	.nameserver = USER_NET_NAMESERVER,				\
	.ipv6 = USER_NET_IP6,						\
	.masklen6 = USER_NET_MASKLEN6,					\
	.gateway6 = USER_NET_GATEWAY6,					\
	.nameserver6 = USER_NET_NAMESERVER6

const struct lkl_netdev_network slirp_network = {
	ADDRESSES,
	.mtu = USER_NET_MTU,
};

/* Packets that do not go into its socket in one piece confuse passt. */
const struct lkl_netdev_network passt_network = { ADDRESSES };

int user_open(const struct lkl_netdev_args *args, struct backend **backend,
	      struct backend_error *error)
{
	struct published_port ports[PUBLISH_MAX];
	int err = publish_parse(args->param, ports, error);

	if (err < 0)
		return err;
	err = slirp_open(args, backend, error);
	if (err == -ENOENT)
		err = passt_open(args, backend, error);
	if (err == -ENOENT)
		backend_fail(error, err,
			"type 'user': neither libslirp nor passt is installed: install one of them with: apt install libslirp0");
	return err;
}
