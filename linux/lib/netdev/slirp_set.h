/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What libslirp waits for: it tells all of it before each wait, and the host is
 * told what has changed, so that a wait costs what is ready and not what is open.
 */
#ifndef LKL_LIB_NETDEV_SLIRP_SET_H
#define LKL_LIB_NETDEV_SLIRP_SET_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct slirp_set - the descriptors; all zero but @epoll_fd at the start
 * @epoll_fd: has them, as the library last wanted them.
 * @watched: by descriptor, @room of them.
 * @turn: counts the waits.
 * @count: descriptors that are watched.
 * @told: those that the library has told of since slirp_set_begin().
 * @is_writing: some of these are to be written to.
 */
struct slirp_set {
	int epoll_fd;
	struct slirp_watched {
		uint32_t events;	/* EPOLL*; 0 when it is not watched */
		unsigned int told;	/* the last turn in which it was wanted */
		unsigned int seen;	/* the last in which it was ready: */
		uint32_t ready;
	} *watched;
	unsigned int room;
	unsigned int turn;
	unsigned int count;
	unsigned int told;
	bool is_writing;
};

/**
 * slirp_set_open() - makes a set, in the table of the calling thread
 * @wake: a descriptor that ends a wait, each time it becomes readable anew.
 *
 * Return: 0 or a negative errno.
 */
int slirp_set_open(struct slirp_set *set, int wake);

/** slirp_set_close() - undoes it */
void slirp_set_close(struct slirp_set *set);

/** slirp_set_begin() - the library will tell what it waits for */
void slirp_set_begin(struct slirp_set *set);

/**
 * slirp_set_add() - a descriptor that it waits for
 * @events: SLIRP_POLL_*.
 *
 * Return: what slirp_set_ready() knows it by; -1 when there is no memory.
 */
int slirp_set_add(struct slirp_set *set, int fd, int events);

/** slirp_set_end() - it has told all */
void slirp_set_end(struct slirp_set *set);

/** slirp_set_forget() - a descriptor is about to be closed, or is a new one */
void slirp_set_forget(struct slirp_set *set, int fd);

/**
 * slirp_set_wait() - waits for one of them
 * @ms: at most; UINT32_MAX for ever.
 *
 * Return: as epoll_wait(2), or a negative errno.
 */
int slirp_set_wait(struct slirp_set *set, uint32_t ms);

/** slirp_set_ready() - SLIRP_POLL_* of the last wait; @index: slirp_set_add()'s */
int slirp_set_ready(const struct slirp_set *set, int index);

#endif
