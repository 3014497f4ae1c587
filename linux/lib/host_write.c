// SPDX-License-Identifier: GPL-2.0-only
/* Writing to what may be a pipe without a reader. */
#include "host.h"

/*
 * The host has had a flag for it since Linux 6.18 only (RWF_NOSIGNAL). So the
 * signal, which is for the calling thread, is held back, and taken if it came.
 */
ssize_t host_writev_silent(int fd, const struct iovec *iov, int n)
{
	static const uint64_t sigpipe = 1ULL << (SIGPIPE - 1);
	static const struct timespec at_once;
	uint64_t mask = 0, waiting = 0;
	ssize_t len;

	host_sigmask(SIG_BLOCK, &sigpipe, &mask);
	/* One that waits already is not ours to take. */
	if (mask & sigpipe)
		host_sigpending(&waiting);
	len = host_writev(fd, iov, n);
	if (len == -EPIPE && !(waiting & sigpipe))
		host_sigtimedwait(&sigpipe, &at_once);
	host_sigmask(SIG_SETMASK, &mask, NULL);
	return len;
}
