// SPDX-License-Identifier: GPL-2.0-only
/* What files are: stat(2) and its family. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include "dispatch.h"
#include "fdtab.h"
#include "lkl_nr.h"
#include "netview.h"
#include "user.h"

/* The asm-generic struct stat of 64-bit machines, which LKL fills. */
struct generic_stat {
	uint64_t dev, ino;
	uint32_t mode, nlink, uid, gid;
	uint64_t rdev, pad1;
	int64_t size;
	int32_t blksize, pad2;
	int64_t blocks;
	int64_t atime;
	uint64_t atime_nsec;
	int64_t mtime;
	uint64_t mtime_nsec;
	int64_t ctime;
	uint64_t ctime_nsec;
	uint32_t unused[2];
};

static long lkl_stat(int at, const char *path, void *out, int flags)
{
	struct generic_stat g;
	struct stat st;
	long ret;

	ret = lkl_do(__lkl__NR_newfstatat, at, path, &g, flags);
	if (ret < 0)
		return ret;
	memset(&st, 0, sizeof(st));
	st.st_dev = g.dev;
	st.st_ino = g.ino;
	st.st_mode = g.mode;
	st.st_nlink = g.nlink;
	st.st_uid = g.uid;
	st.st_gid = g.gid;
	st.st_rdev = g.rdev;
	st.st_size = g.size;
	st.st_blksize = g.blksize;
	st.st_blocks = g.blocks;
	st.st_atim = (struct timespec){ g.atime, g.atime_nsec };
	st.st_mtim = (struct timespec){ g.mtime, g.mtime_nsec };
	st.st_ctim = (struct timespec){ g.ctime, g.ctime_nsec };
	return user_copy(out, &st, sizeof(st));
}

/* fstat(2) */
long call_fstat(const long *args)
{
	int lkl_fd = fdtab_lkl(args[0]);

	if (lkl_fd < 0)
		return fdtab_hidden(args[0]) ? -EBADF
					     : host_call(SYS_fstat, args);
	return lkl_stat(lkl_fd, "", (void *)args[1], AT_EMPTY_PATH);
}

/* newfstatat(2), which is fstat(2) for an empty path with AT_EMPTY_PATH */
long call_newfstatat(const long *args)
{
	struct netview view;

	/* Linux 6.11 and later take NULL for an empty path. */
	if (!args[1] && args[3] & AT_EMPTY_PATH && fdtab_lkl(args[0]) >= 0)
		return call_fstat((long[6]){ args[0], args[2] });
	if (!netview_find(args[0], (const char *)args[1], &view))
		return host_call(SYS_newfstatat, args);
	return lkl_stat(view.at, view.path, (void *)args[2], args[3]);
}

/* stat(2) */
long call_stat(const long *args)
{
	return call_newfstatat((long[6]){ AT_FDCWD, args[0], args[1], 0 });
}

/* lstat(2) */
long call_lstat(const long *args)
{
	return call_newfstatat((long[6]){ AT_FDCWD, args[0], args[1],
					  AT_SYMLINK_NOFOLLOW });
}

/* statx(2), whose structure is the same everywhere */
long call_statx(const long *args)
{
	const char *path = (const char *)args[1];
	struct netview view;

	if (!path && args[2] & AT_EMPTY_PATH && fdtab_lkl(args[0]) >= 0)
		path = "";
	if (!netview_find(args[0], path, &view))
		return host_call(SYS_statx, args);
	return lkl_do(__lkl__NR_statx, view.at, view.path, args[2], args[3],
		      args[4]);
}
