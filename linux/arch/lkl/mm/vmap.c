// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages in a row, for file systems that have buffers of several pages (XFS,
 * F2FS). mm/nommu.c, which knows no way to do this, stops the kernel; the link
 * puts these functions in the place of its own (boot/Makefile).
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <asm/host_ops.h>

void *__wrap_vm_map_ram(struct page **pages, unsigned int count, int node);
void __wrap_vm_unmap_ram(const void *mem, unsigned int count);

/* Pages that are in a row in RAM already need nothing. */
static bool in_a_row(struct page **pages, unsigned int count)
{
	unsigned int i;

	for (i = 1; i < count; i++)
		if (page_to_pfn(pages[i]) != page_to_pfn(pages[0]) + i)
			return false;
	return true;
}

void *__wrap_vm_map_ram(struct page **pages, unsigned int count, int node)
{
	void **addresses, *mapped;
	unsigned int i;

	if (in_a_row(pages, count))
		return page_address(pages[0]);
	addresses = kmalloc_array(count, sizeof(*addresses), GFP_KERNEL);
	if (!addresses)
		return NULL;
	for (i = 0; i < count; i++)
		addresses[i] = page_address(pages[i]);
	mapped = lkl_ops->pages_map(addresses, count);
	kfree(addresses);
	return mapped;
}

void __wrap_vm_unmap_ram(const void *mem, unsigned int count)
{
	if (!virt_addr_valid(mem))
		lkl_ops->pages_unmap((void *)mem, count);
}
