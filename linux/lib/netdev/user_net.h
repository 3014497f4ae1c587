/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The network behind the user-mode backends, passt and slirp: these addresses
 * are those that LKL's interface is to have behind one.
 */
#include <lkl.h>

#ifndef LKL_LIB_NETDEV_USER_NET_H
#define LKL_LIB_NETDEV_USER_NET_H

#define USER_NET_IP		"10.0.2.15"
#define USER_NET_MASKLEN	24
#define USER_NET_NETMASK	"255.255.255.0"
#define USER_NET_NETWORK	"10.0.2.0"
#define USER_NET_GATEWAY	"10.0.2.2"
#define USER_NET_NAMESERVER	"10.0.2.3"

#define USER_NET_IP6		"fec0::15"
#define USER_NET_MASKLEN6	64
#define USER_NET_PREFIX6	"fec0::"
#define USER_NET_GATEWAY6	"fec0::2"
#define USER_NET_NAMESERVER6	"fec0::3"

/* What slirp takes at most, a multiple of 4. */
#define USER_NET_MTU		65520

/* The same for lkl_netdev_network(). */
extern const struct lkl_netdev_network passt_network;
extern const struct lkl_netdev_network slirp_network;

#endif
