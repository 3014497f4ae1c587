// SPDX-License-Identifier: GPL-2.0-only
/* The ioctls of files that any file system may have: lsattr, chattr and such. */
#include <string.h>
#include <lkl/linux/fs.h>
#include "operations.h"

/*
 * Numbers are the same in LKL and on its hosts. The first two are defined with a
 * long but have always been about an int.
 */
static const struct {
	unsigned int cmd;
	size_t in, out;
} table[] = {
	{ LKL_FS_IOC_GETFLAGS, 0, sizeof(int) },
	{ LKL_FS_IOC_SETFLAGS, sizeof(int), 0 },
	{ LKL_FS_IOC_GETVERSION, 0, sizeof(int) },
	{ LKL_FS_IOC_FSGETXATTR, 0, sizeof(struct lkl_fsxattr) },
	{ LKL_FS_IOC_FSSETXATTR, sizeof(struct lkl_fsxattr), 0 },
};

void do_ioctl(fuse_req_t req, fuse_ino_t ino, unsigned int cmd, void *arg,
	      struct fuse_file_info *fi, unsigned int flags, const void *in,
	      size_t in_size, size_t out_size)
{
	int fd = flags & FUSE_IOCTL_DIR ? directory_fd(fi) : (int)fi->fh;
	union {
		long number;
		struct lkl_fsxattr fsxattr;
	} data = { 0 };
	size_t i;
	long err;

	(void)ino;
	(void)arg;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].cmd == cmd)
			break;
	if (i == sizeof(table) / sizeof(table[0]) || in_size < table[i].in ||
	    out_size < table[i].out) {
		answer(req, -LKL_ENOTTY);
		return;
	}
	memcpy(&data, in, table[i].in);
	identity_take(req);
	err = lkl_sys_ioctl(fd, cmd, (unsigned long)&data);
	if (err < 0)
		answer(req, err);
	else
		fuse_reply_ioctl(req, err, &data, table[i].out);
}
