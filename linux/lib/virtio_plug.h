/* SPDX-License-Identifier: GPL-2.0-only */
/* Plugging virtio devices into the kernel that runs, and out of it. */
#ifndef LKL_LIB_VIRTIO_PLUG_H
#define LKL_LIB_VIRTIO_PLUG_H

#include "virtio.h"

/**
 * virtio_plug() - adds a device to the kernel, which looks for its driver
 *
 * Return: the number of its platform device, or a negative errno.
 */
int virtio_plug(const struct virtio_device *dev);

/** virtio_unplug() - removes it. Return: 0 or a negative errno. */
int virtio_unplug(int platform_id);

#endif
