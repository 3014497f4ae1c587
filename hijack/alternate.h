/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Alternate signal stacks, see sigaltstack(2). A handler that runs on one may
 * make a call to LKL, and so leave it for a kernel's stack: the host would take
 * it for free, and have the next handler overwrite the first one's frames.
 */
#ifndef HIJACK_ALTERNATE_H
#define HIJACK_ALTERNATE_H

#include <signal.h>
#include <stdbool.h>

/**
 * alternate_hide() - the host is to know no such stack, if this thread is on it
 * @stack: filled, for alternate_show().
 *
 * Return: whether it is. The thread must defer its signals until the other call.
 */
bool alternate_hide(stack_t *stack);

/** alternate_show() - the host is to know it again */
void alternate_show(const stack_t *stack);

#endif
