// SPDX-License-Identifier: GPL-2.0-or-later
/* A program built with AddressSanitizer and LeakSanitizer runs as README says. */
#include <netdb.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>
#include "run.h"

static void *talk(void *arg)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM }, *list;
	char *in = malloc(2);
	int s;

	CHECK_EQ(getaddrinfo("127.0.0.1", "7", &hints, &list), 0);
	s = socket(list->ai_family, SOCK_DGRAM, 0);
	CHECK_EQ(bind(s, list->ai_addr, list->ai_addrlen), 0);
	CHECK_EQ(sendto(s, "x", 2, 0, list->ai_addr, list->ai_addrlen), 2);
	CHECK_EQ(recv(s, in, 2, 0), 2);
	CHECK_TEXT(in, "x");
	close(s);
	freeaddrinfo(list);
	free(in);
	return arg;
}

int main(void)
{
	static struct ended ended;
	pthread_t thread;

	if (again()) {
		talk(NULL);
		CHECK_EQ(pthread_create(&thread, NULL, talk, NULL), 0);
		CHECK_EQ(pthread_join(thread, NULL), 0);
		return 0;
	}
	run_hijacked(NULL, (const char *[]){
		"ASAN_OPTIONS=verify_asan_link_order=0", NULL }, NULL, &ended);
	CHECK_TEXT(ended.err, "");
	CHECK_EQ(ended.status, 0);
	return 0;
}
