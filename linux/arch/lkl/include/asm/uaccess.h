/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_LKL_UACCESS_H
#define _ASM_LKL_UACCESS_H

#include <linux/string.h>
#include <asm/page.h>

/*
 * The program's memory is the kernel's. Nothing protects against a wild
 * pointer, but the one that programs really pass, NULL, gets its EFAULT.
 */
static inline int __access_ok(const void __user *ptr, unsigned long size)
{
	return (unsigned long)ptr >= PAGE_SIZE || !size;
}
#define __access_ok __access_ok

static inline __must_check unsigned long
raw_copy_from_user(void *to, const void __user *from, unsigned long n)
{
	memcpy(to, (const void __force *)from, n);
	return 0;
}

static inline __must_check unsigned long
raw_copy_to_user(void __user *to, const void *from, unsigned long n)
{
	memcpy((void __force *)to, from, n);
	return 0;
}
#define INLINE_COPY_FROM_USER
#define INLINE_COPY_TO_USER

#define __get_kernel_nofault(dst, src, type, err_label)			\
do {									\
	memcpy(dst, src, sizeof(type));					\
	if (0)								\
		goto err_label;						\
} while (0)

#define __put_kernel_nofault(dst, src, type, err_label)			\
do {									\
	memcpy(dst, src, sizeof(type));					\
	if (0)								\
		goto err_label;						\
} while (0)

#include <asm-generic/uaccess.h>

#endif
