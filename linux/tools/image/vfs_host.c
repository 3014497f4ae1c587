// SPDX-License-Identifier: GPL-2.0-only
/* Files of the host. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "vfs.h"

static int result(long value)
{
	return value < 0 ? -errno : value;
}

static int host_open_dir(int dir, const char *name, bool follow)
{
	return result(openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC |
			     (follow ? 0 : O_NOFOLLOW)));
}

static int host_open_file(int dir, const char *name)
{
	const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	/* Reading leaves no trace, but that only an owner may ask for. */
	int fd = openat(dir, name, flags | O_NOATIME);

	return fd >= 0 ? fd : result(openat(dir, name, flags));
}

static int host_create(int dir, const char *name)
{
	return result(openat(dir, name, O_WRONLY | O_CREAT | O_EXCL |
			     O_NOFOLLOW | O_CLOEXEC, 0600));
}

static int host_open_over(int dir, const char *name)
{
	return result(openat(dir, name, O_WRONLY | O_TRUNC | O_NOCTTY |
			     O_CLOEXEC));
}

static int host_close_fd(int fd)
{
	return result(close(fd));
}

static ssize_t host_list(int fd, void *buf, size_t size)
{
	ssize_t n = syscall(SYS_getdents64, fd, buf, size);

	return n < 0 ? -errno : n;
}

static ssize_t host_read_fd(int fd, void *buf, size_t len)
{
	ssize_t n = read(fd, buf, len);

	return n < 0 ? -errno : n;
}

static ssize_t host_write_fd(int fd, const void *buf, size_t len)
{
	ssize_t n = write(fd, buf, len);

	return n < 0 ? -errno : n;
}

static int64_t host_seek(int fd, int64_t offset, int whence)
{
	off_t pos = lseek(fd, offset, whence);

	return pos < 0 ? -errno : pos;
}

static int host_truncate(int fd, uint64_t size)
{
	return result(ftruncate(fd, size));
}

static int host_stat(int dir, const char *name, bool follow, struct statx *st)
{
	return result(statx(dir, name, follow ? 0 : AT_SYMLINK_NOFOLLOW,
			    STATX_BASIC_STATS, st));
}

static int host_mkdir(int dir, const char *name)
{
	return result(mkdirat(dir, name, 0700));
}

static int host_mknod(int dir, const char *name, const struct statx *st)
{
	return result(mknodat(dir, name, (st->stx_mode & S_IFMT) | 0600,
			      makedev(st->stx_rdev_major, st->stx_rdev_minor)));
}

static int host_symlink(const char *target, int dir, const char *name)
{
	return result(symlinkat(target, dir, name));
}

static ssize_t host_readlink(int dir, const char *name, char *buf, size_t size)
{
	return result(readlinkat(dir, name, buf, size));
}

static int host_link(const char *path, int dir, const char *name)
{
	return result(linkat(vfs_host()->root, path, dir, name, 0));
}

static int host_unlink(int dir, const char *name)
{
	return result(unlinkat(dir, name, 0));
}

/* A user namespace says of users that it does not have that they are invalid. */
static int result_of_users(long value)
{
	int err = result(value);

	return err == -EINVAL ? -EPERM : err;
}

static int host_chown(int dir, const char *name, uint32_t uid, uint32_t gid)
{
	return result_of_users(fchownat(dir, name, uid, gid,
					AT_SYMLINK_NOFOLLOW));
}

static int host_chmod(int dir, const char *name, uint32_t mode)
{
	return result(fchmodat(dir, name, mode, 0));
}

static int host_set_times(int dir, const char *name,
			  const struct timespec times[2])
{
	return result(utimensat(dir, name, times, AT_SYMLINK_NOFOLLOW));
}

/* Those calls know no directories: it is made the current one. */
static ssize_t host_list_xattr(int dir, const char *name, char *buf,
			       size_t size)
{
	return fchdir(dir) ? -errno : result(llistxattr(name, buf, size));
}

static ssize_t host_get_xattr(int dir, const char *name, const char *attr,
			      void *buf, size_t size)
{
	return fchdir(dir) ? -errno : result(lgetxattr(name, attr, buf, size));
}

static int host_set_xattr(int dir, const char *name, const char *attr,
			  const void *value, size_t size)
{
	return fchdir(dir) ? -errno :
	       result_of_users(lsetxattr(name, attr, value, size, 0));
}

static struct vfs host = {
	.root = -1,
	.open_dir = host_open_dir,
	.open_file = host_open_file,
	.create = host_create,
	.open_over = host_open_over,
	.close = host_close_fd,
	.list = host_list,
	.read = host_read_fd,
	.write = host_write_fd,
	.seek = host_seek,
	.truncate = host_truncate,
	.stat = host_stat,
	.mkdir = host_mkdir,
	.mknod = host_mknod,
	.symlink = host_symlink,
	.readlink = host_readlink,
	.link = host_link,
	.unlink = host_unlink,
	.chown = host_chown,
	.chmod = host_chmod,
	.set_times = host_set_times,
	.list_xattr = host_list_xattr,
	.get_xattr = host_get_xattr,
	.set_xattr = host_set_xattr,
};

const struct vfs *vfs_host(void)
{
	if (host.root < 0)
		host.root = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	host.privileged = !geteuid();
	return &host;
}
