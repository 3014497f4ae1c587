/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the programs of benchmarks share. */
#ifndef BENCH_COMMON_H
#define BENCH_COMMON_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline _Noreturn void die(const char *what)
{
	perror(what);
	exit(1);
}

/* Seconds of a clock that only goes on. */
static inline double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

#endif
