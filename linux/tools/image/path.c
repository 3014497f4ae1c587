// SPDX-License-Identifier: GPL-2.0-only
/* A path that grows and shrinks. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "path.h"

int path_push(struct path *path, const char *name, size_t *before)
{
	size_t len = strlen(name), need = path->len + len + 2;
	char *text;

	*before = path->len;
	if (need > path->size) {
		text = realloc(path->text, 2 * need);
		if (!text)
			return -ENOMEM;
		path->text = text;
		path->size = 2 * need;
	}
	if (path->len && path->text[path->len - 1] != '/')
		path->text[path->len++] = '/';
	memcpy(path->text + path->len, name, len + 1);
	path->len += len;
	return 0;
}

void path_pop(struct path *path, size_t before)
{
	path->len = before;
	path->text[before] = '\0';
}

void path_free(struct path *path)
{
	free(path->text);
}
