// SPDX-License-Identifier: GPL-2.0-only
/* Open directories. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <lkl/linux/fcntl.h>
#include "node.h"
#include "operations.h"

/* For a long name and what comes with it. */
#define ENTRIES_BYTES 16384

/**
 * struct directory - an open directory
 * @lock: of all that follows.
 * @fd: its descriptor.
 * @offset: place in the directory after what was handed out last.
 * @at, @end: what of @entries is not handed out yet.
 */
struct directory {
	pthread_mutex_t lock;
	int fd;
	off_t offset;
	long at, end;
	char entries[ENTRIES_BYTES];
};

static struct directory *directory_of(const struct fuse_file_info *fi)
{
	return (struct directory *)fi->fh;
}

int directory_fd(const struct fuse_file_info *fi)
{
	return directory_of(fi)->fd;
}

static void close_directory(struct directory *dir)
{
	lkl_sys_close(dir->fd);
	pthread_mutex_destroy(&dir->lock);
	free(dir);
}

void do_opendir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct directory *dir;
	long fd = lkl_sys_openat(node_fd(ino), ".", LKL_O_RDONLY |
				 LKL_O_DIRECTORY | LKL_O_CLOEXEC, 0);

	if (fd < 0) {
		answer(req, fd);
		return;
	}
	dir = malloc(sizeof(*dir));
	if (!dir) {
		lkl_sys_close(fd);
		answer(req, -LKL_ENOMEM);
		return;
	}
	pthread_mutex_init(&dir->lock, NULL);
	dir->fd = fd;
	dir->offset = 0;
	dir->at = dir->end = 0;
	fi->fh = (uint64_t)dir;
	if (fuse_reply_open(req, fi))
		close_directory(dir);
}

void do_releasedir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	(void)ino;
	close_directory(directory_of(fi));
	answer(req, 0);
}

/* Return: 1 with @entry, 0 at the end, or a negative errno. */
static long next_entry(struct directory *dir,
		       struct lkl_linux_dirent64 **entry)
{
	if (dir->at == dir->end) {
		long n = lkl_sys_getdents64(dir->fd, (void *)dir->entries,
					    sizeof(dir->entries));

		if (n <= 0)
			return n;
		dir->at = 0;
		dir->end = n;
	}
	*entry = (void *)(dir->entries + dir->at);
	return 1;
}

static bool is_dot(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

/* Adds an entry to an answer. Return: its size, more than @size if too big. */
static size_t add_entry(fuse_req_t req, char *buf, size_t size,
			const struct lkl_linux_dirent64 *dirent)
{
	struct stat attr = {
		.st_ino = dirent->d_ino,
		.st_mode = dirent->d_type << 12,
	};

	return fuse_add_direntry(req, buf, size, dirent->d_name, &attr,
				 dirent->d_off);
}

static size_t add_entry_plus(fuse_req_t req, fuse_ino_t parent, char *buf,
			     size_t size,
			     const struct lkl_linux_dirent64 *dirent)
{
	/* Of no inode: what the host does not count as a lookup. */
	struct fuse_entry_param entry = {
		.attr.st_ino = dirent->d_ino,
		.attr.st_mode = dirent->d_type << 12,
	};
	size_t need;

	/* What cannot be looked up (an entry that is damaged) is listed. */
	if (!is_dot(dirent->d_name) &&
	    node_enter(parent, dirent->d_name, &entry))
		entry.ino = 0;
	need = fuse_add_direntry_plus(req, buf, size, dirent->d_name, &entry,
				      dirent->d_off);
	if (need > size && entry.ino)
		node_forget(entry.ino, 1);
	return need;
}

static long read_entries(fuse_req_t req, fuse_ino_t ino, char *buf,
			 size_t size, off_t off, struct directory *dir,
			 bool plus)
{
	struct lkl_linux_dirent64 *dirent;
	size_t used = 0, need;
	long err = 1;

	if (off != dir->offset) {
		err = lkl_sys_lseek(dir->fd, off, LKL_SEEK_SET);
		if (err < 0)
			return err;
		dir->offset = off;
		dir->at = dir->end = 0;
	}
	while ((err = next_entry(dir, &dirent)) > 0) {
		need = plus ? add_entry_plus(req, ino, buf + used, size - used,
					     dirent) :
			      add_entry(req, buf + used, size - used, dirent);
		if (need > size - used)
			break;
		used += need;
		dir->at += dirent->d_reclen;
		dir->offset = dirent->d_off;
	}
	/* Entries in the answer are looked up: it must go out. */
	return used ? (long)used : err < 0 ? err : 0;
}

static void answer_entries(fuse_req_t req, fuse_ino_t ino, size_t size,
			   off_t off, struct fuse_file_info *fi, bool plus)
{
	struct directory *dir = directory_of(fi);
	char *buf = malloc(size);
	long n = -LKL_ENOMEM;

	if (buf) {
		pthread_mutex_lock(&dir->lock);
		n = read_entries(req, ino, buf, size, off, dir, plus);
		pthread_mutex_unlock(&dir->lock);
	}
	if (n < 0)
		answer(req, n);
	else
		fuse_reply_buf(req, buf, n);
	free(buf);
}

void do_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		struct fuse_file_info *fi)
{
	answer_entries(req, ino, size, off, fi, false);
}

void do_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		    struct fuse_file_info *fi)
{
	answer_entries(req, ino, size, off, fi, true);
}

void do_fsyncdir(fuse_req_t req, fuse_ino_t ino, int datasync,
		 struct fuse_file_info *fi)
{
	(void)ino;
	answer(req, datasync ? lkl_sys_fdatasync(directory_fd(fi)) :
			       lkl_sys_fsync(directory_fd(fi)));
}
