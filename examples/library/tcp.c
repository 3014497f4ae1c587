// SPDX-License-Identifier: GPL-2.0-or-later
/* Gets what a server says: tcp TAP OWN-ADDRESS SERVER PORT, IPv4 in a /24. */
#include <arpa/inet.h>
#include <lkl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void must(long result, const char *what)
{
	if (result >= 0)
		return;
	fprintf(stderr, "%s: %s\n", what, lkl_strerror(result));
	exit(1);
}

int main(int argc, char **argv)
{
	struct lkl_netdev_args tap = { .type = "tap", .param = argv[1],
				       .offload = LKL_OFFLOAD_DEFAULT };
	struct lkl_sockaddr_in server = { .sin_family = LKL_AF_INET };
	struct in_addr own;
	char text[4096];
	long n, fd;
	int ifindex;

	if (argc != 5 || inet_pton(AF_INET, argv[2], &own) != 1 ||
	    inet_pton(AF_INET, argv[3], &server.sin_addr) != 1) {
		fprintf(stderr, "usage: tcp TAP OWN-ADDRESS SERVER PORT\n");
		return 2;
	}
	server.sin_port = htons(atoi(argv[4]));

	n = lkl_netdev_add(&tap, text, sizeof(text));
	must(n, n < 0 ? text : "");
	must(lkl_start_kernel("%s", "mem=64M"), "kernel");
	ifindex = lkl_netdev_ifindex(n);
	must(ifindex, "interface");
	must(lkl_if_add_ip(ifindex, LKL_AF_INET, &own, 24), argv[2]);
	must(lkl_if_up(ifindex), "up");

	fd = lkl_sys_socket(LKL_AF_INET, LKL_SOCK_STREAM, 0);
	must(fd, "socket");
	must(lkl_sys_connect(fd, (struct lkl_sockaddr *)&server,
			     sizeof(server)), argv[3]);
	while ((n = lkl_sys_read(fd, text, sizeof(text))) > 0)
		if (write(STDOUT_FILENO, text, n) != n)
			return 1;
	must(n, "read");
	lkl_sys_close(fd);
	return lkl_halt() ? 1 : 0;
}
