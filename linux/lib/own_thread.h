/* SPDX-License-Identifier: GPL-2.0-only */
/* Threads of this library, beside those of the program. */
#ifndef LKL_LIB_OWN_THREAD_H
#define LKL_LIB_OWN_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* Whether a thread is the library's, not the program's. */
extern _Thread_local __attribute__((tls_model("initial-exec"))) bool own_thread;

/**
 * own_thread_create() - pthread_create(3) for such a thread
 * @fn: calls own_thread_begin() first, and own_thread_end() last.
 */
int own_thread_create(pthread_t *thread, const pthread_attr_t *attr,
		      void *(*fn)(void *), void *arg);

/**
 * own_thread_begin() - the first thing that a thread of the library does
 * @name: for /proc/PID/task, such as "lkl-service".
 *
 * It takes no signals but 32 and 33, which are libc's own: who changes the
 * credentials of the process waits until each thread has taken the latter.
 */
void own_thread_begin(const char *name);

/** own_thread_end() - the last thing that it does */
void own_thread_end(void);

#endif
