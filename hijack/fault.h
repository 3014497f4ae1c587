/* SPDX-License-Identifier: GPL-2.0-only */
/* Bad pointers of the program. */
#ifndef HIJACK_FAULT_H
#define HIJACK_FAULT_H

/**
 * fault_init() - from here on a call to LKL with a bad pointer returns -EFAULT
 *
 * Return: 0 or a negative errno.
 */
int fault_init(void);

#endif
