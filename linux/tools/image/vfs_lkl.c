// SPDX-License-Identifier: GPL-2.0-only
/* Files of the image. */
#include <lkl.h>
#include <lkl/linux/fadvise.h>
#include <lkl/linux/fs.h>
#include "vfs.h"

_Static_assert(sizeof(struct statx) == sizeof(struct lkl_statx),
	       "the two kernels have one interface");

static int image_open_dir(int dir, const char *name, bool follow)
{
	return lkl_sys_openat(dir, name, LKL_O_RDONLY | LKL_O_DIRECTORY |
			      (follow ? 0 : LKL_O_NOFOLLOW), 0);
}

static int image_open_file(int dir, const char *name)
{
	return lkl_sys_openat(dir, name, LKL_O_RDONLY | LKL_O_NOFOLLOW |
			      LKL_O_NONBLOCK, 0);
}

static int image_create(int dir, const char *name)
{
	return lkl_sys_openat(dir, name, LKL_O_WRONLY | LKL_O_CREAT |
			      LKL_O_EXCL | LKL_O_NOFOLLOW, 0600);
}

static int image_close(int fd)
{
	return lkl_sys_close(fd);
}

static ssize_t image_list(int fd, void *buf, size_t size)
{
	return lkl_sys_getdents64(fd, buf, size);
}

static ssize_t image_read(int fd, void *buf, size_t len)
{
	return lkl_sys_read(fd, buf, len);
}

static ssize_t image_write(int fd, const void *buf, size_t len)
{
	return lkl_sys_write(fd, buf, len);
}

static int64_t image_seek(int fd, int64_t offset, int whence)
{
	return lkl_sys_lseek(fd, offset, whence);
}

static int image_truncate(int fd, uint64_t size)
{
	return lkl_sys_ftruncate(fd, size);
}

/*
 * Its pages leave the page cache, once they are written, for others to use that
 * memory: what has not been used yet must come from the host first, and is in
 * no processor's cache.
 */
static void image_leave(int fd, int64_t pos)
{
	lkl_sys_fadvise64(fd, 0, pos, LKL_POSIX_FADV_DONTNEED);
}

static int image_stat(int dir, const char *name, bool follow, struct statx *st)
{
	return lkl_sys_statx(dir, name, follow ? 0 : LKL_AT_SYMLINK_NOFOLLOW,
			     LKL_STATX_BASIC_STATS, (struct lkl_statx *)st);
}

static int image_mkdir(int dir, const char *name)
{
	return lkl_sys_mkdirat(dir, name, 0700);
}

/* The kernel's encoding: twelve bits of the major number, twenty of the minor. */
static unsigned int device(const struct statx *st)
{
	const unsigned int minor = st->stx_rdev_minor;

	return (minor & 0xff) | st->stx_rdev_major << 8 |
	       (minor & ~0xffU) << 12;
}

static int image_mknod(int dir, const char *name, const struct statx *st)
{
	return lkl_sys_mknodat(dir, name, (st->stx_mode & S_IFMT) | 0600,
			       device(st));
}

static int image_symlink(const char *target, int dir, const char *name)
{
	return lkl_sys_symlinkat(target, dir, name);
}

static ssize_t image_readlink(int dir, const char *name, char *buf,
			      size_t size)
{
	return lkl_sys_readlinkat(dir, name, buf, size);
}

static int image_link(const char *path, int dir, const char *name)
{
	return lkl_sys_linkat(vfs_lkl()->root, path, dir, name, 0);
}

static int image_unlink(int dir, const char *name)
{
	return lkl_sys_unlinkat(dir, name, 0);
}

static int image_chown(int dir, const char *name, uint32_t uid, uint32_t gid)
{
	return lkl_sys_fchownat(dir, name, uid, gid, LKL_AT_SYMLINK_NOFOLLOW);
}

static int image_chmod(int dir, const char *name, uint32_t mode)
{
	return lkl_sys_fchmodat(dir, name, mode);
}

static int image_set_times(int dir, const char *name,
			   const struct timespec times[2])
{
	struct __lkl__kernel_timespec t[2] = {
		{ times[0].tv_sec, times[0].tv_nsec },
		{ times[1].tv_sec, times[1].tv_nsec },
	};

	return lkl_sys_utimensat(dir, name, t, LKL_AT_SYMLINK_NOFOLLOW);
}

/* Those calls know no directories: it is made the current one. */
static ssize_t image_list_xattr(int dir, const char *name, char *buf,
				size_t size)
{
	long err = lkl_sys_fchdir(dir);

	return err ? err : lkl_sys_llistxattr(name, buf, size);
}

static ssize_t image_get_xattr(int dir, const char *name, const char *attr,
			       void *buf, size_t size)
{
	long err = lkl_sys_fchdir(dir);

	return err ? err : lkl_sys_lgetxattr(name, attr, buf, size);
}

static int image_set_xattr(int dir, const char *name, const char *attr,
			   const void *value, size_t size)
{
	long err = lkl_sys_fchdir(dir);

	return err ? err : lkl_sys_lsetxattr(name, attr, value, size, 0);
}

/* sync(2) would leave what is in a journal there, as XFS does, and in memory. */
static int image_settle(void)
{
	long fd = lkl_sys_openat(LKL_AT_FDCWD, "/",
				 LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	long err = fd < 0 ? fd : lkl_sys_ioctl(fd, LKL_FIFREEZE, 0);

	if (!err)
		err = lkl_sys_ioctl(fd, LKL_FITHAW, 0);
	if (fd >= 0)
		lkl_sys_close(fd);
	return err;
}

static struct vfs image = {
	.root = -1,
	.privileged = true,
	.open_dir = image_open_dir,
	.open_file = image_open_file,
	.create = image_create,
	.close = image_close,
	.list = image_list,
	.read = image_read,
	.write = image_write,
	.seek = image_seek,
	.truncate = image_truncate,
	.leave = image_leave,
	.stat = image_stat,
	.mkdir = image_mkdir,
	.mknod = image_mknod,
	.symlink = image_symlink,
	.readlink = image_readlink,
	.link = image_link,
	.unlink = image_unlink,
	.chown = image_chown,
	.chmod = image_chmod,
	.set_times = image_set_times,
	.list_xattr = image_list_xattr,
	.get_xattr = image_get_xattr,
	.set_xattr = image_set_xattr,
	.settle = image_settle,
};

const struct vfs *vfs_lkl(void)
{
	if (image.root < 0)
		image.root = lkl_sys_openat(LKL_AT_FDCWD, "/",
					    LKL_O_PATH | LKL_O_DIRECTORY, 0);
	return &image;
}

void vfs_lkl_end(void)
{
	if (image.root >= 0)
		lkl_sys_close(image.root);
	image.root = -1;
}
