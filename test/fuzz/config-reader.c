// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Judges texts: standard input has them one after the other, each behind its
 * length in four bytes, lowest first. For each a line: "ok", or the message.
 */
#include <stdio.h>
#include <stdlib.h>
#include "verdict.h"

/* What a message quotes may hold line ends. */
static void print_line(const char *text)
{
	for (; *text; text++)
		putchar((unsigned char)*text < ' ' ? '?' : *text);
	putchar('\n');
}

int main(void)
{
	unsigned char length[4];
	const char *message;
	uint8_t *text;
	size_t size;

	while (fread(length, sizeof(length), 1, stdin) == 1) {
		size = length[0] | length[1] << 8 | length[2] << 16 |
		       (size_t)length[3] << 24;
		/* Exactly as long, so that reading beyond is seen. */
		text = malloc(size);
		if ((size && !text) || fread(text, 1, size, stdin) != size)
			return 1;
		message = config_verdict(text, size);
		print_line(message ? message : "ok");
		free(text);
	}
	return 0;
}
