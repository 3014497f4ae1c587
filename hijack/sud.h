/* SPDX-License-Identifier: GPL-2.0-only */
/* Catching the system calls of libc's own insides (Syscall User Dispatch). */
#ifndef HIJACK_SUD_H
#define HIJACK_SUD_H

#include <stdbool.h>

/**
 * sud_begin() - from here, every system call of this thread is dispatched
 *
 * Calls that libc makes without asking any symbol included. Needs Linux 5.11
 * on the host (Documentation/admin-guide/syscall-user-dispatch.rst); without
 * it such a call would reach the host's network, so the process ends with a
 * message.
 *
 * Return: for sud_end(); false when it was on already.
 */
bool sud_begin(void);

/** sud_end() - to there, when @begun */
void sud_end(bool begun);

/** sud_pause() - off for the time of a signal handler; for sud_resume() */
bool sud_pause(void);

/** sud_resume() - as it was before */
void sud_resume(bool was);

#endif
