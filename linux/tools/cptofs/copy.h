/* SPDX-License-Identifier: GPL-2.0-only */
/* Copying trees from one side to the other, with all that files have. */
#ifndef LKL_TOOLS_CPTOFS_COPY_H
#define LKL_TOOLS_CPTOFS_COPY_H

#include "../image/links.h"
#include "../image/path.h"
#include "../image/session.h"
#include "../image/vfs.h"
#include "made.h"

/* What a file system may be unable to hold. */
enum attribute {
	ATTRIBUTE_OWNER,
	ATTRIBUTE_MODE,
	ATTRIBUTE_TIMES,
	ATTRIBUTE_XATTR,
	ATTRIBUTES
};

/**
 * struct copy_options - how to copy
 * @dry_run: only say what would be done.
 * @owner, @group: of all that is copied; -1 to keep what it has.
 * @mode: of all files; directories may be searched by who may read them. -1 to
 *	keep.
 * @selinux: the label of all; NULL to keep.
 */
struct copy_options {
	bool dry_run;
	long owner;
	long group;
	long mode;
	const char *selinux;
};

/**
 * struct copy - a copy under way
 * @from, @to: the two sides.
 * @session: the image.
 * @options: how.
 * @named: the TARGET is not the directory to copy into, but the name to copy to.
 * @links: files with several names.
 * @made: what it has made.
 * @argument: which SOURCE of the command line it is at.
 * @depth: of directories below that.
 * @source, @target: where it is, for messages and links.
 * @stop: the error that has ended it, or 0.
 * @failed: how many entries could not be copied.
 * @lost: of how many entries an attribute could not be kept.
 */
struct copy {
	const struct vfs *from;
	const struct vfs *to;
	const struct session *session;
	const struct copy_options *options;
	bool named;
	struct links *links;
	made_table made;
	unsigned int argument;
	unsigned int depth;
	struct path source;
	struct path target;
	int stop;
	unsigned long failed;
	unsigned long lost[ATTRIBUTES];
};

/* A file: a name in a directory. */
struct place {
	int dir;
	const char *name;
};

/**
 * copy_entry() - copies what is at @from, with all below it, to @to
 *
 * What stands in the way of a file is replaced, unless it was itself just made
 * of another one by the same name; directories are joined. A TARGET of the host
 * that is a device, a pipe or a symbolic link stays that: contents go into it.
 * Failures are told, counted, and not the end.
 *
 * Return: 0, or a negative errno when there is no use in going on: the target
 * is full or broken, or a signal asks to end.
 */
int copy_entry(struct copy *c, struct place from, struct place to);

/**
 * copy_data() - copies contents
 * @from, @to: open files of the two sides.
 * @st: of @from.
 *
 * Holes stay holes.
 *
 * Return: 0 or a negative errno. -EINTR: a signal asks to end.
 */
int copy_data(struct copy *c, int from, int to, const struct statx *st);

/** copy_stream() - the same, to what is written in one piece */
int copy_stream(struct copy *c, int from, int to, const struct statx *st);

/**
 * copy_attributes() - gives @to the owner, mode, times and extended attributes
 *
 * Those that the target cannot hold are counted in @c->lost.
 *
 * Return: 0 or a negative errno.
 */
int copy_attributes(struct copy *c, struct place from, struct place to,
		    const struct statx *st);

#endif
