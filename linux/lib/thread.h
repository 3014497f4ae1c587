/* SPDX-License-Identifier: GPL-2.0-only */
/* Host threads and the kernel's service thread. */
#ifndef LKL_LIB_THREAD_H
#define LKL_LIB_THREAD_H

#include <stdatomic.h>
#include <lkl_host.h>

/* The kernel takes calls. A variable, since every system call looks at it. */
extern atomic_bool kernel_running;

/** thread_init() - before the kernel boots. Return: 0 or a negative errno. */
int thread_init(void);

/** thread_start_service() - starts the service thread. Return: 0 or a negative errno. */
int thread_start_service(void);

/** thread_end_service() - waits for its end, after the kernel's */
void thread_end_service(void);

/* Host operations: poll_wait() and posix_wait_on(), of which lkl_set_wait() tells. */
int thread_poll(enum lkl_poll_set which, unsigned long long deadline);
void thread_wait_on(unsigned int *word, unsigned int value);

#endif
