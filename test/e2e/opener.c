// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Opens connections to a server in four threads, without a pause, and ends in
 * the middle of that: by exit(3) or _exit(2).
 *
 *   opener ADDRESS PORT exit|_exit
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define THREADS 4
#define ENOUGH 40

static struct sockaddr_in server = { .sin_family = AF_INET };
static atomic_int opened;

static void *open_all(void *unused)
{
	int fd;

	for (;;) {
		fd = socket(AF_INET, SOCK_STREAM, 0);
		if (!connect(fd, (void *)&server, sizeof(server)))
			opened++;
	}
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread;
	int i;

	if (argc != 4 || !inet_aton(argv[1], &server.sin_addr))
		return 2;
	server.sin_port = htons(atoi(argv[2]));
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&thread, NULL, open_all, NULL))
			return 1;
	while (opened < ENOUGH)
		;
	if (!strcmp(argv[3], "_exit"))
		_exit(3);
	exit(3);
}
