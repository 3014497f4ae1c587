/* SPDX-License-Identifier: GPL-2.0-only */
/* Running a program of the host to help a backend. */
#ifndef LKL_LIB_NETDEV_SPAWN_H
#define LKL_LIB_NETDEV_SPAWN_H

#include <stddef.h>

/* Where the program finds the descriptor that it is given. */
#define SPAWN_FD 3

/**
 * spawn() - runs a program that goes into the background by itself
 * @argv: its arguments, looked up in PATH and run without this library.
 * @fd: becomes its SPAWN_FD; it has no other one of ours.
 * @said: filled with the end of what it wrote on standard error, in one line.
 * @size: of @said in bytes.
 *
 * Waits for its first process. The caller gets no SIGCHLD, and has no child
 * that it did not make.
 *
 * Return: exit status of the first process: 127 when there is no such program,
 * 128 and more when a signal has ended it; or a negative errno.
 */
int spawn(const char *const argv[], int fd, char *said, size_t size);

#endif
