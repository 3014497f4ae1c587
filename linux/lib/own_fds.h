/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Descriptors of this library that the service thread needs, too.
 *
 * A host call is dearer in a process whose threads share a table of
 * descriptors: each use of one is counted. So the service thread has a table of
 * its own, in which there are these alone, under the same numbers.
 */
#ifndef LKL_LIB_OWN_FDS_H
#define LKL_LIB_OWN_FDS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * own_fd_keep() - makes a descriptor one that callbacks of poll.h may use
 * @fd: the descriptor; or a negative errno that is passed through.
 *
 * Return: @fd, to be closed by own_fd_close(); or a negative errno.
 */
int own_fd_keep(int fd);

/**
 * own_fd_close() - closes a descriptor, in both tables if it is in them
 *
 * Not to be called on the service thread.
 */
void own_fd_close(int fd);

/**
 * own_fds_split() - gives the calling thread a table of its own
 *
 * For the service thread, at its start. Without effect where the host cannot.
 */
void own_fds_split(void);

/** own_fds_end() - when it ends */
void own_fds_end(void);

/** own_fds_follow() - makes the service thread's table what it should be */
void own_fds_follow(void);

/** own_fds_write() - writes to a descriptor of the program, on any thread, without SIGPIPE */
void own_fds_write(int fd, const char *text, size_t len);

#endif
