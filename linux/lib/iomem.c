// SPDX-License-Identifier: GPL-2.0-only
/* One shift finds the region: number n has the addresses from n << 12 on. */
#include <stdatomic.h>
#include <stddef.h>
#include "host.h"
#include "iomem.h"

#define REGION_SHIFT 12
#define REGIONS 16384	/* 0, where NULL points, is not used */

static struct region {
	_Atomic unsigned int size;	/* 0 when free */
	const struct iomem_ops *ops;
	void *device;
} regions[REGIONS];

long iomem_add(unsigned int size, const struct iomem_ops *ops, void *device)
{
	unsigned int n, none;

	for (n = 1; n < REGIONS; n++) {
		none = 0;
		if (!atomic_compare_exchange_strong(&regions[n].size, &none,
						    size))
			continue;
		regions[n].ops = ops;
		regions[n].device = device;
		return (long)n << REGION_SHIFT;
	}
	return -ENOSPC;
}

void iomem_remove(unsigned long base)
{
	atomic_store(&regions[base >> REGION_SHIFT].size, 0);
}

/* The region of an access, or NULL, and where in it. */
static struct region *find(unsigned long addr, int size, unsigned int *offset)
{
	unsigned long n = addr >> REGION_SHIFT;

	*offset = addr & ((1UL << REGION_SHIFT) - 1);
	if (n >= REGIONS || *offset + size >
	    atomic_load_explicit(&regions[n].size, memory_order_relaxed))
		return NULL;
	return &regions[n];
}

unsigned long long iomem_read(unsigned long addr, int size)
{
	unsigned int offset;
	struct region *r = find(addr, size, &offset);

	return r ? r->ops->read(r->device, offset, size) : ~0ULL;
}

void iomem_write(unsigned long addr, unsigned long long value, int size)
{
	unsigned int offset;
	struct region *r = find(addr, size, &offset);

	if (r)
		r->ops->write(r->device, offset, value, size);
}
