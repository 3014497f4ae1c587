// SPDX-License-Identifier: GPL-2.0-only
/* DPDK, which is not built in: the name is known, so that this can be said. */
#include <errno.h>
#include "backend.h"

int dpdk_open(const struct lkl_netdev_args *args, struct backend **backend,
	      struct backend_error *error)
{
	const char *param = args->param;

	(void)backend;
	return backend_fail(error, -EOPNOTSUPP,
		"param '%s': type 'dpdk' is not built into this library: use 'raw' on the same host interface, 'macvtap' or 'tap'",
		param ? param : "");
}
