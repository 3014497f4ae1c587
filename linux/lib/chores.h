/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Work that a device leaves to the service thread, which does it without the LKL
 * CPU, on another processor than the program if there is one.
 */
#ifndef LKL_LIB_CHORES_H
#define LKL_LIB_CHORES_H

#include <stdatomic.h>
#include <stdbool.h>

/**
 * struct chore - one kind of work of one device, a part of its struct
 * @run: does some of it, for less than a millisecond, as timers may wait
 *	meanwhile. Never called by two threads at a time.
 * @wanted: @run is to be called.
 * @next: of those that were added.
 */
struct chore {
	void (*run)(struct chore *chore);
	atomic_bool wanted;
	struct chore *next;
};

/** chore_add() - makes @chore one that the service thread knows; by the carrier */
void chore_add(struct chore *chore);

/**
 * chore_remove() - ends that
 *
 * Its run is not under way when this returns, and not called any more. By the
 * carrier; without effect on one that was not added.
 */
void chore_remove(struct chore *chore);

/** chore_want() - has the service thread call its run; from any thread */
void chore_want(struct chore *chore);

/** chores_do() - calls those wanted; by the service thread */
void chores_do(void);

/** chores_end() - does what is wanted, before the kernel ends; then none is done */
void chores_end(void);

/** chores_ended() - whether nobody does them any more */
bool chores_ended(void);

#endif
