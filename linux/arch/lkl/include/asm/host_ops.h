/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_LKL_HOST_OPS_H
#define _ASM_LKL_HOST_OPS_H

/* The entry points are the only symbols that the final object exports. */
#pragma GCC visibility push(default)
#include <uapi/asm/host_ops.h>
#pragma GCC visibility pop

extern const struct lkl_host_operations *lkl_ops;

#endif
