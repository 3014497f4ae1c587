// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's RAM: one piece of host memory, one zone. */
#include <linux/init.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <asm/host_ops.h>
#include "../kernel/lkl.h"

unsigned long memory_start;
unsigned long memory_end;
void *empty_zero_page;
EXPORT_SYMBOL(empty_zero_page);

static unsigned long ram_size __initdata = (unsigned long)CONFIG_LKL_RAM_MIB * SZ_1M;

static int __init setup_mem(char *str)
{
	ram_size = PAGE_ALIGN(memparse(str, NULL));
	return 0;
}
early_param("mem", setup_mem);

void __init lkl_ram_init(void)
{
	unsigned long max_zone_pfn[MAX_NR_ZONES] = { };
	void *ram = lkl_ops->ram_alloc(ram_size);

	if (!ram)
		lkl_stop(-ENOMEM);

	memory_start = (unsigned long)ram;
	memory_end = memory_start + ram_size;
	memblock_add(memory_start, ram_size);

	min_low_pfn = PFN_UP(memory_start);
	max_low_pfn = PFN_DOWN(memory_end);
	max_pfn = max_low_pfn;
	high_memory = (void *)memory_end;
	set_max_mapnr(max_pfn - min_low_pfn);

	max_zone_pfn[ZONE_NORMAL] = max_low_pfn;
	free_area_init(max_zone_pfn);

	empty_zero_page = memblock_alloc(PAGE_SIZE, PAGE_SIZE);
	if (!empty_zero_page)
		panic("mem= is too small\n");
}

void lkl_ram_free(void)
{
	if (memory_start)
		lkl_ops->ram_free((void *)memory_start,
				  memory_end - memory_start);
	memory_start = 0;
}

void __init mem_init(void)
{
	memblock_free_all();
}

/* Init memory is part of the host's image of this library. */
void free_initmem(void)
{
}
