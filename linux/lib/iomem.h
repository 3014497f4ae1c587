/* SPDX-License-Identifier: GPL-2.0-only */
/* Emulated device registers: which addresses belong to which device. */
#ifndef LKL_LIB_IOMEM_H
#define LKL_LIB_IOMEM_H

#include <stdint.h>

/**
 * struct iomem_ops - registers of a kind of device
 * @read: value of @size (1, 2, 4, 8) bytes at @offset.
 * @write: sets them.
 *
 * Both are called by the carrier, with any offset below the region's size.
 */
struct iomem_ops {
	uint64_t (*read)(void *device, unsigned int offset, int size);
	void (*write)(void *device, unsigned int offset, uint64_t value,
		      int size);
};

/**
 * iomem_add() - reserves a region of addresses for @device
 * @size: in bytes, at most 4 KiB.
 *
 * Nothing is mapped there: these are numbers for the kernel's readl() and
 * writel(). Any thread.
 *
 * Return: the first address, or -ENOSPC.
 */
long iomem_add(unsigned int size, const struct iomem_ops *ops, void *device);

/**
 * iomem_remove() - gives up the region at @base
 *
 * The kernel must no longer use it.
 */
void iomem_remove(unsigned long base);

/* Host operations. An address in no region reads as all ones, like a bus. */
unsigned long long iomem_read(unsigned long addr, int size);
void iomem_write(unsigned long addr, unsigned long long value, int size);

#endif
