/* SPDX-License-Identifier: GPL-2.0-only */
/* A path that grows and shrinks as a walk goes down and up. */
#ifndef LKL_TOOLS_IMAGE_PATH_H
#define LKL_TOOLS_IMAGE_PATH_H

#include <stddef.h>

/**
 * struct path - the path
 * @text: always terminated; NULL before the first push.
 */
struct path {
	char *text;
	size_t len;
	size_t size;
};

/**
 * path_push() - goes down to @name
 * @before: filled with what path_pop() takes to come back.
 *
 * Return: 0 or -ENOMEM.
 */
int path_push(struct path *path, const char *name, size_t *before);

/** path_pop() - comes back up */
void path_pop(struct path *path, size_t before);

/** path_free() - frees @text */
void path_free(struct path *path);

#endif
