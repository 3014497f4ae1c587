// SPDX-License-Identifier: GPL-2.0-only
/* Functions that take the name of a file: some files are LKL's (netview.h). */
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "libc.h"
#include "netview.h"
#include "sud.h"

int __open_2(const char *path, int flags);
int __openat_2(int at, const char *path, int flags);
int __xstat(int version, const char *path, struct stat *st);
int __lxstat(int version, const char *path, struct stat *st);
int __fxstatat(int version, int at, const char *path, struct stat *st,
	       int flags);
ssize_t __readlink_chk(const char *path, char *buf, size_t len, size_t room);
ssize_t __readlinkat_chk(int at, const char *path, char *buf, size_t len,
			 size_t room);
char *__realpath_chk(const char *path, char *resolved, size_t room);

#define OURS_AT(at, path) __builtin_expect(netview_maybe(at, path), 0)

/* The mode is there when the flags ask for it; one register, if any. */
#define TAKE_MODE(mode, flags)						\
	do {								\
		va_list ap_;						\
									\
		va_start(ap_, flags);					\
		mode = va_arg(ap_, mode_t);				\
		va_end(ap_);						\
	} while (0)

EXPORT int openat(int at, const char *path, int flags, ...)
{
	mode_t mode;

	TAKE_MODE(mode, flags);
	if (OURS_AT(at, path))
		return cancellable_call(SYS_openat, at, path, flags, mode);
	return real(openat)(at, path, flags, mode);
}

EXPORT int open(const char *path, int flags, ...)
{
	mode_t mode;

	TAKE_MODE(mode, flags);
	if (OURS_AT(AT_FDCWD, path))
		return cancellable_call(SYS_open, path, flags, mode);
	return real(open)(path, flags, mode);
}

EXPORT int creat(const char *path, mode_t mode)
{
	if (OURS_AT(AT_FDCWD, path))
		return cancellable_call(SYS_creat, path, mode);
	return real(creat)(path, mode);
}

EXPORT int __open_2(const char *path, int flags)
{
	if (OURS_AT(AT_FDCWD, path) && !(flags & O_CREAT))
		return cancellable_call(SYS_open, path, flags, 0);
	return real(__open_2)(path, flags);
}

EXPORT int __openat_2(int at, const char *path, int flags)
{
	if (OURS_AT(at, path) && !(flags & O_CREAT))
		return cancellable_call(SYS_openat, at, path, flags, 0);
	return real(__openat_2)(at, path, flags);
}

/* Where libc's function does nothing but the system call. */
#define PATH_CALL(type, name, at, nr, params, ...)			\
EXPORT type name params							\
{									\
	if (OURS_AT(at, path))						\
		return call(nr, __VA_ARGS__);				\
	return real(name)(__VA_ARGS__);					\
}

PATH_CALL(int, stat, AT_FDCWD, SYS_stat, (const char *path, struct stat *st),
	  path, st)
PATH_CALL(int, lstat, AT_FDCWD, SYS_lstat, (const char *path, struct stat *st),
	  path, st)
PATH_CALL(int, fstatat, at, SYS_newfstatat,
	  (int at, const char *path, struct stat *st, int flags),
	  at, path, st, flags)
PATH_CALL(int, statx, at, SYS_statx,
	  (int at, const char *path, int flags, unsigned int mask,
	   struct statx *st), at, path, flags, mask, st)
PATH_CALL(int, statfs, AT_FDCWD, SYS_statfs,
	  (const char *path, struct statfs *st), path, st)
PATH_CALL(int, access, AT_FDCWD, SYS_access, (const char *path, int mode),
	  path, mode)
PATH_CALL(ssize_t, readlink, AT_FDCWD, SYS_readlink,
	  (const char *path, char *buf, size_t len), path, buf, len)
PATH_CALL(ssize_t, readlinkat, at, SYS_readlinkat,
	  (int at, const char *path, char *buf, size_t len), at, path, buf, len)

/* Another library's stat() may come here: what it calls is not stat() again. */
EXPORT int __xstat(int version, const char *path, struct stat *st)
{
	if (OURS_AT(AT_FDCWD, path))
		return call(SYS_stat, path, st);
	return real(__xstat)(version, path, st);
}

EXPORT int __lxstat(int version, const char *path, struct stat *st)
{
	if (OURS_AT(AT_FDCWD, path))
		return call(SYS_lstat, path, st);
	return real(__lxstat)(version, path, st);
}

EXPORT int __fxstatat(int version, int at, const char *path, struct stat *st,
		      int flags)
{
	if (OURS_AT(at, path))
		return call(SYS_newfstatat, at, path, st, flags);
	return real(__fxstatat)(version, at, path, st, flags);
}

EXPORT int statvfs(const char *path, struct statvfs *st)
{
	int fd, ret, err;

	if (!netview_has(AT_FDCWD, path))
		return real(statvfs)(path, st);
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ret = fstatvfs(fd, st);
	err = errno;
	close(fd);
	errno = err;
	return ret;
}

EXPORT int faccessat(int at, const char *path, int mode, int flags)
{
	if (OURS_AT(at, path) && netview_has(at, path))
		return call(SYS_faccessat2, at, path, mode, flags);
	return real(faccessat)(at, path, mode, flags);
}

EXPORT int euidaccess(const char *path, int mode)
{
	if (OURS_AT(AT_FDCWD, path))
		return faccessat(AT_FDCWD, path, mode, AT_EACCESS);
	return real(euidaccess)(path, mode);
}

EXPORT ssize_t __readlink_chk(const char *path, char *buf, size_t len,
			      size_t room)
{
	if (len > room)
		__chk_fail();
	return readlink(path, buf, len);
}

EXPORT ssize_t __readlinkat_chk(int at, const char *path, char *buf, size_t len,
				size_t room)
{
	if (len > room)
		__chk_fail();
	return readlinkat(at, path, buf, len);
}

/* It looks at each component on its own. */
EXPORT char *realpath(const char *path, char *resolved)
{
	struct sud before;
	char *ret;

	if (!netview_has(AT_FDCWD, path))
		return real(realpath)(path, resolved);
	sud_begin(&before);
	ret = real(realpath)(path, resolved);
	sud_end(&before);
	return ret;
}

EXPORT char *__realpath_chk(const char *path, char *resolved, size_t room)
{
	if (room < PATH_MAX)
		__chk_fail();
	return realpath(path, resolved);
}

EXPORT char *canonicalize_file_name(const char *path)
{
	return realpath(path, NULL);
}

EXPORT int chdir(const char *path)
{
	int ret = real(chdir)(path);

	if (!ret)
		netview_moved();
	return ret;
}

EXPORT int fchdir(int fd)
{
	int ret = real(fchdir)(fd);

	if (!ret)
		netview_moved();
	return ret;
}
