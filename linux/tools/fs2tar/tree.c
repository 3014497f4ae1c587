// SPDX-License-Identifier: GPL-2.0-only
/* Walking an image and writing each entry. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <lkl.h>
#include "../image/program.h"
#include "tar.h"

#define CHUNK (1 << 20)

/* The least hole that is looked for, and the most of one step. */
#define ZEROES (64 << 10)

static char buffer[CHUNK] __attribute__((aligned(4096)));
static const char zeroes[CHUNK];

static void failed(struct tar *t, int err)
{
	t->failed++;
	t->memory_short |= err == -ENOMEM;
	say_error("'/%s' cannot be read: %s", t->path.text, lkl_strerror(err));
}

/* Whether libarchive can go on. A warning is about how it writes a name. */
static bool archived(struct tar *t, la_ssize_t result)
{
	if (result >= ARCHIVE_OK)
		return true;
	if (result == ARCHIVE_WARN) {
		say("'/%s': %s", t->path.text, archive_error_string(t->archive));
		return true;
	}
	t->broken = true;
	say_error("the archive cannot be written: %s",
		  strerror(archive_errno(t->archive)));
	return false;
}

/*
 * A time as libarchive writes it: seconds, a dot and nanoseconds, one behind the
 * other. Before 1970 that is not what the two mean together: -1.75 s is -2 and
 * 0.25. What would need "-0." loses its fraction.
 */
static struct timespec written(struct statx_timestamp t)
{
	struct timespec w = vfs_time(t);

	if (w.tv_sec >= 0 || !w.tv_nsec)
		return w;
	if (w.tv_sec == -1)
		return (struct timespec){ .tv_sec = -1 };
	return (struct timespec){ w.tv_sec + 1, 1000000000 - w.tv_nsec };
}

static void set_times(struct archive_entry *e, const struct statx *st)
{
	struct timespec t = written(st->stx_atime);

	archive_entry_set_atime(e, t.tv_sec, t.tv_nsec);
	t = written(st->stx_mtime);
	archive_entry_set_mtime(e, t.tv_sec, t.tv_nsec);
	t = written(st->stx_ctime);
	archive_entry_set_ctime(e, t.tv_sec, t.tv_nsec);
}

static int set_symlink(struct tar *t, int dir, const char *name)
{
	char target[PATH_MAX + 1];
	ssize_t n = t->vfs->readlink(dir, name, target, sizeof(target) - 1);

	if (n < 0)
		return n;
	target[n] = '\0';
	archive_entry_set_symlink(t->entry, target);
	return 0;
}

/*
 * A file system without SEEK_HOLE, as squashfs: what reads as zeroes is a hole.
 * Only for files that no compression makes so small, as they are read twice.
 */
static int find_zeroes(struct tar *t, int fd, const struct statx *st)
{
	int64_t pos = 0, start = 0;
	bool in_data = false, data;
	ssize_t n;

	if (st->stx_blocks * 512 * 16 >= st->stx_size)
		return 0;
	if (t->vfs->seek(fd, 0, SEEK_SET) < 0)
		return -EIO;
	while ((n = t->vfs->read(fd, buffer, ZEROES)) > 0) {
		if (interrupted())
			return -EINTR;
		data = memcmp(buffer, zeroes, n);
		if (data && !in_data)
			start = pos;
		if (!data && in_data)
			archive_entry_sparse_add_entry(t->entry, start,
						       pos - start);
		in_data = data;
		pos += n;
	}
	if (in_data)
		archive_entry_sparse_add_entry(t->entry, start, pos - start);
	if (!archive_entry_sparse_count(t->entry))
		archive_entry_sparse_add_entry(t->entry, st->stx_size, 0);
	return n;
}

/* Tells where the data of a file with holes is. */
static int set_holes(struct tar *t, int fd, const struct statx *st)
{
	int64_t size = st->stx_size, pos = 0, data, hole;

	if (st->stx_blocks * 512 >= st->stx_size)
		return 0;
	while (pos < size) {
		data = t->vfs->seek(fd, pos, SEEK_DATA);
		if (data == -ENXIO)
			break;
		hole = data < 0 ? data : t->vfs->seek(fd, data, SEEK_HOLE);
		if (hole < 0)
			return hole;
		if (data == 0 && hole == size)
			return find_zeroes(t, fd, st);
		archive_entry_sparse_add_entry(t->entry, data, hole - data);
		pos = hole;
	}
	/* One without any data has its end for a part of no length. */
	if (!archive_entry_sparse_count(t->entry))
		archive_entry_sparse_add_entry(t->entry, size, 0);
	return 0;
}

