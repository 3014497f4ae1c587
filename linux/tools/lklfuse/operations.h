/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The operations, see struct fuse_lowlevel_ops; each answers its request.
 * Errors inside are those of the answer.
 */
#ifndef LKLFUSE_OPERATIONS_H
#define LKLFUSE_OPERATIONS_H

#include "lklfuse.h"

/* file.c: open files, whose fi->fh is a descriptor of LKL. */
void do_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void do_create(fuse_req_t req, fuse_ino_t parent, const char *name,
	       mode_t mode, struct fuse_file_info *fi);
void do_release(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void do_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
	     struct fuse_file_info *fi);
void do_write(fuse_req_t req, fuse_ino_t ino, const char *buf, size_t size,
	      off_t off, struct fuse_file_info *fi);
void do_fsync(fuse_req_t req, fuse_ino_t ino, int datasync,
	      struct fuse_file_info *fi);
void do_fallocate(fuse_req_t req, fuse_ino_t ino, int mode, off_t off,
		  off_t len, struct fuse_file_info *fi);
void do_lseek(fuse_req_t req, fuse_ino_t ino, off_t off, int whence,
	      struct fuse_file_info *fi);
void do_copy_file_range(fuse_req_t req, fuse_ino_t ino_in, off_t off_in,
			struct fuse_file_info *fi_in, fuse_ino_t ino_out,
			off_t off_out, struct fuse_file_info *fi_out,
			size_t len, int flags);

/* directory.c: open directories, whose fi->fh is a struct of that file's. */
void do_opendir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void do_releasedir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void do_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		struct fuse_file_info *fi);
void do_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		    struct fuse_file_info *fi);
void do_fsyncdir(fuse_req_t req, fuse_ino_t ino, int datasync,
		 struct fuse_file_info *fi);
int directory_fd(const struct fuse_file_info *fi);

/* name.c: what changes directories. */
void do_mknod(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode,
	      dev_t rdev);
void do_mkdir(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode);
void do_symlink(fuse_req_t req, const char *link, fuse_ino_t parent,
		const char *name);
void do_link(fuse_req_t req, fuse_ino_t ino, fuse_ino_t parent,
	     const char *name);
void do_unlink(fuse_req_t req, fuse_ino_t parent, const char *name);
void do_rmdir(fuse_req_t req, fuse_ino_t parent, const char *name);
void do_rename(fuse_req_t req, fuse_ino_t parent, const char *name,
	       fuse_ino_t new_parent, const char *new_name, unsigned int flags);

/* attribute.c: attributes of inodes, extended ones too, and of the whole. */
void do_getattr(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void do_setattr(fuse_req_t req, fuse_ino_t ino, struct stat *attr, int set,
		struct fuse_file_info *fi);
void do_readlink(fuse_req_t req, fuse_ino_t ino);
void do_statfs(fuse_req_t req, fuse_ino_t ino);
void do_setxattr(fuse_req_t req, fuse_ino_t ino, const char *name,
		 const char *value, size_t size, int flags);
void do_getxattr(fuse_req_t req, fuse_ino_t ino, const char *name, size_t size);
void do_listxattr(fuse_req_t req, fuse_ino_t ino, size_t size);
void do_removexattr(fuse_req_t req, fuse_ino_t ino, const char *name);

/* ioctl.c */
void do_ioctl(fuse_req_t req, fuse_ino_t ino, unsigned int cmd, void *arg,
	      struct fuse_file_info *fi, unsigned int flags, const void *in,
	      size_t in_size, size_t out_size);

/** answer() - answers with a result that is 0 or a negative errno */
static inline void answer(fuse_req_t req, long result)
{
	fuse_reply_err(req, result < 0 ? -result : 0);
}

#endif
