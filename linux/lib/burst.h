/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Several writes to a descriptor in one host call, by io_uring(7): for the
 * thread that makes them it is one call, and whoever they wake on the same
 * processor has its turn after the last of them, not between two.
 */
#ifndef LKL_LIB_BURST_H
#define LKL_LIB_BURST_H

#include <sys/types.h>
#include <sys/uio.h>

/* Writes in one call, at most. */
#define BURST_MAX 16

/**
 * struct burst_write - one of them
 * @iov, @n: what is written.
 * @result: bytes, or a negative errno.
 */
struct burst_write {
	const struct iovec *iov;
	int n;
	ssize_t result;
};

/**
 * burst_write() - writes, in order and without waiting
 * @fd: one whose writes can be told not to wait (RWF_NOWAIT).
 * @writes: of which each succeeds or fails by itself.
 * @n: how many.
 *
 * The first thread that calls this is the only one for which it works.
 *
 * Return: 0; a negative errno when nothing was written, as the host cannot, or
 * forbids it: write one by one then.
 */
int burst_write(int fd, struct burst_write *writes, unsigned int n);

/** burst_end() - that thread ends */
void burst_end(void);

#endif
