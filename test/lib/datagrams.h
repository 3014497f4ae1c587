/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets of the host for tests of slirp's datagrams. */
#ifndef TEST_LIB_DATAGRAMS_H
#define TEST_LIB_DATAGRAMS_H

#include <netinet/in.h>
#include <sys/socket.h>
#include "check.h"

/* One at localhost, with its port in host order; -1 where the host lacks @family. */
static inline int open_datagrams(int family, uint16_t *port)
{
	struct sockaddr_in6 address = { .sin6_family = family };
	struct sockaddr_in *v4 = (struct sockaddr_in *)&address;
	int fd = socket(family, SOCK_DGRAM, 0);
	socklen_t len = sizeof(address);

	if (family == AF_INET)
		v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		address.sin6_addr = in6addr_loopback;
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)))
		return -1;
	CHECK(!getsockname(fd, (struct sockaddr *)&address, &len));
	*port = ntohs(family == AF_INET ? v4->sin_port : address.sin6_port);
	return fd;
}

#endif
