/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages for the user: what was asked for, the reason, the remedy. */
#ifndef LKL_LIB_FAILURE_H
#define LKL_LIB_FAILURE_H

#include <stddef.h>

/**
 * struct failure - where the message goes
 * @text: may be NULL when @size is 0.
 * @size: in bytes.
 */
struct failure {
	char *text;
	size_t size;
};

/**
 * fail() - fills @failure as printf(3) does
 * Return: @err, which is a negative errno.
 */
int fail(const struct failure *failure, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
