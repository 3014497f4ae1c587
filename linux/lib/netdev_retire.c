// SPDX-License-Identifier: GPL-2.0-only
/*
 * Before a network device is unplugged, its driver has to let go of the packets
 * it has sent.
 *
 * With napi_tx=0, which boot.c chooses for speed, virtio_net keeps the last
 * packets in its queue until it sends the next. When it is removed, it frees
 * them by a pointer from which it forgets to take the mark "orphan" (Linux
 * 6.12, virtnet_sq_free_unused_buf()), and corrupts the kernel's memory.
 * Switched back to napi_tx=1, which needs the interface to be down, it frees
 * them properly when it comes up.
 */
#include <string.h>
#include <lkl.h>
#include <lkl/linux/ethtool.h>
#include <lkl/linux/sockios.h>
#include "netdev.h"

int netdev_retire(int ifindex)
{
	struct lkl_ethtool_coalesce coalesce = {
		.cmd = LKL_ETHTOOL_SCOALESCE,
		.rx_max_coalesced_frames = 1,
		.tx_max_coalesced_frames = 1,	/* this one means napi_tx=1 */
	};
	struct lkl_ifreq ifr = { .lkl_ifr_ifindex = ifindex };
	int fd, err;

	fd = lkl_sys_socket(LKL_AF_NETLINK, LKL_SOCK_RAW | LKL_SOCK_CLOEXEC,
			    LKL_NETLINK_ROUTE);
	if (fd < 0)
		return fd;
	err = lkl_sys_ioctl(fd, LKL_SIOCGIFNAME, (long)&ifr);
	if (!err)
		err = lkl_if_down(ifindex);
	if (!err) {
		ifr.lkl_ifr_data = &coalesce;
		err = lkl_sys_ioctl(fd, LKL_SIOCETHTOOL, (long)&ifr);
	}
	if (!err)
		err = lkl_if_up(ifindex);
	lkl_sys_close(fd);
	return err;
}
