/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which descriptors of the program are LKL's.
 *
 * An LKL descriptor is shadowed by a host descriptor of the number that the
 * program sees, so that numbers never collide and the host keeps the count,
 * the limits and the close-on-exec flags.
 */
#ifndef HIJACK_FDTAB_H
#define HIJACK_FDTAB_H

#include <stdbool.h>
#include <stdint.h>

/* Linux's default limit of fs.nr_open; host descriptors may go beyond. */
#define FDTAB_SIZE (1U << 20)

/*
 * One word a descriptor: 0 for the host's. Read without locks, also by signal
 * handlers. In .bss: what is not touched takes no memory.
 */
#define FDTAB_LKL	1U		/* LKL's: its number there */
#define FDTAB_EPOLL	2U		/* an epoll set: number of epoll_set.h */
#define FDTAB_HIDDEN	3U		/* this library's: for the program, none */
#define FDTAB_PARENTS	(1U << FDTAB_SHIFT | 3U) /* LKL's in the parent process */
#define FDTAB_KIND	3U
#define FDTAB_SHIFT	2		/* the number is in the upper bits */
extern uint32_t fdtab[FDTAB_SIZE];

static inline uint32_t fdtab_entry(long fd)
{
	if (__builtin_expect((unsigned int)fd >= FDTAB_SIZE, 0))
		return 0;
	return __atomic_load_n(&fdtab[(unsigned int)fd], __ATOMIC_ACQUIRE);
}

/** fdtab_lkl() - LKL's number of descriptor @fd, -1 when it is the host's */
static inline int fdtab_lkl(long fd)
{
	uint32_t entry = fdtab_entry(fd);

	return (entry & FDTAB_KIND) == FDTAB_LKL ? (int)(entry >> FDTAB_SHIFT)
						 : -1;
}

/** fdtab_hidden() - whether @fd is one of this library's */
static inline bool fdtab_hidden(long fd)
{
	return fdtab_entry(fd) == FDTAB_HIDDEN;
}

/** fdtab_parents() - whether @fd was LKL's when the parent process forked */
static inline bool fdtab_parents(long fd)
{
	return fdtab_entry(fd) == FDTAB_PARENTS;
}

/**
 * fdtab_init() - makes what shadows are copies of
 *
 * Return: 0 or a negative errno.
 */
int fdtab_init(void);

/**
 * fdtab_install() - gives an LKL descriptor a number of the program's
 * @lkl_fd: the descriptor, closed when this fails.
 * @at_least: the lowest number wanted.
 * @cloexec: whether exec closes it.
 *
 * Return: the number, or a negative errno (-EMFILE).
 */
int fdtab_install(int lkl_fd, int at_least, bool cloexec);

/**
 * fdtab_reserve() - takes the number of this thread's next fdtab_install() now
 *
 * For a call that cannot be taken back when there is none left. Until then
 * others find the number neither free nor open, as on the host.
 *
 * Return: 0 or a negative errno (-EMFILE).
 */
int fdtab_reserve(void);

/** fdtab_unreserve() - gives the number back that fdtab_reserve() has taken */
void fdtab_unreserve(void);

/**
 * fdtab_set() - enters @fd with what @kind says is in the upper bits
 *
 * While another thread ends the process, a descriptor of LKL's is closed, and
 * the thread held: it opens no connection whose end nobody would see to.
 */
void fdtab_set(int fd, uint32_t number, uint32_t kind);

/**
 * fdtab_release() - forgets @fd and closes its LKL side
 *
 * The host descriptor stays; closing it afterwards frees the number.
 */
void fdtab_release(int fd);

/**
 * fdtab_close_lkl() - closes a descriptor of LKL that threads may just be using
 *
 * One that has looked its number up, and is about to enter LKL, does not find
 * the next file of that number there, but nothing: its call ends with -EBADF,
 * and dispatch() looks again.
 */
void fdtab_close_lkl(int lkl_fd);

/** fdtab_close_hidden() - closes a descriptor of this library */
void fdtab_close_hidden(int fd);

/** fdtab_replace() - makes the host's @fd a shadow, as dup3(2) would */
int fdtab_replace(int fd, bool cloexec);

/**
 * fdtab_fork() - in a child of fork(): all numbers are the host's, or useless
 * @shares_files: closing one would close it in the parent.
 *
 * Closes this library's: a tap device, and whatever else an interface is on the
 * host, is free again as soon as the parent has ended.
 */
void fdtab_fork(bool shares_files);

/**
 * fdtab_close_all() - closes the LKL side of every descriptor, at the end
 *
 * The numbers stay LKL's: other threads may be about to use them.
 */
void fdtab_close_all(void);

/** fdtab_highest() - no LKL descriptor has a greater number */
int fdtab_highest(void);

#endif
