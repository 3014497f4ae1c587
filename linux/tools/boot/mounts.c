// SPDX-License-Identifier: GPL-2.0-only
/* The file systems that show the kernel's inside, and one for files. */
#include <string.h>
#include "boot.h"

static bool mount_at(const char *type, const char *path)
{
	long err = lkl_sys_mkdirat(LKL_AT_FDCWD, path, 0755);

	if (err != -LKL_EEXIST)
		EXPECT_OK(err);
	/* The prototypes are the kernel's own, without const. */
	EXPECT_OK(lkl_sys_mount((char *)type, (char *)path, (char *)type, 0,
				NULL));
	return true;
}

bool test_mount_proc(void)
{
	char text[256];

	if (!mount_at("proc", "/proc"))
		return false;
	EXPECT_OK(read_file("/proc/version", text, sizeof(text)));
	EXPECT(!strncmp(text, "Linux version 6.12.", 19));
	EXPECT_IS(file_number("/proc/self/status", "Pid:\t"), 1);
	EXPECT(file_number("/proc/meminfo", "MemTotal:") > 8 << 10);
	EXPECT(count_entries("/proc/sys/net/ipv4") > 50);
	/* Mounts come off again. */
	EXPECT_IS(lkl_sys_umount2((char *)"/proc", 0), 0);
	EXPECT_IS(read_file("/proc/version", text, sizeof(text)), -LKL_ENOENT);
	return mount_at("proc", "/proc");
}

bool test_mount_sysfs(void)
{
	char text[32];

	if (!mount_at("sysfs", "/sys"))
		return false;
	EXPECT_OK(read_file("/sys/class/net/lo/address", text, sizeof(text)));
	EXPECT(!strcmp(text, "00:00:00:00:00:00\n"));
	EXPECT_IS(file_number("/sys/class/net/lo/ifindex", ""), 1);
	return true;
}

bool test_mount_tmpfs(void)
{
	struct lkl_statfs fs;

	if (!mount_at("tmpfs", "/tmp"))
		return false;
	EXPECT_OK(lkl_sys_statfs("/tmp", &fs));
	EXPECT_IS(count_entries("/tmp"), 0);
	return true;
}
