/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of the host and files of the image by the same functions.
 *
 * A file is named by an open directory and a name in it. Nothing follows a
 * symbolic link in the last place, but where that is said. Functions return a
 * negative errno on failure.
 */
#ifndef LKL_TOOLS_IMAGE_VFS_H
#define LKL_TOOLS_IMAGE_VFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

/**
 * struct vfs - files of one side
 * @root: directory from which paths start: that of the program, or the root of
 *	the image.
 * @privileged: may do anything.
 * @open_dir: for reading, and as a place for names. @follow: also a link to one.
 * @open_file: for reading.
 * @create: a new file, for writing, for the owner alone.
 * @open_over: what is there already, for writing, links followed; NULL where what
 *	is in the way is replaced, whatever it is.
 * @list: entries as getdents64(2).
 * @seek: to data or a hole, or anywhere else (lseek(2)).
 * @leave: what is before @pos in a file that is read or written from its start is
 *	not needed any more; may be NULL.
 * @link: a new name, in @dir, for what has the path @path from @root.
 * @chmod: not of a symbolic link.
 * @mknod: anything but a directory, a symbolic link or a regular file.
 * @settle: writes all that was changed to where it belongs, so that it uses no
 *	memory any more; may be NULL.
 */
struct vfs {
	int root;
	bool privileged;
	int (*open_dir)(int dir, const char *name, bool follow);
	int (*open_file)(int dir, const char *name);
	int (*create)(int dir, const char *name);
	int (*open_over)(int dir, const char *name);
	int (*close)(int fd);
	ssize_t (*list)(int fd, void *buf, size_t size);
	ssize_t (*read)(int fd, void *buf, size_t len);
	ssize_t (*write)(int fd, const void *buf, size_t len);
	int64_t (*seek)(int fd, int64_t offset, int whence);
	int (*truncate)(int fd, uint64_t size);
	void (*leave)(int fd, int64_t pos);
	int (*stat)(int dir, const char *name, bool follow, struct statx *st);
	int (*mkdir)(int dir, const char *name);
	int (*mknod)(int dir, const char *name, const struct statx *st);
	int (*symlink)(const char *target, int dir, const char *name);
	ssize_t (*readlink)(int dir, const char *name, char *buf, size_t size);
	int (*link)(const char *path, int dir, const char *name);
	int (*unlink)(int dir, const char *name);
	int (*chown)(int dir, const char *name, uint32_t uid, uint32_t gid);
	int (*chmod)(int dir, const char *name, uint32_t mode);
	int (*set_times)(int dir, const char *name,
			 const struct timespec times[2]);
	ssize_t (*list_xattr)(int dir, const char *name, char *buf,
			      size_t size);
	ssize_t (*get_xattr)(int dir, const char *name, const char *attr,
			     void *buf, size_t size);
	int (*set_xattr)(int dir, const char *name, const char *attr,
			 const void *value, size_t size);
	int (*settle)(void);
};

/* Make ready, and return, the only one of each. */
const struct vfs *vfs_host(void);
const struct vfs *vfs_lkl(void);

/** vfs_lkl_end() - lets go of the image, before it is unmounted */
void vfs_lkl_end(void);

/**
 * vfs_names() - the names in a directory but for "." and ".."
 * @fd: of @vfs->open_dir().
 * @names: an array, sorted by byte values, to be given to free(3) as one piece.
 *
 * Return: how many, or a negative errno.
 */
long vfs_names(const struct vfs *vfs, int fd, char ***names);

/**
 * vfs_is_alias() - whether an extended attribute is another one's storage
 *
 * XFS shows root its access control lists a second time, as it keeps them.
 */
static inline bool vfs_is_alias(const char *attr)
{
	return !strcmp(attr, "trusted.SGI_ACL_FILE") ||
	       !strcmp(attr, "trusted.SGI_ACL_DEFAULT");
}

/** vfs_time() - one of struct statx's in the form of utimensat(2) */
static inline struct timespec vfs_time(struct statx_timestamp t)
{
	return (struct timespec){ .tv_sec = t.tv_sec, .tv_nsec = t.tv_nsec };
}

#endif
