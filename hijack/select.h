/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HIJACK_SELECT_H
#define HIJACK_SELECT_H

#include <stdbool.h>

/**
 * select_any_lkl() - whether any descriptor in the sets is LKL's
 * @n: descriptors from 0 to @n - 1 are looked at.
 * @sets: as the kernel sees them, arrays of long words; each may be NULL. False
 *	for one that cannot be read: the host knows what to answer.
 */
bool select_any_lkl(int n, unsigned long *const sets[3]);

#endif
