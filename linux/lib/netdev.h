/* SPDX-License-Identifier: GPL-2.0-only */
/* The network devices of this process, for boot and halt. */
#ifndef LKL_LIB_NETDEV_H
#define LKL_LIB_NETDEV_H

#include <stddef.h>

/**
 * netdev_command_line() - announces the devices to a kernel that is to boot
 * @buf: appended to it, always terminated: virtio_mmio.device= options.
 * @size: of @buf in bytes.
 *
 * Devices that do not fit are left to netdev_plug_rest().
 */
void netdev_command_line(char *buf, size_t size);

/** netdev_count() - devices that were added */
unsigned int netdev_count(void);

/**
 * netdev_plug_rest() - adds those that the command line did not hold
 * Return: 0 or a negative errno.
 */
int netdev_plug_rest(void);

/** netdev_close_all() - ends all devices, after the kernel has */
void netdev_close_all(void);

/**
 * netdev_retire() - makes the driver of an interface ready to be unplugged
 * Return: 0 or a negative errno: it must stay plugged then.
 */
int netdev_retire(int ifindex);

#endif
