/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that the program names in a call. It may not be there: the host
 * answers EFAULT then, and so do we. Each instruction that touches such memory
 * is in a table with the place to go on at when it faults (fault.c).
 */
#ifndef HIJACK_USER_H
#define HIJACK_USER_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include "code_table.h"
#include "host.h"

#define USER_FAULT CODE_TABLE_ENTRY(user_faults, 1b, 1b)

#define user_access(access, label, ...)					\
	do {								\
		int bad_ = 0;						\
									\
		access(__VA_ARGS__, bad_, USER_FAULT);			\
		if (__builtin_expect(bad_, 0))				\
			goto label;					\
	} while (0)

/* user_get(fd, &fds[i].fd, bad): reads a word of 1 to 8 bytes, or goes to bad. */
#define user_get(variable, from, label)					\
	user_access(HOST_READ, label, variable, from)

/* user_put(events, &fds[i].revents, bad): writes one. */
#define user_put(value, to, label) user_access(HOST_WRITE, label, value, to)

/**
 * user_copy() - copies to or from memory of the program
 *
 * Return: 0, or -EFAULT; part of it may have been copied then.
 */
int user_copy(void *to, const void *from, size_t len);

/**
 * user_mend() - has a fault in such an access end with an error
 * @context: of the signal's handler, a ucontext_t.
 *
 * Return: false when the fault is another's.
 */
bool user_mend(void *context);

#endif
