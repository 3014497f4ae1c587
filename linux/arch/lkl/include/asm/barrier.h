/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_LKL_BARRIER_H
#define _ASM_LKL_BARRIER_H

/*
 * There is one CPU: smp_*() need stop the compiler only. But devices are host
 * threads on other processors, so that mb(), dma_*() and virt_*() have to be the
 * host's own barriers, whose instructions the compiler knows.
 */
#define __mb()	__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define __rmb()	__atomic_thread_fence(__ATOMIC_ACQUIRE)
#define __wmb()	__atomic_thread_fence(__ATOMIC_RELEASE)

#include <asm-generic/barrier.h>

#endif
