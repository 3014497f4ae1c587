// SPDX-License-Identifier: GPL-2.0-only
/* Memory that programs map in the kernel, which is theirs to touch directly. */
#include <string.h>
#include "boot.h"

#define MAPPING (1UL << 20)

static long map(void)
{
	return lkl_sys_mmap(0, MAPPING, LKL_PROT_READ | LKL_PROT_WRITE,
			    LKL_MAP_PRIVATE | LKL_MAP_ANONYMOUS, -1, 0);
}

/* Errors are the last page of the address space. */
static bool is_error(long address)
{
	return address < 0 && address > -4096;
}

bool test_memory(void)
{
	long address = map(), second;
	unsigned char *bytes;
	unsigned long i;

	EXPECT(!is_error(address));
	bytes = (unsigned char *)address;
	for (i = 0; i < MAPPING; i++)
		EXPECT(!bytes[i]);
	for (i = 0; i < MAPPING; i++)
		bytes[i] = i * 7 + i / 251;

	second = map();
	EXPECT(!is_error(second));
	memset((void *)second, 0xff, MAPPING);
	for (i = 0; i < MAPPING; i++)
		EXPECT(bytes[i] == (unsigned char)(i * 7 + i / 251));

	EXPECT_OK(lkl_sys_munmap(address, MAPPING));
	EXPECT_OK(lkl_sys_munmap(second, MAPPING));
	EXPECT_IS(lkl_sys_munmap(address, MAPPING), -LKL_EINVAL);
	return true;
}

bool test_memory_returned(void)
{
	struct lkl_sysinfo before, after;
	long address;
	int i;

	EXPECT_OK(lkl_sys_sysinfo(&before));
	EXPECT(before.totalram > (8UL << 20));
	EXPECT(before.freeram > MAPPING);
	for (i = 0; i < 1000; i++) {
		address = map();
		EXPECT(!is_error(address));
		EXPECT_OK(lkl_sys_munmap(address, MAPPING));
	}
	EXPECT_OK(lkl_sys_sysinfo(&after));
	EXPECT(after.freeram + MAPPING > before.freeram);
	return true;
}
