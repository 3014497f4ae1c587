// SPDX-License-Identifier: GPL-2.0-only
/* Options of the kernel that this one does not start with: it panics. */
#include <stddef.h>
#include <string.h>
#include "command_line.h"

/*
 * The init that is run instead of the port's own, and memory that may not be
 * the kernel's, which is all of it where there is one zone.
 */
static const char *const wrong[] = { "rdinit=", "kernelcore=", "movablecore=" };

const char *command_line_wrong(const char *command_line, int *len)
{
	const char *at;
	size_t i;

	for (at = command_line; at && *at; at += *len + strspn(at + *len, " ")) {
		*len = strcspn(at, " ");
		for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
			if (!strncmp(at, wrong[i], strlen(wrong[i])))
				return at;
	}
	return NULL;
}
