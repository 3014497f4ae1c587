// SPDX-License-Identifier: GPL-2.0-only
/* Starting the kernel, and who everybody is then. */
#include <string.h>
#include "boot.h"

bool test_start(void)
{
	unsigned long long start = host_ns();

	EXPECT(!lkl_is_running());
	EXPECT_IS(lkl_sys_getpid(), -LKL_ENODEV);
	EXPECT_IS(lkl_start_kernel("%s", boot_options()->command_line), 0);
	tap_note("boot: %.1f ms", (host_ns() - start) / 1e6);
	EXPECT(lkl_is_running());
	/* A process has one kernel. */
	EXPECT_IS(lkl_start_kernel("mem=64M"), -LKL_EBUSY);
	return true;
}

bool test_identity(void)
{
	struct lkl_new_utsname name;

	EXPECT_IS(lkl_sys_getpid(), 1);
	EXPECT_IS(lkl_sys_gettid(), 1);
	EXPECT_IS(lkl_sys_getppid(), 0);
	EXPECT_IS(lkl_sys_getuid(), 0);
	EXPECT_OK(lkl_sys_uname(&name));
	EXPECT(!strcmp(name.sysname, "Linux"));
	EXPECT(!strncmp(name.release, "6.12.", 5));
	tap_note("%s %s %s", name.sysname, name.release, name.version);
	return true;
}

bool test_bad_calls(void)
{
	static const long none[6];

	EXPECT_IS(lkl_syscall(-1, none), -LKL_ENOSYS);
	EXPECT_IS(lkl_syscall(5000, none), -LKL_ENOSYS);
	EXPECT_IS(lkl_syscall(1L << 40, none), -LKL_ENOSYS);
	EXPECT_IS(lkl_syscall(LKL_CALL_BASE + LKL_CALLS, none), -LKL_ENOSYS);
	/* The host makes threads and runs programs. */
	EXPECT_IS(lkl_syscall(__lkl__NR_clone, none), -LKL_ENOSYS);
	EXPECT_IS(lkl_syscall(__lkl__NR_execve, none), -LKL_ENOSYS);
	EXPECT_IS(lkl_sys_close(-1), -LKL_EBADF);
	EXPECT_IS(lkl_sys_openat(LKL_AT_FDCWD, "/none", LKL_O_RDONLY, 0),
		  -LKL_ENOENT);
	return true;
}
