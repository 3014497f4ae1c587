/* SPDX-License-Identifier: GPL-2.0-only */
/* Waiting for descriptors of both sides, as poll(2) does. */
#ifndef HIJACK_POLL_H
#define HIJACK_POLL_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * poll_any_lkl() - whether any of @fds is, at least in part, LKL's
 *
 * False for a list that cannot be read: the host knows what to answer.
 */
bool poll_any_lkl(const struct pollfd *fds, unsigned int n);

/**
 * poll_until() - poll(2) over any descriptors
 * @fds: of the program.
 * @deadline: of deadline.h.
 *
 * Async-signal-safe.
 *
 * Return: how many are ready, or a negative errno.
 */
long poll_until(struct pollfd *fds, unsigned int n, int64_t deadline);

/**
 * poll_memory() - memory for one call, where malloc() may not be used
 *
 * Return: NULL when there is none.
 */
void *poll_memory(size_t size);

/** poll_memory_free() - gives it back; NULL is allowed */
void poll_memory_free(void *memory, size_t size);

#endif
