// SPDX-License-Identifier: GPL-2.0-only
/* Where the descriptors of this library live. */
#include "host.h"

/* From here on when there is room: beyond FD_SETSIZE, within 16 KiB of table. */
#define HIDDEN_BASE 1900

/* How many of the last descriptors below the limit may be ours otherwise. */
#define HIDDEN_ROOM 32

int host_fd_hide(int fd)
{
	struct rlimit limit;
	long base = HIDDEN_BASE;
	int hidden;

	if (fd < 0)
		return fd;
	if (!host_getrlimit(RLIMIT_NOFILE, &limit) &&
	    limit.rlim_cur < HIDDEN_BASE + HIDDEN_ROOM)
		base = (long)limit.rlim_cur - HIDDEN_ROOM;

	/* The limit may be tiny or used up at its end: then lower and lower. */
	for (hidden = -EMFILE; hidden < 0 && base > fd; base /= 2)
		hidden = host_fcntl(fd, F_DUPFD_CLOEXEC, base);
	if (hidden < 0)
		return fd;
	host_close(fd);
	return hidden;
}
