// SPDX-License-Identifier: GPL-2.0-only
/* Between the types of LKL, which are asm-generic's, and the host's. */
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "lklfuse.h"

void to_host_stat(const struct lkl_stat *from, struct stat *to)
{
	memset(to, 0, sizeof(*to));
	to->st_ino = from->st_ino;
	to->st_mode = from->st_mode;
	to->st_nlink = from->st_nlink;
	to->st_uid = from->st_uid;
	to->st_gid = from->st_gid;
	to->st_rdev = from->st_rdev;
	to->st_size = from->st_size;
	to->st_blksize = from->st_blksize;
	to->st_blocks = from->st_blocks;
	to->st_atim.tv_sec = from->lkl_st_atime;
	to->st_atim.tv_nsec = from->st_atime_nsec;
	to->st_mtim.tv_sec = from->lkl_st_mtime;
	to->st_mtim.tv_nsec = from->st_mtime_nsec;
	to->st_ctim.tv_sec = from->lkl_st_ctime;
	to->st_ctim.tv_nsec = from->st_ctime_nsec;
}

/*
 * What is not here is the host's business: O_APPEND, as it gives the place of
 * each write; O_DIRECT, as it has no pages then; O_SYNC, as it asks for the
 * synchronization; creation, as it has found out before what there is.
 */
int to_lkl_open_flags(int flags)
{
	static const int table[][2] = {
		{ O_WRONLY, LKL_O_WRONLY },
		{ O_RDWR, LKL_O_RDWR },
		{ O_TRUNC, LKL_O_TRUNC },
		{ O_NOATIME, LKL_O_NOATIME },
	};
	int lkl_flags = LKL_O_CLOEXEC;
	size_t i;

	/* To fill up a page that is written in part it must be read. */
	if (mounted.writeback && (flags & O_ACCMODE) == O_WRONLY)
		flags = (flags & ~O_ACCMODE) | O_RDWR;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (flags & table[i][0])
			lkl_flags |= table[i][1];
	return lkl_flags;
}

int to_lkl_rename_flags(unsigned int flags)
{
	int lkl_flags = 0;

	if (flags & RENAME_NOREPLACE)
		lkl_flags |= LKL_RENAME_NOREPLACE;
	if (flags & RENAME_EXCHANGE)
		lkl_flags |= LKL_RENAME_EXCHANGE;
	return flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE) ? -1 : lkl_flags;
}
