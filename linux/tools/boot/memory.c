// SPDX-License-Identifier: GPL-2.0-only
/* Memory that programs map in the kernel, which is theirs to touch directly. */
#include <string.h>
#include "boot.h"

#define MAPPING (1UL << 20)

/* Actions of syslog(2). */
enum { CONSOLE_OFF = 6, CONSOLE_ON = 7 };

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

/* Files of a ramfs, which has no limit but the kernel's memory. */
bool test_memory_runs_out(void)
{
	static char data[65536];
	struct lkl_sysinfo before, after;
	long fd, n, written = 0;

	EXPECT_OK(lkl_sys_sysinfo(&before));
	EXPECT_OK(lkl_mount_fs("ramfs"));
	fd = lkl_sys_openat(LKL_AT_FDCWD, "/ramfs/file",
			    LKL_O_RDWR | LKL_O_CREAT, 0600);
	EXPECT_OK(fd);
	/* Of which the kernel tells, with a trace. */
	EXPECT_OK(lkl_sys_syslog(CONSOLE_OFF, NULL, 0));
	while ((n = lkl_sys_write(fd, data, sizeof(data))) > 0)
		written += n;
	EXPECT_OK(lkl_sys_syslog(CONSOLE_ON, NULL, 0));
	EXPECT_IS(n, -LKL_ENOMEM);
	EXPECT(written > (long)before.freeram / 2);

	EXPECT_OK(lkl_sys_ftruncate(fd, 0));
	EXPECT_OK(lkl_sys_close(fd));
	EXPECT_OK(lkl_sys_umount2("/ramfs", 0));
	EXPECT_OK(lkl_sys_sysinfo(&after));
	EXPECT(after.freeram > before.freeram / 4 * 3);
	return true;
}
