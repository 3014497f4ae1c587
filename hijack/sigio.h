/* SPDX-License-Identifier: GPL-2.0-only */
/* SIGIO and SIGURG of LKL's sockets: O_ASYNC, F_SETOWN, F_SETSIG (fcntl(2)). */
#ifndef HIJACK_SIGIO_H
#define HIJACK_SIGIO_H

#include <stdbool.h>

/**
 * sigio_fcntl() - the part of fcntl(2) that is about such signals
 * @fd: the program's number, @lkl_fd LKL's.
 * @ret: filled with the result.
 *
 * Return: whether @command is such a one; if not, nothing was done.
 */
bool sigio_fcntl(int fd, int lkl_fd, int command, long arg, long *ret);

/** sigio_ioctl() - the same for ioctl(2) */
bool sigio_ioctl(int fd, int lkl_fd, unsigned int request, void *arg, long *ret);

/** sigio_set() - O_ASYNC of a descriptor was set, or not */
void sigio_set(int fd, int lkl_fd, bool async);

/** sigio_full() - a call would have had to wait to write: its end is told */
void sigio_full(int lkl_fd);

/** sigio_forget() - in a child of fork() */
void sigio_forget(void);

#endif
