/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lklfuse: a disk image as a directory of the host. Requests of the host's
 * kernel come through libfuse's low-level interface to a pool of threads, each
 * of which makes the system calls of LKL itself.
 */
#ifndef LKLFUSE_H
#define LKLFUSE_H

#define FUSE_USE_VERSION 314
#include <fuse_lowlevel.h>
#include <stdbool.h>
#include <lkl.h>

/* The largest read and write that the host may ask for, in bytes. */
#define IO_BYTES (1U << 20)

/**
 * struct mount_state - what holds for the whole mount
 * @session: libfuse's.
 * @timeout: seconds for which the host may trust a name or attributes. Nobody
 *	else changes the image, so they are many, but where names differ in
 *	spelling alone: there the host would keep the wrong ones.
 * @read_only: whether nothing can be written.
 * @fakeroot: every caller is root inside, and no permission is checked.
 * @writeback: the host gathers small writes.
 * @bypass: writes may go past the host's cache, which it keeps right.
 */
struct mount_state {
	struct fuse_session *session;
	double timeout;
	bool read_only;
	bool fakeroot;
	bool writeback;
	bool bypass;
};

extern struct mount_state mounted;

/* The operations, for fuse_session_new() (operations.c). */
extern const struct fuse_lowlevel_ops operations;

/* identity.c */

/**
 * identity_take() - the calling thread acts for the caller of a request
 *
 * Owner of what is made, and who may use blocks reserved for root. Permissions
 * are checked by the host (default_permissions), which knows the caller's
 * groups; the thread keeps root's rights inside.
 */
void identity_take(fuse_req_t req);

/**
 * identity_take_writer() - the same for one who writes to a file
 *
 * Which takes its set-id bits away, unless it is root who writes.
 */
void identity_take_writer(fuse_req_t req);

/* convert.c */

/** to_host_stat() - attributes as the host has them */
void to_host_stat(const struct lkl_stat *from, struct stat *to);

/** to_lkl_open_flags() - those flags of open(2) that LKL needs to know */
int to_lkl_open_flags(int flags);

/** to_lkl_rename_flags() - flags of renameat2(2); -1 for what is unknown */
int to_lkl_rename_flags(unsigned int flags);

/* serve.c */

/**
 * serve_requests() - carries out what the host asks for, until it is unmounted
 * @threads: how many requests can be under way.
 *
 * Or until a signal that fuse_set_signal_handlers() knows.
 *
 * Return: 0 or a negative errno.
 */
int serve_requests(unsigned int threads);

/* housekeeping.c */

/** housekeeping_start() - starts the thread that keeps time and memory */
int housekeeping_start(void);

/** housekeeping_end() - ends it */
void housekeeping_end(void);

/** housekeeping_wake() - there are more nodes than there should be */
void housekeeping_wake(void);

#endif
