// SPDX-License-Identifier: GPL-2.0-only
/* The host's string routines, for the kernel and for calls that gcc emits. */
#include <linux/export.h>
#include <linux/string.h>
#include <asm/host_ops.h>

#undef memcpy
#undef memmove
#undef memset

void *memcpy(void *dst, const void *src, size_t n)
{
	return lkl_ops->memcpy(dst, src, n);
}
EXPORT_SYMBOL(memcpy);

void *memmove(void *dst, const void *src, size_t n)
{
	return lkl_ops->memmove(dst, src, n);
}
EXPORT_SYMBOL(memmove);

void *memset(void *dst, int c, size_t n)
{
	return lkl_ops->memset(dst, c, n);
}
EXPORT_SYMBOL(memset);
