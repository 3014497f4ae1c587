/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trees of files for the tests of image tools. */
#ifndef TEST_LINUX_TOOLS_TREE_H
#define TEST_LINUX_TOOLS_TREE_H

#include <stdbool.h>

/* What a file system, or a way of copying, may not hold: bits. */
enum {
	NO_OWNERS	= 1 << 0,
	NO_MODES	= 1 << 1,
	NO_XATTRS	= 1 << 2,
	NO_SYMLINKS	= 1 << 3,
	NO_LINKS	= 1 << 4,	/* several names of a file */
	NO_SPECIALS	= 1 << 5,	/* fifos and devices */
	NO_SPARSE	= 1 << 6,	/* holes, and files of 10 GiB */
	NO_NSEC		= 1 << 7,	/* parts of a second */
	NO_ODD_SECONDS	= 1 << 8,	/* times in steps of two */
	NO_BEFORE_1970	= 1 << 9,
	NO_BEFORE_1980	= 1 << 10,
	NO_AFTER_2105	= 1 << 11,
	NO_LONG_NAMES	= 1 << 12,	/* of more than 250 bytes */
	NO_BIG_MINORS	= 1 << 13,	/* of more than 8 bits */
	NO_ACLS		= 1 << 14,
};

/* Makes a tree of some 20,000 entries in the new directory @path. */
void tree_make(const char *path, unsigned int without);

/* Compares two, exits with 1 after telling of the differences. */
void tree_compare(const char *a, const char *b, unsigned int without);

#endif
