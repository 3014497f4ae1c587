/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_LKL_MMU_H
#define _ASM_LKL_MMU_H

#include <asm-generic/mmu.h>

#endif
