/* SPDX-License-Identifier: GPL-2.0-only */
/* Patterns in the names of sources. */
#ifndef LKL_TOOLS_CPTOFS_GLOB_H
#define LKL_TOOLS_CPTOFS_GLOB_H

#include <glob.h>
#include "../image/vfs.h"

/**
 * glob_sources() - the paths that a pattern stands for
 * @vfs: where.
 * @pattern: as of a shell; one that nothing matches stands for itself.
 * @flags: GLOB_APPEND, to add to what was found before, or 0.
 * @found: filled; to be given to globfree(3).
 *
 * Return: 0 or a negative errno.
 */
int glob_sources(const struct vfs *vfs, const char *pattern, int flags,
		 glob_t *found);

#endif
