// SPDX-License-Identifier: GPL-2.0-or-later
#include "common.h"
#include "load.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Datagrams that are sent between two looks for LOAD_STOP. */
#define FLOOD_BURST	64

/* No client measures for as long. */
#define FLOOD_SECONDS	10

#define BUFFER	(1 << 18)

static struct load_shared *shared;

static void thread(void *(*run)(void *), intptr_t arg)
{
	pthread_t id;

	if (pthread_create(&id, NULL, run, (void *)arg))
		die("thread");
	pthread_detach(id);
}

static int bound(int type, int port)
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
				    .sin_port = htons(port) };
	int one = 1, fd = socket(AF_INET, type, 0);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		die("bind");
	return fd;
}

static void count(unsigned int stream, size_t len)
{
	atomic_fetch_add_explicit(&shared->stream[stream % LOAD_STREAMS].received,
				  len, memory_order_relaxed);
}

/* A connection's number and descriptor, in the argument of its thread. */
#define CONNECTION(stream, fd)	((intptr_t)(stream) << 32 | (fd))

static void *sink(void *arg)
{
	unsigned int stream = (intptr_t)arg >> 32;
	char *buf = malloc(BUFFER);
	int fd = (int)(intptr_t)arg;
	ssize_t n;

	while ((n = read(fd, buf, BUFFER)) > 0)
		count(stream, n);
	free(buf);
	close(fd);
	return NULL;
}

static void *source(void *arg)
{
	char *buf = calloc(1, BUFFER);
	int fd = (int)(intptr_t)arg;

	while (write(fd, buf, BUFFER) > 0)
		;
	free(buf);
	close(fd);
	return NULL;
}

static void *echo(void *arg)
{
	int fd = (int)(intptr_t)arg;
	char c;

	while (read(fd, &c, 1) == 1 && write(fd, &c, 1) == 1)
		;
	close(fd);
	return NULL;
}

/*
 * Sends datagrams to whoever asked for them last, until it has enough or has
 * gone without a word.
 */
static void flood(int fd, struct sockaddr_in to, size_t size, char *buf)
{
	time_t end = time(NULL) + FLOOD_SECONDS;
	struct sockaddr_in from;
	socklen_t len;
	char c;
	int i;

	do {
		for (i = 0; i < FLOOD_BURST; i++)
			sendto(fd, buf, size, 0, (struct sockaddr *)&to,
			       sizeof(to));
		len = sizeof(from);
		if (recvfrom(fd, &c, 1, MSG_DONTWAIT, (struct sockaddr *)&from,
			     &len) != 1)
			continue;
		if (c == LOAD_STOP)
			return;
		to = from;
	} while (time(NULL) < end);
}

static void *datagrams(void *arg)
{
	struct sockaddr_in from;
	char *buf = calloc(1, BUFFER);
	int fd = (int)(intptr_t)arg;
	unsigned int stream = (intptr_t)arg >> 32;
	socklen_t len;
	ssize_t n;

	for (;;) {
		len = sizeof(from);
		n = recvfrom(fd, buf, BUFFER, 0, (struct sockaddr *)&from, &len);
		if (n <= 0)
			continue;
		if (buf[0] == LOAD_SINK)
			count(stream, n);
		else if (buf[0] == LOAD_ECHO)
			sendto(fd, buf, n, 0, (struct sockaddr *)&from, len);
		else if (buf[0] == LOAD_SOURCE)	/* as long as the request is */
			flood(fd, from, n, buf);
	}
	return NULL;
}

/* One exchange needs no thread; nor does whoever comes next wait for long. */
static void connection(int fd, unsigned int number)
{
	char wish;

	if (read(fd, &wish, 1) == 1 && wish != LOAD_ONCE) {
		thread(wish == LOAD_SINK ? sink :
		       wish == LOAD_SOURCE ? source : echo,
		       CONNECTION(number, fd));
		return;
	}
	if (write(fd, &wish, 1) != 1)
		perror("write");
	close(fd);
}

void load_serve(int port, struct load_shared *map)
{
	unsigned int number;
	int listener, fd, i;

	shared = map;
	for (i = 0; i < LOAD_STREAMS; i++) {
		fd = bound(SOCK_DGRAM, port + i);
		load_buffers(fd);
		thread(datagrams, CONNECTION(i, fd));
	}
	listener = bound(SOCK_STREAM, port);
	load_tcp(listener);
	if (listen(listener, 128))
		die("listen");
	for (number = 0; (fd = accept(listener, NULL, NULL)) >= 0; number++)
		connection(fd, number);
	die("accept");
}
