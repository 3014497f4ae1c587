/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's console output, and its last lines. */
#ifndef LKL_LIB_LOG_H
#define LKL_LIB_LOG_H

/**
 * log_print() - the host operation "print"
 * @text: text, not terminated.
 * @len: its length in bytes.
 */
void log_print(const char *text, unsigned int len);

/**
 * log_panic() - the host operation "panic": shows the log's tail and aborts
 */
void log_panic(void) __attribute__((noreturn));

#endif
