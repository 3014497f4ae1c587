// SPDX-License-Identifier: GPL-2.0-only
/* A line on the terminal that tells how far a program is. */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include "program.h"

/* How long until the line is written anew. */
#define INTERVAL_MS 200

static uint64_t entries_done;
static uint64_t bytes_done;
static uint64_t started;
static uint64_t shown;
static bool visible;

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return t.tv_sec * 1000ULL + t.tv_nsec / 1000000;
}

void progress_add(unsigned int entries, uint64_t bytes)
{
	uint64_t now;

	entries_done += entries;
	bytes_done += bytes;
	if (!image_options.progress)
		return;
	now = now_ms();
	if (!started)
		started = shown = now;
	if (now - shown < INTERVAL_MS)
		return;
	shown = now;
	visible = true;
	fprintf(stderr, "\r\033[K%" PRIu64 " entries, %" PRIu64 " MiB, %" PRIu64 " MiB/s",
		entries_done, bytes_done >> 20,
		bytes_done * 1000 / (now - started) >> 20);
	fflush(stderr);
}

void progress_clear(void)
{
	if (!visible)
		return;
	visible = false;
	fputs("\r\033[K", stderr);
}
