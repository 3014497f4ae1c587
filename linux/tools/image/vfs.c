// SPDX-License-Identifier: GPL-2.0-only
/* What the two sides have in common. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "vfs.h"

/* An entry of getdents64(2). */
struct entry {
	uint64_t ino;
	int64_t offset;
	uint16_t len;
	uint8_t type;
	char name[];
};

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Appends the names of @entries, ended by NUL each, to @text. */
static int append(char **text, size_t *used, const char *entries, ssize_t n)
{
	const struct entry *e;
	size_t len;
	char *more;
	ssize_t pos;

	/* Names are shorter than their entries. */
	more = realloc(*text, *used + n);
	if (!more)
		return -ENOMEM;
	*text = more;
	for (pos = 0; pos < n; pos += e->len) {
		e = (const struct entry *)(entries + pos);
		if (!strcmp(e->name, ".") || !strcmp(e->name, ".."))
			continue;
		len = strlen(e->name) + 1;
		memcpy(more + *used, e->name, len);
		*used += len;
	}
	return 0;
}

/* One piece of memory: the array, then the names. */
static long make_array(const char *text, size_t used, char ***names)
{
	size_t count = 0, i, pos;
	char *copy;

	for (i = 0; i < used; i++)
		count += !text[i];
	*names = malloc(count * sizeof(**names) + used + 1);
	if (!*names)
		return -ENOMEM;
	copy = (char *)(*names + count);
	if (used)
		memcpy(copy, text, used);
	for (i = 0, pos = 0; i < count; i++) {
		(*names)[i] = copy + pos;
		pos += strlen(copy + pos) + 1;
	}
	qsort(*names, count, sizeof(**names), compare);
	return count;
}

long vfs_names(const struct vfs *vfs, int fd, char ***names)
{
	char buf[32768] __attribute__((aligned(8)));
	char *text = NULL;
	size_t used = 0;
	ssize_t n;
	long count;

	while ((n = vfs->list(fd, buf, sizeof(buf))) > 0) {
		n = append(&text, &used, buf, n);
		if (n)
			break;
	}
	count = n < 0 ? n : make_array(text, used, names);
	free(text);
	return count;
}
