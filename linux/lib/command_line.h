/* SPDX-License-Identifier: GPL-2.0-only */
/* Options of a kernel command line. */
#ifndef LKL_LIB_COMMAND_LINE_H
#define LKL_LIB_COMMAND_LINE_H

/**
 * command_line_wrong() - finds an option that the kernel would not start with
 * @command_line: may be NULL.
 * @len: characters of the option.
 *
 * src/config/rules/boot-option.ts has the same.
 *
 * Return: where it stands, or NULL.
 */
const char *command_line_wrong(const char *command_line, int *len);

#endif
