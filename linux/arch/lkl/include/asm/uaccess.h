/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_LKL_UACCESS_H
#define _ASM_LKL_UACCESS_H

#include <linux/string.h>
#include <asm/host_ops.h>
#include <asm/page.h>

/*
 * The program's memory is the kernel's, which must not be the one to die of a
 * bad pointer: what is read and written here can fault (kernel/fault.c). The
 * one that programs really pass, NULL, is known without that.
 */
static inline int __access_ok(const void __user *ptr, unsigned long size)
{
	return (unsigned long)ptr >= PAGE_SIZE || !size;
}
#define __access_ok __access_ok

/* host/: 0, or not 0 when an address is bad; what was copied by then is not told. */
unsigned long lkl_copy_word1(void *dst, const void *src);
unsigned long lkl_copy_word2(void *dst, const void *src);
unsigned long lkl_copy_word4(void *dst, const void *src);
unsigned long lkl_copy_word8(void *dst, const void *src);
unsigned long lkl_access_block(void *dst, unsigned long src, unsigned long n,
			       void *fn);

static __always_inline __must_check unsigned long
__lkl_copy_user(void *to, const void *from, unsigned long n)
{
	if (__builtin_constant_p(n)) {
		switch (n) {
		case 1:
			return lkl_copy_word1(to, from);
		case 2:
			return lkl_copy_word2(to, from) ? n : 0;
		case 4:
			return lkl_copy_word4(to, from) ? n : 0;
		case 8:
			return lkl_copy_word8(to, from) ? n : 0;
		}
	}
	return lkl_access_block(to, (unsigned long)from, n, lkl_ops->memcpy);
}

static __always_inline __must_check unsigned long
raw_copy_from_user(void *to, const void __user *from, unsigned long n)
{
	return __lkl_copy_user(to, (const void __force *)from, n);
}

static __always_inline __must_check unsigned long
raw_copy_to_user(void __user *to, const void *from, unsigned long n)
{
	return __lkl_copy_user((void __force *)to, from, n);
}
#define INLINE_COPY_FROM_USER
#define INLINE_COPY_TO_USER

static inline __must_check unsigned long
__clear_user(void __user *to, unsigned long n)
{
	return lkl_access_block((void __force *)to, 0, n, lkl_ops->memset);
}
#define __clear_user __clear_user

#define __get_kernel_nofault(dst, src, type, err_label)			\
do {									\
	if (__lkl_copy_user(dst, src, sizeof(type)))			\
		goto err_label;						\
} while (0)

#define __put_kernel_nofault(dst, src, type, err_label)			\
do {									\
	if (__lkl_copy_user(dst, src, sizeof(type)))			\
		goto err_label;						\
} while (0)

#include <asm-generic/uaccess.h>

#endif