static bool write_zeroes(struct tar *t, int64_t len)
{
	int64_t n;

	for (; len > 0 && !interrupted(); len -= n) {
		n = len < CHUNK ? len : CHUNK;
		if (!archived(t, archive_write_data(t->archive, zeroes, n)))
			return false;
	}
	return true;
}

/* From @pos to @end; what cannot be read becomes zeroes, for the length counts. */
static bool write_range(struct tar *t, int fd, int64_t pos, int64_t end)
{
	int64_t at = t->vfs->seek(fd, pos, SEEK_SET);
	ssize_t n;

	while (pos < end && !interrupted()) {
		n = at < 0 ? at : t->vfs->read(fd, buffer, end - pos < CHUNK ?
					       end - pos : CHUNK);
		if (n == -EINTR)
			continue;
		if (n <= 0) {
			failed(t, n ? n : -EIO);
			return write_zeroes(t, end - pos);
		}
		if (!archived(t, archive_write_data(t->archive, buffer, n)))
			return false;
		pos += n;
		progress_add(0, n);
	}
	return true;
}

/* The parts of libarchive's list, or all. It leaves out the holes itself. */
static bool write_data(struct tar *t, int fd, int64_t size)
{
	la_int64_t start, len, pos = 0;

	if (!archive_entry_sparse_reset(t->entry))
		return write_range(t, fd, 0, size);
	while (archive_entry_sparse_next(t->entry, &start, &len) ==
	       ARCHIVE_OK) {
		if (!write_zeroes(t, start - pos) ||
		    !write_range(t, fd, start, start + len))
			return false;
		pos = start + len;
	}
	return write_zeroes(t, size - pos);
}

static bool write_entry(struct tar *t, int dir, const char *name,
			const struct statx *st)
{
	const char *first = NULL;
	int fd = -1, err;
	bool on = true;

	archive_entry_clear(t->entry);
	archive_entry_set_pathname(t->entry, *t->path.text ? t->path.text : ".");
	archive_entry_set_mode(t->entry, st->stx_mode);
	archive_entry_set_uid(t->entry, st->stx_uid);
	archive_entry_set_gid(t->entry, st->stx_gid);
	archive_entry_set_rdevmajor(t->entry, st->stx_rdev_major);
	archive_entry_set_rdevminor(t->entry, st->stx_rdev_minor);
	archive_entry_set_size(t->entry, 0);
	set_times(t->entry, st);
	if (st->stx_nlink > 1 && !S_ISDIR(st->stx_mode)) {
		first = links_find(t->links, st);
		if (first)
			archive_entry_set_hardlink(t->entry, first);
	}
	err = tar_attributes(t, dir, name);
	if (!err && S_ISLNK(st->stx_mode))
		err = set_symlink(t, dir, name);
	if (!err && S_ISREG(st->stx_mode) && !first) {
		archive_entry_set_size(t->entry, st->stx_size);
		fd = t->vfs->open_file(dir, name);
		err = fd < 0 ? fd : set_holes(t, fd, st);
	}
	if (err)
		failed(t, err);
	else
		on = archived(t, archive_write_header(t->archive, t->entry)) &&
		     (fd < 0 || write_data(t, fd, st->stx_size));
	/* Other names refer to it only if it is there. */
	if (!err && on && !first && st->stx_nlink > 1 &&
	    !S_ISDIR(st->stx_mode) && links_add(t->links, st, t->path.text))
		on = false;
	if (fd >= 0)
		t->vfs->close(fd);
	progress_add(1, 0);
	return on;
}

static bool tar_below(struct tar *t, int dir, const char *name)
{
	size_t before;
	char **names;
	long i, n;
	bool on = true;
	int fd = t->vfs->open_dir(dir, name, false);

	n = fd < 0 ? fd : vfs_names(t->vfs, fd, &names);
	if (n < 0)
		failed(t, n);
	for (i = 0; i < n && on; i++) {
		on = !path_push(&t->path, names[i], &before);
		if (!on)
			break;
		on = tar_tree(t, fd, names[i]);
		path_pop(&t->path, before);
	}
	if (n >= 0)
		free(names);
	if (fd >= 0)
		t->vfs->close(fd);
	return on;
}

bool tar_tree(struct tar *t, int dir, const char *name)
{
	struct statx st;
	int err;

	if (interrupted())
		return false;
	err = t->vfs->stat(dir, name, false, &st);
	if (err) {
		failed(t, err);
		return true;
	}
	/* A format for other machines has no sockets: nobody could use one. */
	if (S_ISSOCK(st.stx_mode)) {
		say("'/%s' is a socket: left out", t->path.text);
		return true;
	}
	say("%s", *t->path.text ? t->path.text : ".");
	if (!write_entry(t, dir, name, &st))
		return false;
	return !S_ISDIR(st.stx_mode) || tar_below(t, dir, name);
}
