/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages to the user, on standard error. */
#ifndef HIJACK_MESSAGE_H
#define HIJACK_MESSAGE_H

/* Exit status of a program that could not be given its network. */
#define EXIT_REFUSED 125

/** message() - prints one line, "lkl-hijack: ..." */
void message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** message_die() - the same, and ends the process with status 125 */
void message_die(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));

/**
 * message_keep() - keeps standard error as it is, for messages at the end
 *
 * Many programs close it in their exit handlers.
 */
void message_keep(void);

/** message_fork() - in a child of fork(): standard error is what the child has */
void message_fork(void);

/** message_text() - prints @len bytes as they are */
void message_text(const char *text, unsigned int len);

#endif
