/* SPDX-License-Identifier: GPL-2.0-only */
/* Which files with several names were seen, and by which name first. */
#ifndef LKL_TOOLS_IMAGE_LINKS_H
#define LKL_TOOLS_IMAGE_LINKS_H

#include <sys/stat.h>

struct links;

/** links_new() - an empty table; NULL when there is no memory */
struct links *links_new(void);

/**
 * links_find() - the first name of a file
 * Return: as given to links_add(), or NULL.
 */
const char *links_find(const struct links *links, const struct statx *st);

/** links_add() - notes @path, which is copied. Return: 0 or -ENOMEM. */
int links_add(struct links *links, const struct statx *st, const char *path);

void links_free(struct links *links);

#endif
