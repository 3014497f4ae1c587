/* SPDX-License-Identifier: GPL-2.0-only */
/* Published ports of libslirp. */
#ifndef LKL_LIB_NETDEV_SLIRP_PUBLISH_H
#define LKL_LIB_NETDEV_SLIRP_PUBLISH_H

#include "backend.h"
#include "publish.h"
#include "slirp_abi.h"

/**
 * slirp_publish() - has the library listen for LKL's address
 * @add: the library's slirp_add_hostxfwd().
 * @ip, @ipv6: those addresses, as text.
 *
 * Without an address of the host it listens on all, of both families.
 *
 * Return: 0 or a negative errno of the host.
 */
int slirp_publish(Slirp *library, typeof(slirp_add_hostxfwd) *add,
		  const struct published_port *p, const char *ip,
		  const char *ipv6);

/**
 * slirp_explain_port() - says why slirp_publish() has failed
 *
 * Return: @err, but -EBUSY where a program above this one may have the port.
 */
int slirp_explain_port(const struct published_port *p, int err,
		       struct backend_error *error);

#endif
