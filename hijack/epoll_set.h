/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The epoll sets of the program. A set is the host's; when it gets its first
 * LKL descriptor it gets a twin in LKL, which holds the LKL descriptors and a
 * mirror of the host's set, and in which threads wait from then on.
 *
 * All descriptors that name the same set (dup(2)) have the same number here.
 */
#ifndef HIJACK_EPOLL_SET_H
#define HIJACK_EPOLL_SET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>
#include "fdtab.h"

/* Its address as event data is the mirror's, or the alarm's; no program has it. */
extern char epoll_mark;
#define EPOLL_MARK ((uint64_t)(uintptr_t)&epoll_mark)

/**
 * struct epoll_set - one set
 * @twin: LKL's descriptor of it; -1 for none. Read without the lock.
 *
 * Under the lock:
 * @refs: numbers of the program that name it.
 * @mirror: LKL's descriptor that mirrors @host.
 * @host: the host's set, by a number of ours.
 * @alarm: an eventfd in the host's set, that tells waiters of the twin; -1
 *	when there are none.
 * @raised: when, by deadline_now().
 * @next: in the list of free sets.
 */
struct epoll_set {
	int twin;
	int refs;
	int mirror;
	int host;
	int alarm;
	int64_t raised;
	int next;
};

#define EPOLL_SETS (1U << 16)
extern struct epoll_set epoll_sets[EPOLL_SETS];

/** epoll_set_of() - the set that descriptor @fd names, NULL when not known */
struct epoll_set *epoll_set_of(long fd);

/** epoll_set_twin() - LKL's descriptor for the set @fd, -1 for none */
int epoll_set_twin(long fd);

/** epoll_set_readiness() - LKL's descriptor that is ready when @fd is, or -1 */
static inline int epoll_set_readiness(long fd)
{
	uint32_t entry = fdtab_entry(fd);

	if (__builtin_expect(!entry, 1))
		return -1;
	return (entry & FDTAB_KIND) == FDTAB_LKL ? (int)(entry >> FDTAB_SHIFT)
						 : epoll_set_twin(fd);
}

/**
 * epoll_set_enter() - makes a set of the host known
 * @fd: its descriptor.
 *
 * Return: the set; NULL when there are too many.
 */
struct epoll_set *epoll_set_enter(int fd);

/** epoll_set_get() - one more number names the set @number */
void epoll_set_get(unsigned int number);

/** epoll_set_put() - one less; the last one ends the set and its twin */
void epoll_set_put(unsigned int number);

/**
 * epoll_set_make_twin() - the twin of the set @fd, made if need be
 *
 * Return: LKL's descriptor, or a negative errno: -EINVAL when @fd is no set.
 */
int epoll_set_make_twin(int fd);

/**
 * epoll_set_alarm_seen() - the alarm came to one who needs it no more, or never
 *
 * Ends it when nobody is left whom it calls out, or nobody heeds it: a waiter
 * may have left by a jump.
 */
void epoll_set_alarm_seen(struct epoll_set *set);

/** epoll_set_take_mark() - drops the marked event. Return: whether it was there */
bool epoll_set_take_mark(struct epoll_event *events, int *n);

#endif
