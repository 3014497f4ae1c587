/* SPDX-License-Identifier: GPL-2.0-only */
/* Sources of events: host descriptors that threads of the kernel wait for. */
#ifndef LKL_LIB_POLL_H
#define LKL_LIB_POLL_H

#include <stdint.h>
#include <lkl_host.h>

/**
 * poll_ready_fn - handles what became ready
 * @arg: as given to poll_add().
 * @events: EPOLL* events seen since the last call.
 *
 * Called by the carrier, once per edge or more often: it must read or write
 * until the host says EAGAIN, and bear with being called for nothing.
 */
typedef void poll_ready_fn(void *arg, uint32_t events);

/**
 * poll_init() - makes the sets of sources; any number of times
 * Return: 0 or a negative errno.
 */
int poll_init(void);

/** poll_exit() - closes the sets, when nobody waits and the kernel has ended */
void poll_exit(void);

/**
 * poll_add() - watches a descriptor
 * @fd: host descriptor.
 * @events: EPOLLIN, EPOLLOUT, ...; edges are reported, the first one at once
 *	when @fd is ready already.
 * @shared: whether the program may wait for @fd as well: then its waits are
 *	undisturbed, at the price of waking the service thread each time.
 *
 * This and the next two are called by the carrier, or while no kernel runs.
 *
 * Return: number of the source, or a negative errno of epoll_ctl(2).
 */
int poll_add(int fd, uint32_t events, int shared, poll_ready_fn *ready,
	     void *arg);

/**
 * poll_change() - sets other events for a source
 *
 * Return: 0 or a negative errno; the source is removed then.
 */
int poll_change(int source, uint32_t events);

/**
 * poll_again() - has the callback of a source called once more
 * @when: how soon.
 *
 * For a callback that has read enough at a time: what waits for it in the kernel
 * runs first.
 */
void poll_again(int source, uint32_t events, enum lkl_events when);

/**
 * poll_report() - has the callback of a source called before long
 *
 * By the service thread, without the LKL CPU.
 */
void poll_report(int source, uint32_t events);

/** poll_waits() - counts how often threads have waited inside the kernel */
unsigned int poll_waits(void);

/**
 * poll_remove() - watches no longer
 *
 * Its callback is not called any more. Call it before closing the descriptor.
 */
void poll_remove(int source);

/* Host operations. */
int poll_wait(enum lkl_poll_set which, unsigned long long deadline);
void poll_nap(unsigned long long deadline);
void poll_kick(enum lkl_poll_set which);
void poll_dispatch(void);
unsigned int hostfd_poll(int fd, unsigned int events);
int hostfd_watch(int fd, void *handle);
void hostfd_unwatch(int fd, void *handle);

#endif
