// SPDX-License-Identifier: GPL-2.0-only
/*
 * liburing makes its system calls with instructions of its own, and in a queue
 * sockets would be the host's. So it finds a kernel without io_uring, as who
 * asks by syscall(2) does (calls.def). These are its ways to a queue.
 */
#include <stddef.h>
#include "libc.h"

#define NO_QUEUE(name)							\
EXPORT int name(void);							\
EXPORT int name(void)							\
{									\
	return -ENOSYS;							\
}

NO_QUEUE(io_uring_setup)
NO_QUEUE(io_uring_queue_init)
NO_QUEUE(io_uring_queue_init_mem)
NO_QUEUE(io_uring_queue_init_params)

EXPORT void *io_uring_get_probe(void);
EXPORT void *io_uring_get_probe(void)
{
	errno = ENOSYS;
	return NULL;
}
