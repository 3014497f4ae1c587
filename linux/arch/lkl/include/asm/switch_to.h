/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_LKL_SWITCH_TO_H
#define _ASM_LKL_SWITCH_TO_H

#include <asm-generic/switch_to.h>

/* After each switch: give and take between host threads (kernel/carrier.c). */
void lkl_arrived(void);
#define finish_arch_post_lock_switch lkl_arrived

#endif
