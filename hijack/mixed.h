/* SPDX-License-Identifier: GPL-2.0-only */
/* One wait in LKL that host descriptors end too. */
#ifndef HIJACK_MIXED_H
#define HIJACK_MIXED_H

#include <poll.h>

/**
 * struct mixed - a host epoll set for one wait
 * @set: the set.
 * @mirror: LKL's descriptor that is readable when one of the set's is ready.
 * @own: made for this wait, as the thread's is in use below.
 */
struct mixed {
	int set;
	int mirror;
	int own;
};

/**
 * mixed_begin() - makes the set of this thread watch @fds
 * @m: filled.
 * @fds: host descriptors, as for poll(2).
 *
 * Return: 0 or a negative errno.
 */
int mixed_begin(struct mixed *m, const struct pollfd *fds, unsigned int n);

/** mixed_end() - ends that; the arguments are the same */
void mixed_end(const struct mixed *m, const struct pollfd *fds,
	       unsigned int n);

/** mixed_forget() - in a child of fork(): the set is the parent's */
void mixed_forget(void);

#endif
