// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A library that makes each socket of TCP one of Multipath TCP, as that of
 * mptcpize(8) does.
 */
#include <dlfcn.h>
#include <netinet/in.h>
#include <sys/socket.h>

__attribute__((visibility("default"))) int socket(int family, int type,
						   int protocol)
{
	static int (*next)(int family, int type, int protocol);

	if (!next)
		next = (__typeof__(next))dlsym(RTLD_NEXT, "socket");
	if (family == AF_INET && (type & 0xf) == SOCK_STREAM)
		protocol = IPPROTO_MPTCP;
	return next(family, type, protocol);
}
