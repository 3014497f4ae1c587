/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HIJACK_THREAD_H
#define HIJACK_THREAD_H

/**
 * thread_at_exit() - has @fn called at the exit of the calling thread
 * @fn: always the same function; once a thread.
 */
void thread_at_exit(void (*fn)(void));

#endif
