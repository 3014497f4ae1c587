/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's console output, and its last lines. */
#ifndef LKL_LIB_LOG_H
#define LKL_LIB_LOG_H

#include <stddef.h>

/**
 * log_print() - the host operation "print"
 * @text: text, not terminated.
 * @len: its length in bytes.
 */
void log_print(const char *text, unsigned int len);

/** log_position() - where the log ends just now, for log_since() */
size_t log_position(void);

/**
 * log_since() - what was printed from a position on
 * @position: of log_position().
 * @buf: filled with whole lines, the last that fit; always terminated.
 * @size: its size in bytes.
 *
 * Return: length of the text.
 */
size_t log_since(size_t position, char *buf, size_t size);

/**
 * log_panic() - the host operation "panic": shows the log's tail and aborts
 */
void log_panic(void) __attribute__((noreturn));

#endif
