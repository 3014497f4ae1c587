/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_LKL_IO_H
#define _ASM_LKL_IO_H

#include <linux/types.h>
#include <asm/host_ops.h>

/* Device registers are emulated by the host; nothing is at their addresses. */
#define LKL_RAW_IO(suffix, type, size)					\
static inline type __raw_read##suffix(const volatile void __iomem *addr)	\
{									\
	return lkl_ops->iomem_read((unsigned long)addr, size);		\
}									\
static inline void __raw_write##suffix(type v, volatile void __iomem *addr) \
{									\
	lkl_ops->iomem_write((unsigned long)addr, v, size);		\
}

LKL_RAW_IO(b, u8, 1)
LKL_RAW_IO(w, u16, 2)
LKL_RAW_IO(l, u32, 4)
LKL_RAW_IO(q, u64, 8)

#define __raw_readb	__raw_readb
#define __raw_readw	__raw_readw
#define __raw_readl	__raw_readl
#define __raw_readq	__raw_readq
#define __raw_writeb	__raw_writeb
#define __raw_writew	__raw_writew
#define __raw_writel	__raw_writel
#define __raw_writeq	__raw_writeq

#include <asm-generic/io.h>

#endif
