/* SPDX-License-Identifier: GPL-2.0-only */
/* Writing the files of an image to an archive. */
#ifndef LKL_TOOLS_FS2TAR_TAR_H
#define LKL_TOOLS_FS2TAR_TAR_H

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include "../image/links.h"
#include "../image/path.h"
#include "../image/vfs.h"

/**
 * struct tar - an archive under way
 * @vfs: the files of the image.
 * @archive: of libarchive.
 * @fd: where it is written.
 * @entry: for one file after the other.
 * @links: files with several names.
 * @labels: where SELinux labels are listed, or NULL.
 * @path: where it is, from the image's root on.
 * @failed: how many entries could not be read.
 * @memory_short: of which some for want of memory.
 * @broken: the archive cannot be written any more.
 */
struct tar {
	const struct vfs *vfs;
	struct archive *archive;
	int fd;
	struct archive_entry *entry;
	struct links *links;
	FILE *labels;
	struct path path;
	unsigned long failed;
	bool memory_short;
	bool broken;
};

/**
 * tar_tree() - writes @name in the directory @dir, and what is below it
 *
 * Failures are told, counted, and not the end.
 *
 * Return: whether to go on: the archive can be written and no signal asks to
 * end.
 */
bool tar_tree(struct tar *t, int dir, const char *name);

/**
 * tar_attributes() - adds extended attributes and access control lists
 *
 * Return: 0 or a negative errno.
 */
int tar_attributes(struct tar *t, int dir, const char *name);

/**
 * tar_acl() - adds an access control list
 * @value: in the form that the kernel gives it (linux/posix_acl_xattr.h).
 * @type: ARCHIVE_ENTRY_ACL_TYPE_ACCESS or _DEFAULT.
 *
 * Return: whether it is one.
 */
bool tar_acl(struct archive_entry *entry, const void *value, size_t len,
	     int type);

#endif
