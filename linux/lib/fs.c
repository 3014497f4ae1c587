// SPDX-License-Identifier: GPL-2.0-only
/* File systems of the kernel that need no device. */
#include <errno.h>
#include <stdio.h>
#include <lkl.h>

int lkl_mount_fs(const char *type)
{
	char path[64];
	long made, err;

	if (snprintf(path, sizeof(path), "/%s", type) >= (int)sizeof(path))
		return -ENODEV;
	made = lkl_sys_mkdirat(LKL_AT_FDCWD, path, 0755);
	if (made && made != -LKL_EEXIST)
		return made;
	err = lkl_sys_mount((char *)type, path, (char *)type, 0, NULL);
	/* A directory for what cannot be mounted would be misleading. */
	if (err && !made)
		lkl_sys_unlinkat(LKL_AT_FDCWD, path, LKL_AT_REMOVEDIR);
	return err;
}
