/* SPDX-License-Identifier: GPL-2.0-only */
/* Catching the system calls of libc's own insides (Syscall User Dispatch). */
#ifndef HIJACK_SUD_H
#define HIJACK_SUD_H

#include <stdbool.h>
#include <stdint.h>

/** struct sud - how it was before, for the end */
struct sud {
	bool armed;
	bool caught;
	bool lookup;
	unsigned int handlers;
	uint64_t mask;
};

/**
 * sud_begin() - from here, every system call of this thread is dispatched
 * @before: filled for sud_end().
 *
 * Calls that libc makes without asking any symbol included. Needs Linux 5.11
 * on the host (Documentation/admin-guide/syscall-user-dispatch.rst); without
 * it such a call would reach the host's network, so the process ends with a
 * message.
 */
void sud_begin(struct sud *before);

/** sud_begin_lookup() - the same for a function that looks names up */
void sud_begin_lookup(struct sud *before);

/**
 * sud_looks_up() - whether the call is one made to look a name up
 *
 * In such a function, that is, and not in a handler of the program's that has
 * interrupted it.
 */
bool sud_looks_up(void);

/** sud_end() - to there */
void sud_end(const struct sud *before);

/** sud_pause() - off for the time of a signal handler; for sud_resume() */
bool sud_pause(void);

/** sud_resume() - as it was before */
void sud_resume(bool was);

#endif
