// SPDX-License-Identifier: GPL-2.0-only
/* What a copy has made so far: a tree (tsearch(3)) by number of the inode. */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include "made.h"

static uint64_t device_of(const struct statx *st)
{
	return (uint64_t)st->stx_dev_major << 32 | st->stx_dev_minor;
}

static int compare(const void *a, const void *b)
{
	const struct made *x = a, *y = b;

	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	return x->dev == y->dev ? 0 : x->dev < y->dev ? -1 : 1;
}

int made_add(made_table *table, const struct statx *file,
	     const struct statx *source, unsigned int argument)
{
	struct made *made = malloc(sizeof(*made)), **found;

	if (!made)
		return -ENOMEM;
	*made = (struct made){
		.dev = device_of(file),
		.ino = file->stx_ino,
		.source_dev = device_of(source),
		.source_ino = source->stx_ino,
		.argument = argument,
	};
	found = tsearch(made, table, compare);
	if (!found) {
		free(made);
		return -ENOMEM;
	}
	if (*found != made) {
		**found = *made;
		free(made);
	}
	return 0;
}

const struct made *made_find(const made_table *table, const struct statx *file)
{
	const struct made key = {
		.dev = device_of(file),
		.ino = file->stx_ino,
	};
	struct made **found = tfind(&key, table, compare);

	return found ? *found : NULL;
}

bool made_of(const struct made *made, const struct statx *source)
{
	return made->source_dev == device_of(source) &&
	       made->source_ino == source->stx_ino;
}

void made_free(made_table *table)
{
	tdestroy(*table, free);
}
