/* SPDX-License-Identifier: GPL-2.0-only */
#include <linux/linkage.h>

	.text

/* void lkl_pause(void): between two looks at what another thread will change */
SYM_FUNC_START(lkl_pause)
	pause
	ret
SYM_FUNC_END(lkl_pause)

	.section .note.GNU-stack, "", @progbits
