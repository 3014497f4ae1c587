// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A library that opens sockets of TCP when it is loaded, so that programs which
 * show sockets have some of their own kernel to show: one that listens at
 * 127.0.0.1:4321, and both ends of a connection with five bytes on their way.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static __attribute__((constructor)) void open_sockets(void)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons(4321),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int client = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(listener, (struct sockaddr *)&addr, sizeof(addr)) ||
	    listen(listener, 5) ||
	    connect(client, (struct sockaddr *)&addr, sizeof(addr)) ||
	    write(client, "hello", 5) != 5 ||
	    accept(listener, NULL, NULL) < 0)
		abort();
}
