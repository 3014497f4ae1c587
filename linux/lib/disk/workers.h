/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Threads that wait for the host on behalf of a device.
 *
 * The carrier hands work over and gets it back when an event tells it to look;
 * between the two it is the workers' alone. So devices still take no locks.
 */
#ifndef LKL_LIB_DISK_WORKERS_H
#define LKL_LIB_DISK_WORKERS_H

/* A piece of work; the start of what it is about. */
struct work {
	struct work *next;
};

struct workers;

/**
 * workers_create() - makes a crew, as yet without threads
 * @run: does a piece of work, on any of them.
 *
 * Return: 0 or a negative errno.
 */
int workers_create(void (*run)(struct work *work), struct workers **workers);

/** workers_destroy() - ends the threads; nothing may be under way */
void workers_destroy(struct workers *workers);

/**
 * workers_event() - the descriptor to be watched
 *
 * Each edge of readability means that workers_done() has something.
 */
int workers_event(const struct workers *workers);

/**
 * workers_give() - hands over a piece of work
 *
 * When there is no thread for it, nor can be, it is done before the return.
 */
void workers_give(struct workers *workers, struct work *work);

/** workers_done() - takes the work that was done, as a list; NULL if none */
struct work *workers_done(struct workers *workers);

/** workers_drain() - waits until all work is done */
void workers_drain(struct workers *workers);

#endif
