// SPDX-License-Identifier: GPL-2.0-only
/* Files with several names. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "links.h"

#define BUCKETS 4096

struct link {
	struct link *next;
	uint64_t ino;
	uint64_t dev;
	char path[];
};

struct links {
	struct link *buckets[BUCKETS];
};

static uint64_t device_of(const struct statx *st)
{
	return (uint64_t)st->stx_dev_major << 32 | st->stx_dev_minor;
}

struct links *links_new(void)
{
	return calloc(1, sizeof(struct links));
}

const char *links_find(const struct links *links, const struct statx *st)
{
	const struct link *l = links->buckets[st->stx_ino % BUCKETS];

	while (l && (l->ino != st->stx_ino || l->dev != device_of(st)))
		l = l->next;
	return l ? l->path : NULL;
}

int links_add(struct links *links, const struct statx *st, const char *path)
{
	struct link **bucket = &links->buckets[st->stx_ino % BUCKETS], *l;

	l = malloc(sizeof(*l) + strlen(path) + 1);
	if (!l)
		return -ENOMEM;
	l->ino = st->stx_ino;
	l->dev = device_of(st);
	l->next = *bucket;
	strcpy(l->path, path);
	*bucket = l;
	return 0;
}

void links_free(struct links *links)
{
	struct link *l, *next;
	int i;

	for (i = 0; links && i < BUCKETS; i++)
		for (l = links->buckets[i]; l; l = next) {
			next = l->next;
			free(l);
		}
	free(links);
}
