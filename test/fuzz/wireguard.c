// SPDX-License-Identifier: GPL-2.0-or-later
/* The reader of tunnels' files, the target of a fuzzer (scripts/fuzz). */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "wireguard/file.h"

static void count(void *arg, unsigned int line, const char *text)
{
	unsigned int *complaints = arg;

	if (!line && strncmp(text, "it is longer", 12))
		abort();
	(*complaints)++;
}

int LLVMFuzzerTestOneInput(const uint8_t *text, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *text, size_t size)
{
	unsigned int complaints = 0;
	struct wg_file file;
	bool sound;

	sound = wg_file_parse(&file, (const char *)text, size, count, &complaints);
	/* Whoever refuses says why, once, and says nothing otherwise. */
	if (complaints != !sound)
		abort();
	wg_file_forget(&file);
	return 0;
}
