// SPDX-License-Identifier: GPL-2.0-only
/* Patterns in the names of sources: glob(3) over the files of either side. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "glob.h"

/* The functions of glob(3) have no argument of their own. */
static const struct vfs *side;

struct listing {
	char **names;
	long count;
	long next;
	struct dirent entry;
};

static void *open_listing(const char *path)
{
	struct listing *l = calloc(1, sizeof(*l));
	int fd;

	if (!l)
		return NULL;
	fd = side->open_dir(side->root, path, true);
	l->count = fd < 0 ? fd : vfs_names(side, fd, &l->names);
	if (fd >= 0)
		side->close(fd);
	if (l->count >= 0)
		return l;
	errno = -l->count;
	free(l);
	return NULL;
}

static struct dirent *read_listing(void *arg)
{
	struct listing *l = arg;

	if (l->next == l->count)
		return NULL;
	l->entry.d_ino = 1;
	l->entry.d_type = DT_UNKNOWN;
	snprintf(l->entry.d_name, sizeof(l->entry.d_name), "%s",
		 l->names[l->next++]);
	return &l->entry;
}

static void close_listing(void *arg)
{
	struct listing *l = arg;

	free(l->names);
	free(l);
}

static int look(const char *path, bool follow, struct stat *st)
{
	struct statx found;
	int err = side->stat(side->root, path, follow, &found);

	if (err) {
		errno = -err;
		return -1;
	}
	memset(st, 0, sizeof(*st));
	st->st_mode = found.stx_mode;
	return 0;
}

static int look_at_target(const char *path, struct stat *st)
{
	return look(path, true, st);
}

static int look_at_link(const char *path, struct stat *st)
{
	return look(path, false, st);
}

int glob_sources(const struct vfs *vfs, const char *pattern, int flags,
		 glob_t *found)
{
	side = vfs;
	found->gl_opendir = open_listing;
	found->gl_readdir = read_listing;
	found->gl_closedir = close_listing;
	found->gl_stat = (void *)look_at_target;
	found->gl_lstat = (void *)look_at_link;
	flags |= GLOB_ALTDIRFUNC | GLOB_NOCHECK;
	switch (glob(pattern, flags, NULL, found)) {
	case 0:
		return 0;
	case GLOB_NOSPACE:
		return -ENOMEM;
	default:
		return -EIO;
	}
}
