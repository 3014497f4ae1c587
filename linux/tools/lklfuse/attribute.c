// SPDX-License-Identifier: GPL-2.0-only
/* Attributes of inodes, extended ones too, and of the file system. */
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/stat.h>
#include <lkl/linux/fcntl.h>
#include "node.h"
#include "operations.h"

/* What names of the host's access control lists begin with. */
#define ACL "system.posix_acl_"

/* PATH_MAX, which is also the longest target that LKL gives. */
#define LINK_BYTES 4096

void do_getattr(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct stat attr;
	int err = node_stat(node_fd(ino), &attr);

	(void)fi;
	if (err)
		answer(req, err);
	else
		fuse_reply_attr(req, &attr, node_timeout(&attr));
}

static long set_owner(int fd, const struct stat *attr, int set)
{
	unsigned int uid = set & FUSE_SET_ATTR_UID ? attr->st_uid : -1U;
	unsigned int gid = set & FUSE_SET_ATTR_GID ? attr->st_gid : -1U;

	return lkl_sys_fchownat(fd, "", uid, gid, LKL_AT_EMPTY_PATH);
}

static long set_size(int fd, off_t size, const struct fuse_file_info *fi)
{
	char path[NODE_PATH_BYTES];

	return fi ? lkl_sys_ftruncate(fi->fh, size) :
		    lkl_sys_truncate(node_path(fd, path), size);
}

static struct __lkl__kernel_timespec to_set(const struct timespec *time,
					    bool set, bool now)
{
	struct __lkl__kernel_timespec lkl_time = {
		.tv_sec = time->tv_sec,
		.tv_nsec = now ? UTIME_NOW :
			   set ? time->tv_nsec : UTIME_OMIT,
	};

	return lkl_time;
}

static long set_times(int fd, const struct stat *attr, int set)
{
	struct __lkl__kernel_timespec times[2] = {
		to_set(&attr->st_atim, set & FUSE_SET_ATTR_ATIME,
		       set & FUSE_SET_ATTR_ATIME_NOW),
		to_set(&attr->st_mtim, set & FUSE_SET_ATTR_MTIME,
		       set & FUSE_SET_ATTR_MTIME_NOW),
	};

	return lkl_sys_utimensat(fd, "", times, LKL_AT_EMPTY_PATH);
}

/* The owner before the mode, as a new owner takes set-id bits away. */
static long set_attributes(int fd, const struct stat *attr, int set,
			   const struct fuse_file_info *fi)
{
	long err = 0;

	if (set & (FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID))
		err = set_owner(fd, attr, set);
	if (!err && set & FUSE_SET_ATTR_MODE)
		err = lkl_sys_fchmodat2(fd, "", attr->st_mode & 07777,
					LKL_AT_EMPTY_PATH);
	if (!err && set & FUSE_SET_ATTR_SIZE)
		err = set_size(fd, attr->st_size, fi);
	if (!err && set & (FUSE_SET_ATTR_ATIME | FUSE_SET_ATTR_MTIME |
			   FUSE_SET_ATTR_ATIME_NOW | FUSE_SET_ATTR_MTIME_NOW))
		err = set_times(fd, attr, set);
	return err;
}

void do_setattr(fuse_req_t req, fuse_ino_t ino, struct stat *attr, int set,
		struct fuse_file_info *fi)
{
	long err;

	identity_take(req);
	err = set_attributes(node_fd(ino), attr, set, fi);
	if (err)
		answer(req, err);
	else
		do_getattr(req, ino, fi);
}

void do_readlink(fuse_req_t req, fuse_ino_t ino)
{
	char target[LINK_BYTES + 1];
	long n = lkl_sys_readlinkat(node_fd(ino), "", target, LINK_BYTES);

	if (n < 0) {
		answer(req, n);
		return;
	}
	target[n] = 0;
	fuse_reply_readlink(req, target);
}

void do_statfs(fuse_req_t req, fuse_ino_t ino)
{
	struct lkl_statfs st;
	struct statvfs reply;
	long err = lkl_sys_fstatfs(node_fd(ino), &st);

	if (err) {
		answer(req, err);
		return;
	}
	reply = (struct statvfs){
		.f_bsize = st.f_bsize,
		.f_frsize = st.f_frsize,
		.f_blocks = st.f_blocks,
		.f_bfree = st.f_bfree,
		.f_bavail = st.f_bavail,
		.f_files = st.f_files,
		.f_ffree = st.f_ffree,
		.f_namemax = st.f_namelen,
	};
	fuse_reply_statfs(req, &reply);
}

void do_setxattr(fuse_req_t req, fuse_ino_t ino, const char *name,
		 const char *value, size_t size, int flags)
{
	char path[NODE_PATH_BYTES];

	identity_take(req);
	answer(req, lkl_sys_setxattr(node_path(node_fd(ino), path), name,
				     value, size, flags));
}

void do_removexattr(fuse_req_t req, fuse_ino_t ino, const char *name)
{
	char path[NODE_PATH_BYTES];

	identity_take(req);
	answer(req, lkl_sys_removexattr(node_path(node_fd(ino), path), name));
}

/* A value and a list of names are asked for in the same way. */
static void answer_value(fuse_req_t req, fuse_ino_t ino, const char *name,
			 size_t size)
{
	char path_buf[NODE_PATH_BYTES], *value = malloc(size + 1);
	const char *path = node_path(node_fd(ino), path_buf);
	long n = -LKL_ENOMEM;

	if (value)
		n = name ? lkl_sys_getxattr(path, name, value, size) :
			   lkl_sys_listxattr(path, value, size);
	/* An error here would be one of each look at a file by the host. */
	if (n == -LKL_EOPNOTSUPP && name && !strncmp(name, ACL, strlen(ACL)))
		n = -LKL_ENODATA;
	if (n < 0)
		answer(req, n);
	else if (size)
		fuse_reply_buf(req, value, n);
	else
		fuse_reply_xattr(req, n);
	free(value);
}

void do_getxattr(fuse_req_t req, fuse_ino_t ino, const char *name, size_t size)
{
	answer_value(req, ino, name, size);
}

void do_listxattr(fuse_req_t req, fuse_ino_t ino, size_t size)
{
	answer_value(req, ino, NULL, size);
}
