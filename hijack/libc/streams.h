/* SPDX-License-Identifier: GPL-2.0-only */
/* Streams of libc over LKL's descriptors. */
#ifndef HIJACK_STREAMS_H
#define HIJACK_STREAMS_H

/**
 * stdio_becomes_lkl() - a descriptor from 0 to 2 is LKL's now
 *
 * stdin, stdout or stderr are then a stream over it, until
 * stdio_becomes_host(). What is printed and not written yet follows.
 */
void stdio_becomes_lkl(int fd);

/** stdio_becomes_host() - it is the host's again, or closed */
void stdio_becomes_host(int fd);

/** stdio_flush() - writes what is printed, at the program's end */
void stdio_flush(void);

/** stdio_fork() - in a child of fork(), whose other threads are gone */
void stdio_fork(void);

#endif
