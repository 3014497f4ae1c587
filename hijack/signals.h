/* SPDX-License-Identifier: GPL-2.0-only */
/* Signals of the program, while its threads are inside LKL. */
#ifndef HIJACK_SIGNALS_H
#define HIJACK_SIGNALS_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * signals_action() - sigaction(2)
 *
 * A handler is not installed itself: ours is, which defers it while its thread
 * is inside LKL's kernel. Its address is what the program sees all the same.
 *
 * Return: 0 or a negative errno.
 */
int signals_action(int sig, const struct sigaction *act, struct sigaction *old);

/**
 * signals_own() - has @handler look at a signal first, unseen by the program
 *
 * Return: 0 or a negative errno.
 */
int signals_own(int sig, void (*handler)(int, siginfo_t *, void *));

/**
 * signals_before_end() - has @fn called before a signal ends the program
 *
 * Of signals whose default action that is, without a core; while the program has
 * no handler for one. @fn may take some time: the program ends by the signal when
 * it returns, or after a few seconds, or by the next one.
 *
 * Return: 0 or a negative errno.
 */
int signals_before_end(void (*fn)(void));

/**
 * signals_let_in() - the host may deliver what has been put off
 *
 * At the end of a call of the program's that does not end with lkl_call(): one
 * that closes descriptors of LKL's has entered the kernel without it.
 */
void signals_let_in(void);

/** signals_deadly() - whether a fault of this kind ends the program */
bool signals_deadly(int sig);

/** signals_forward() - one that is the program's after all; an owner's last act */
void signals_forward(int sig, siginfo_t *info, void *context);

/**
 * signals_cancellable() - dispatch() in a cancellation point
 *
 * The thread may end in it, when it is cancelled (pthread_cancel(3)).
 */
long signals_cancellable(long nr, const long *args);

/** signals_cancel_anywhere() - this thread's cancelability type is such */
void signals_cancel_anywhere(bool asynchronous);

/** signals_cancel() - makes a thread look whether it is cancelled */
void signals_cancel(pthread_t thread);

/**
 * signals_masked_begin() - replaces the signal mask for one call, as ppoll(2)
 * @mask: the mask for the call, of the program; NULL for no change.
 * @size: of it in bytes.
 * @saved: the mask to restore.
 *
 * From here to signals_masked_end() signals are deferred, so that one which
 * the new mask lets through ends the call instead of slipping in before it.
 *
 * Return: 0, -EFAULT or -EINVAL.
 */
int signals_masked_begin(const uint64_t *mask, size_t size, uint64_t *saved);

/**
 * signals_masked_end() - restores it
 * @ret: result of the call. When it is -EINTR, the handlers of signals that
 *	came have run; otherwise such signals are left pending for @saved.
 */
void signals_masked_end(const uint64_t *mask, const uint64_t *saved, long ret);

#endif
