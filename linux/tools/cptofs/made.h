/* SPDX-License-Identifier: GPL-2.0-only */
/* What a copy has made so far, and of what. */
#ifndef LKL_TOOLS_CPTOFS_MADE_H
#define LKL_TOOLS_CPTOFS_MADE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/* The files made; NULL at first. */
typedef void *made_table;

/**
 * struct made - a file that was made
 * @dev, @ino: of it, in the target.
 * @source_dev, @source_ino: of what it was made of.
 * @argument: which SOURCE of the command line that belongs to.
 */
struct made {
	uint64_t dev;
	uint64_t ino;
	uint64_t source_dev;
	uint64_t source_ino;
	unsigned int argument;
};

/**
 * made_add() - notes that @file was made of @source
 *
 * Forgets what was noted of an earlier file with the same number.
 *
 * Return: 0 or -ENOMEM.
 */
int made_add(made_table *table, const struct statx *file,
	     const struct statx *source, unsigned int argument);

/** made_find() - what was noted of @file, or NULL */
const struct made *made_find(const made_table *table, const struct statx *file);

/** made_of() - whether @source is what @made was made of */
bool made_of(const struct made *made, const struct statx *source);

void made_free(made_table *table);

#endif
