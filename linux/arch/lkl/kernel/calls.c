// SPDX-License-Identifier: GPL-2.0-only
/* The calls beyond the system call table (LKL_CALL_*, asm/host_ops.h). */
#include <linux/ioport.h>
#include <linux/platform_device.h>
#include <linux/reboot.h>
#include <linux/sched/task.h>
#include <linux/syscalls.h>
#include <asm/syscall.h>
#include "lkl.h"

static long virtio_mmio_add(unsigned long base, unsigned long size, long irq)
{
	struct resource res[] = {
		DEFINE_RES_MEM(base, size),
		DEFINE_RES_IRQ(irq),
	};
	struct platform_device *pdev;

	pdev = platform_device_register_resndata(NULL, "virtio-mmio",
						 PLATFORM_DEVID_AUTO, res,
						 ARRAY_SIZE(res), NULL, 0);
	return IS_ERR(pdev) ? PTR_ERR(pdev) : pdev->id;
}

static int match_virtio_mmio(struct device *dev, const void *id)
{
	struct platform_device *pdev = to_platform_device(dev);

	return !strncmp(pdev->name, "virtio-mmio", 11) &&
	       pdev->id == (long)id;
}

static long virtio_mmio_del(long id)
{
	struct device *dev = bus_find_device(&platform_bus_type, NULL,
					     (void *)id, match_virtio_mmio);

	if (!dev)
		return -ENODEV;
	platform_device_unregister(to_platform_device(dev));
	put_device(dev);
	return 0;
}

static long hostfd(int fd)
{
	return lkl_hostfd_create(fd);
}

static long thread_exit(void)
{
	do_exit(0);
}

static long halt(void)
{
	lkl_wake_all_threads();
	ksys_sync();
	kernel_halt();
	return -EIO;
}

#define CALL(nr, fn) [(nr) - LKL_CALL_BASE] = (fn)
static void *const calls[] = {
	CALL(LKL_CALL_virtio_mmio_add, virtio_mmio_add),
	CALL(LKL_CALL_virtio_mmio_del, virtio_mmio_del),
	CALL(LKL_CALL_hostfd, hostfd),
	CALL(LKL_CALL_EXIT, thread_exit),
	CALL(LKL_CALL_HALT, halt),
};

long lkl_do_call(long nr, const long *args)
{
	unsigned long i = nr - LKL_CALL_BASE;

	if (i >= ARRAY_SIZE(calls))
		return -ENOSYS;
	return lkl_call_with(calls[i], args);
}
