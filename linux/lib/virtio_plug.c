// SPDX-License-Identifier: GPL-2.0-only
/* Plugging virtio devices into the kernel that runs, and out of it. */
#include "virtio_plug.h"
#include <lkl.h>

int virtio_plug(const struct virtio_device *dev)
{
	const long params[6] = { dev->base, VIRTIO_MMIO_SIZE, dev->irq };

	return lkl_syscall(LKL_CALL_virtio_mmio_add, params);
}

int virtio_unplug(int platform_id)
{
	const long params[6] = { platform_id };

	return lkl_syscall(LKL_CALL_virtio_mmio_del, params);
}
