/* SPDX-License-Identifier: GPL-2.0-only */
/* What has to do with sockets of both sides. */
#ifndef HIJACK_SOCKETS_H
#define HIJACK_SOCKETS_H

#include <stdbool.h>
#include <sys/socket.h>

/**
 * sockets_written() - what a call that writes to a socket does besides
 * @ret: its result in LKL.
 * @flags: MSG_NOSIGNAL, or 0 for a call that raises SIGPIPE.
 *
 * Return: @ret.
 */
long sockets_written(int lkl_fd, long ret, long flags);

/** sockets_passes_lkl() - whether a message passes a descriptor of LKL's on */
bool sockets_passes_lkl(const struct msghdr *msg);

/**
 * sockets_if_request() - whether an ioctl(2) is about interfaces
 *
 * The host answers these on sockets of any family (netdevice(7)): they are made
 * on a socket of LKL's, whatever the program makes them on.
 */
static inline bool sockets_if_request(unsigned long request)
{
	return request >> 8 == 0x89 && (request & 0xff) >= 0x0b &&
	       (request & 0xf0) != 0xe0;	/* the family's own */
}

#endif
