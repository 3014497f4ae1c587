// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bad pointers in system calls. What touches memory of the program does it in
 * the functions of host/<architecture>/user.S, so a fault is mended by going on
 * at their error return.
 */
#include <asm/host_ops.h>
#include "lkl.h"

/*
 * Stack pointer of the lkl_access_block() that the carrier is in, else 0: there
 * is one at a time, as it runs nothing but a copy.
 */
unsigned long lkl_fault_sp;

extern const char lkl_copy_words[], lkl_word_fault[], lkl_block_fault[];

int lkl_kernel_fault(const struct lkl_thread *self, unsigned long *ip,
		     unsigned long *sp)
{
	if (*ip >= (unsigned long)lkl_copy_words &&
	    *ip < (unsigned long)lkl_word_fault) {
		*ip = (unsigned long)lkl_word_fault;
		return 1;
	}
	if (lkl_carrier() == self && lkl_fault_sp) {
		*ip = (unsigned long)lkl_block_fault;
		*sp = lkl_fault_sp;
		return 1;
	}
	return 0;
}
