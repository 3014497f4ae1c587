// SPDX-License-Identifier: GPL-2.0-only
/* Open files. */
#include <fcntl.h>
#include <stdlib.h>
#include <lkl/linux/fadvise.h>
#include <lkl/linux/fcntl.h>
#include "node.h"
#include "operations.h"

/*
 * Data that is read or written in large pieces is in the host's page cache, and
 * leaves the one inside: memory that is used again costs less than more of it.
 */
#define LARGE (64 * 1024)

/* What is written leaves when it is on the image: after as much again. */
#define STEP (4 * 1024 * 1024)

static void leave(int fd, off_t off, off_t len)
{
	lkl_sys_fadvise64(fd, off, len, LKL_POSIX_FADV_DONTNEED);
}

/*
 * Whether writes go past the host's cache, which has the data as a part of the
 * image already: they are copied once less then, need no new memory, and the
 * host does not look for capabilities before each. Nobody can map a file that
 * is open for writing alone. To synchronize is what the host does only itself.
 */
static bool bypasses(int flags)
{
	return mounted.bypass && (flags & O_ACCMODE) == O_WRONLY &&
	       !(flags & O_DSYNC);
}

/* What the host has read stays true when it opens a file again. */
static void set_up(fuse_ino_t ino, long fd, struct fuse_file_info *fi)
{
	fi->fh = fd;
	fi->keep_cache = 1;
	fi->direct_io = bypasses(fi->flags);
	node_opened(ino, 1);
}

static void answer_open(fuse_req_t req, fuse_ino_t ino, long fd,
			struct fuse_file_info *fi)
{
	if (fd < 0) {
		answer(req, fd);
		return;
	}
	set_up(ino, fd, fi);
	if (fuse_reply_open(req, fi)) {
		node_opened(ino, -1);
		lkl_sys_close(fd);
	}
}

void do_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	char path[NODE_PATH_BYTES];

	answer_open(req, ino,
		    lkl_sys_openat(LKL_AT_FDCWD, node_path(node_fd(ino), path),
				   to_lkl_open_flags(fi->flags), 0), fi);
}

void do_create(fuse_req_t req, fuse_ino_t parent, const char *name,
	       mode_t mode, struct fuse_file_info *fi)
{
	int flags = to_lkl_open_flags(fi->flags) | LKL_O_CREAT |
		    LKL_O_NOFOLLOW;
	struct fuse_entry_param entry;
	long fd, err;

	if (fi->flags & O_EXCL)
		flags |= LKL_O_EXCL;
	identity_take(req);
	fd = lkl_sys_openat(node_fd(parent), name, flags, mode);
	if (fd < 0) {
		answer(req, fd);
		return;
	}
	err = node_enter(parent, name, &entry);
	if (err) {
		lkl_sys_close(fd);
		answer(req, err);
		return;
	}
	set_up(entry.ino, fd, fi);
	if (fuse_reply_create(req, &entry, fi)) {
		node_opened(entry.ino, -1);
		node_forget(entry.ino, 1);
		lkl_sys_close(fd);
	}
}

void do_release(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	node_opened(ino, -1);
	answer(req, lkl_sys_close(fi->fh));
}

void do_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
	     struct fuse_file_info *fi)
{
	char *buf = malloc(size);
	long n = -LKL_ENOMEM;

	(void)ino;
	if (buf)
		n = lkl_sys_pread64(fi->fh, buf, size, off);
	if (n < 0)
		answer(req, n);
	else
		fuse_reply_buf(req, buf, n);
	free(buf);
	if (n >= LARGE)
		leave(fi->fh, off, n);
}

void do_write(fuse_req_t req, fuse_ino_t ino, const char *buf, size_t size,
	      off_t off, struct fuse_file_info *fi)
{
	long n;

	(void)ino;
	identity_take_writer(req);
	n = lkl_sys_pwrite64(fi->fh, buf, size, off);
	if (n < 0)
		answer(req, n);
	else
		fuse_reply_write(req, n);
	if (n >= LARGE && (off + n) / STEP != off / STEP)
		leave(fi->fh, 0, off + n);
}

void do_fsync(fuse_req_t req, fuse_ino_t ino, int datasync,
	      struct fuse_file_info *fi)
{
	(void)ino;
	answer(req, datasync ? lkl_sys_fdatasync(fi->fh) :
			       lkl_sys_fsync(fi->fh));
}

/* Modes of fallocate(2) have the same numbers everywhere. */
void do_fallocate(fuse_req_t req, fuse_ino_t ino, int mode, off_t off,
		  off_t len, struct fuse_file_info *fi)
{
	(void)ino;
	identity_take(req);
	answer(req, lkl_sys_fallocate(fi->fh, mode, off, len));
}

void do_lseek(fuse_req_t req, fuse_ino_t ino, off_t off, int whence,
	      struct fuse_file_info *fi)
{
	long at = lkl_sys_lseek(fi->fh, off, whence);

	(void)ino;
	if (at < 0)
		answer(req, at);
	else
		fuse_reply_lseek(req, at);
}

void do_copy_file_range(fuse_req_t req, fuse_ino_t ino_in, off_t off_in,
			struct fuse_file_info *fi_in, fuse_ino_t ino_out,
			off_t off_out, struct fuse_file_info *fi_out,
			size_t len, int flags)
{
	lkl_loff_t in = off_in, out = off_out;
	long n;

	(void)ino_in;
	(void)ino_out;
	identity_take(req);
	n = lkl_sys_copy_file_range(fi_in->fh, &in, fi_out->fh, &out, len,
				    flags);
	if (n < 0)
		answer(req, n);
	else
		fuse_reply_write(req, n);
}
