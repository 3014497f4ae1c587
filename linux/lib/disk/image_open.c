// SPDX-License-Identifier: GPL-2.0-only
/* Opening an image, and saying why it cannot be. */
#include <inttypes.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include "../host.h"
#include "../own_fds.h"
#include "image.h"
#include <lkl.h>

#define DEFAULT_BLOCK_SIZE 512

static int open_failed(int err, const char *path, bool read_only,
		       const struct failure *failure)
{
	switch (err) {
	case -ENOENT:
		return fail(failure, err,
			"'%s' does not exist: make it first, for example with 'truncate -s 1G' and mkfs, or check the name",
			path);
	case -EACCES:
	case -EPERM:
		return fail(failure, err,
			"'%s' may not be opened for %s: %s: %s", path,
			read_only ? "reading" : "reading and writing",
			lkl_strerror(err),
			read_only ? "check its permissions" :
			"check its permissions, or open it read-only");
	case -EROFS:
		return fail(failure, err,
			"'%s' is on a read-only file system: open it read-only",
			path);
	case -ETXTBSY:
		return fail(failure, err,
			"'%s' is being executed or swapped on: open it read-only",
			path);
	case -EBUSY:
		return fail(failure, err,
			"'%s' is in use by the host, mounted or part of another device: unmount it there, or open it read-only",
			path);
	default:
		return fail(failure, err, "'%s' cannot be opened: %s", path,
			    lkl_strerror(err));
	}
}

/*
 * Who holds the lock, from /proc/locks; 0 if that cannot be told. Its lines
 * are "1: FLOCK  ADVISORY  WRITE 1234 08:01:5678 0 EOF".
 */
static int lock_holder(const struct stat *st)
{
	char text[4096 + 1], *line, *end;
	unsigned int major, minor;
	uint64_t inode;
	int fd, pid, found = 0;
	size_t len = 0;
	ssize_t n;

	fd = host_open("/proc/locks", O_RDONLY);
	if (fd < 0)
		return 0;
	while (!found && (n = host_read(fd, text + len,
					sizeof(text) - 1 - len)) > 0) {
		len += n;
		text[len] = '\0';
		for (line = text; !found && (end = strchr(line, '\n'));
		     line = end + 1)
			if (sscanf(line, "%*s FLOCK %*s %*s %d %x:%x:%" SCNu64,
				   &pid, &major, &minor, &inode) == 4 &&
			    inode == st->st_ino &&
			    major == major(st->st_dev) &&
			    minor == minor(st->st_dev))
				found = pid;
		len = strlen(line);
		memmove(text, line, len);
	}
	host_close(fd);
	return found;
}

static int lock(int fd, const char *path, bool read_only,
		const struct stat *st, const struct failure *failure)
{
	int err, pid, length;
	char name[64] = "", file[64];
	int comm;

	err = host_flock(fd, (read_only ? LOCK_SH : LOCK_EX) | LOCK_NB);
	/* Some network file systems have no locks: then there is no protection. */
	if (err != -EWOULDBLOCK)
		return 0;

	pid = lock_holder(st);
	if (pid <= 0)
		return fail(failure, -EBUSY,
			"'%s' is locked by another program: wait for its end%s",
			path, read_only ? "" : ", or open it read-only if that only reads it");
	snprintf(file, sizeof(file), "/proc/%d/comm", pid);
	comm = host_open(file, O_RDONLY);
	if (comm >= 0) {
		length = host_read(comm, name, sizeof(name) - 1);
		if (length > 0)
			name[length - (name[length - 1] == '\n')] = '\0';
		host_close(comm);
	}
	return fail(failure, -EBUSY,
		"'%s' is locked by process %d (%s): wait for its end%s",
		path, pid, *name ? name : "?",
		read_only ? "" : ", or open it read-only if that only reads it");
}

static int measure(struct image *image, const char *path,
		   const struct stat *st, unsigned int block_size,
		   const struct failure *failure)
{
	unsigned int device_block_size = 0;
	int err;

	if (S_ISREG(st->st_mode)) {
		image->size = st->st_size;
	} else if (S_ISBLK(st->st_mode)) {
		err = host_ioctl(image->fd, BLKGETSIZE64, &image->size);
		if (!err)
			err = host_ioctl(image->fd, BLKSSZGET,
					 &device_block_size);
		if (err)
			return fail(failure, err,
				"'%s' does not tell its size: %s", path,
				lkl_strerror(err));
	} else {
		return fail(failure, S_ISDIR(st->st_mode) ? -EISDIR : -EINVAL,
			"'%s' is %s: an image is a file or a block device",
			path, S_ISDIR(st->st_mode) ? "a directory" :
			S_ISCHR(st->st_mode) ? "a character device" :
			S_ISFIFO(st->st_mode) ? "a pipe" : "a socket");
	}

	image->block_size = block_size ? block_size :
			    device_block_size ? device_block_size :
			    DEFAULT_BLOCK_SIZE;
	if (image->block_size < device_block_size)
		return fail(failure, -EINVAL,
			"block size %u: '%s' has blocks of %u bytes: use that",
			block_size, path, device_block_size);
	if (!image->size)
		return fail(failure, -EINVAL,
			"'%s' is empty: an image is as long as its disk", path);
	if (!image->read_only && image->size % image->block_size)
		return fail(failure, -EINVAL,
			"'%s' has %" PRIu64 " bytes, which is not a multiple of its blocks of %u: it was cut off, or is no image; open it read-only to look at it",
			path, image->size, image->block_size);
	image->sectors = (image->size + image->block_size - 1) /
			 image->block_size * (image->block_size / SECTOR_SIZE);
	return 0;
}

int image_open(struct image *image, const char *path, bool read_only,
	       unsigned int block_size, const struct failure *failure)
{
	struct stat st;
	int err, flags;

	if (block_size & (block_size - 1) ||
	    (block_size && (block_size < 512 || block_size > 4096)))
		return fail(failure, -EINVAL,
			"block size %u: use 512, 1024, 2048 or 4096",
			block_size);
	if (!path || !*path)
		return fail(failure, -EINVAL, "no image is named");
	/* A pipe must not keep us waiting for its other end. */
	flags = (read_only ? O_RDONLY : O_RDWR) | O_NOCTTY | O_NONBLOCK;
	image->read_only = read_only;
	image->fd = host_open(path, flags);
	if (image->fd == -EISDIR)
		return fail(failure, -EISDIR,
			"'%s' is a directory: an image is a file or a block device",
			path);
	if (image->fd < 0)
		return open_failed(image->fd, path, read_only, failure);

	err = host_fstat(image->fd, &st);
	if (err) {
		fail(failure, err, "'%s': %s", path, lkl_strerror(err));
		goto out;
	}
	if (S_ISBLK(st.st_mode) && !read_only) {
		/* The host refuses this for a device that is mounted. */
		host_close(image->fd);
		image->fd = host_open(path, flags | O_EXCL);
		if (image->fd < 0)
			return open_failed(image->fd, path, read_only, failure);
	}
	err = measure(image, path, &st, block_size, failure);
	if (!err)
		err = lock(image->fd, path, read_only, &st, failure);
	if (err)
		goto out;
	image->fd = host_fd_hide(image->fd);
	err = own_fd_keep(image->fd);
	if (err >= 0)
		return 0;
	fail(failure, err, "'%s': too many devices", path);
out:
	host_close(image->fd);
	return err;
}

void image_close(struct image *image)
{
	own_fd_close(image->fd);
}
