// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A program ends with its last thread, as if by exit(0): main(), or another one.
 * The library's own threads do not keep it.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>
#include "run.h"

static pthread_t main_thread;

static int udp(void)
{
	int s = socket(AF_INET, SOCK_DGRAM, 0);

	CHECK(s >= 0);
	return s;
}

static void *outlives_main(void *arg)
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int s = udp();
	char c;

	CHECK_EQ(pthread_join(main_thread, NULL), 0);
	CHECK_EQ(bind(s, (struct sockaddr *)&addr, sizeof(addr)), 0);
	CHECK_EQ(recv(s, &c, 1, MSG_DONTWAIT), -1);
	puts("outlived");
	return arg;
}

static void tell(void)
{
	puts("exit");
}

int main(void)
{
	/* What each start has of the library's threads beside the first. */
	static const char *const variables[][2] = {
		{ "LAST=main" },
		{ "LAST=other" },
		{ "LAST=main", "LKL_HIJACK_PCAP=packets.pcap" },
		{ "LAST=other", "LKL_HIJACK_NET_IFTYPE=slirp" },
	};
	pthread_t thread;
	size_t i;
	bool other;

	if (again()) {
		other = !strcmp(getenv("LAST"), "other");
		atexit(tell);
		main_thread = pthread_self();
		CHECK_EQ(fcntl(udp(), F_SETFL, O_ASYNC), 0);
		if (other)
			CHECK_EQ(pthread_create(&thread, NULL, outlives_main, NULL), 0);
		pthread_exit(NULL);
	}
	for (i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		check_hijacked((const char *[]){ variables[i][0],
						 variables[i][1], NULL },
			       NULL, strstr(variables[i][0], "other")
			       ? "outlived\nexit\n" : "exit\n");
	return 0;
}
