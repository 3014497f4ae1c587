// SPDX-License-Identifier: GPL-2.0-only
/* What is asked of files, and answered for sockets too. */
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "libc.h"

int isfdtype(int fd, int type);
int sockatmark(int fd);

FD_FUNCTION(int, flock, SYS_flock, (int fd, int operation), fd, operation)
FD_FUNCTION(int, fchmod, SYS_fchmod, (int fd, mode_t mode), fd, mode)
FD_FUNCTION(int, fchown, SYS_fchown, (int fd, uid_t owner, gid_t group),
	    fd, owner, group)
FD_FUNCTION(ssize_t, fgetxattr, SYS_fgetxattr,
	    (int fd, const char *name, void *value, size_t size),
	    fd, name, value, size)
FD_FUNCTION(ssize_t, flistxattr, SYS_flistxattr,
	    (int fd, char *list, size_t size), fd, list, size)
FD_FUNCTION(int, fsetxattr, SYS_fsetxattr,
	    (int fd, const char *name, const void *value, size_t size, int flags),
	    fd, name, value, size, flags)
FD_FUNCTION(int, fremovexattr, SYS_fremovexattr, (int fd, const char *name),
	    fd, name)
FD_CANCELLABLE(int, fallocate, SYS_fallocate,
	       (int fd, int mode, off_t at, off_t len), fd, mode, at, len)
FD_CANCELLABLE(int, fallocate64, SYS_fallocate,
	       (int fd, int mode, off64_t at, off64_t len), fd, mode, at, len)
FD_CANCELLABLE(int, sync_file_range, SYS_sync_file_range,
	       (int fd, off64_t at, off64_t len, unsigned int flags),
	       fd, at, len, flags)
FD_FUNCTION(int, syncfs, SYS_syncfs, (int fd), fd)
FD_FUNCTION(ssize_t, readahead, SYS_readahead,
	    (int fd, off64_t at, size_t len), fd, at, len)
FD_FUNCTION(int, fstatfs, SYS_fstatfs, (int fd, struct statfs *st), fd, st)
/* On 64-bit hosts the two structures are one. */
FD_FUNCTION(int, fstatfs64, SYS_fstatfs, (int fd, struct statfs64 *st), fd, st)

EXPORT ssize_t getdents64(int fd, void *buf, size_t len)
{
	return call(SYS_getdents64, fd, buf, len);
}

EXPORT int futimens(int fd, const struct timespec times[2])
{
	if (OURS(fd))
		return call(SYS_utimensat, fd, NULL, times, 0);
	return real(futimens)(fd, times);
}

EXPORT int futimes(int fd, const struct timeval tv[2])
{
	struct timespec times[2];

	if (!OURS(fd) || !tv)
		return OURS(fd) ? futimens(fd, NULL) : real(futimes)(fd, tv);
	TIMEVAL_TO_TIMESPEC(&tv[0], &times[0]);
	TIMEVAL_TO_TIMESPEC(&tv[1], &times[1]);
	return futimens(fd, times);
}

EXPORT int fstatvfs(int fd, struct statvfs *st)
{
	struct statfs f;

	if (!OURS(fd))
		return real(fstatvfs)(fd, st);
	if (fstatfs(fd, &f) < 0)
		return -1;
	*st = (struct statvfs){
		.f_bsize = f.f_bsize, .f_frsize = f.f_frsize,
		.f_blocks = f.f_blocks, .f_bfree = f.f_bfree,
		.f_bavail = f.f_bavail, .f_files = f.f_files,
		.f_ffree = f.f_ffree, .f_favail = f.f_ffree,
		/* Without the bit that says that the flags are valid. */
		.f_flag = f.f_flags & ~0x20,
		.f_namemax = f.f_namelen,
	};
	memcpy(&st->f_fsid, &f.f_fsid, sizeof(st->f_fsid));
	return 0;
}

EXPORT int fstatvfs64(int fd, struct statvfs64 *st)
{
	return fstatvfs(fd, (struct statvfs *)st);
}

/* These return the error. */
EXPORT int posix_fadvise(int fd, off_t at, off_t len, int advice)
{
	if (OURS(fd))
		return -dispatch_call(SYS_fadvise64, fd, at, len, advice);
	return real(posix_fadvise)(fd, at, len, advice);
}

EXPORT int posix_fadvise64(int fd, off64_t at, off64_t len, int advice)
{
	return posix_fadvise(fd, at, len, advice);
}

EXPORT int posix_fallocate(int fd, off_t at, off_t len)
{
	if (OURS(fd))
		return -dispatch_call(SYS_fallocate, fd, 0, at, len);
	return real(posix_fallocate)(fd, at, len);
}

EXPORT int posix_fallocate64(int fd, off64_t at, off64_t len)
{
	return posix_fallocate(fd, at, len);
}

EXPORT int isfdtype(int fd, int type)
{
	struct stat st;

	if (!OURS(fd))
		return real(isfdtype)(fd, type);
	return fstat(fd, &st) < 0 ? -1 : (st.st_mode & S_IFMT) == (mode_t)type;
}

EXPORT int sockatmark(int fd)
{
	int mark;

	if (!OURS(fd))
		return real(sockatmark)(fd);
	return ioctl(fd, SIOCATMARK, &mark) < 0 ? -1 : mark;
}

/* Locks of fcntl(2) from the present offset on. */
EXPORT int lockf(int fd, int command, off_t len)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_CUR,
			      .l_len = len };

	if (!OURS(fd))
		return real(lockf)(fd, command, len);
	switch (command) {
	case F_LOCK:
		return fcntl(fd, F_SETLKW, &lock);
	case F_TLOCK:
		return fcntl(fd, F_SETLK, &lock);
	case F_ULOCK:
		lock.l_type = F_UNLCK;
		return fcntl(fd, F_SETLK, &lock);
	case F_TEST:
		if (fcntl(fd, F_GETLK, &lock) < 0)
			return -1;
		if (lock.l_type == F_UNLCK || lock.l_pid == getpid())
			return 0;
		errno = EACCES;
		return -1;
	default:
		errno = EINVAL;
		return -1;
	}
}

EXPORT int lockf64(int fd, int command, off64_t len)
{
	return lockf(fd, command, len);
}

/* Allocators call it before anything can be looked up. */
EXPORT void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t at)
{
	return (void *)call(SYS_mmap, addr, len, prot, flags, fd, at);
}

EXPORT void *mmap64(void *addr, size_t len, int prot, int flags, int fd,
		    off64_t at)
{
	return mmap(addr, len, prot, flags, fd, at);
}
