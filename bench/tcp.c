// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * TCP load for the benchmarks: one server, and a client that measures.
 *
 *   tcp serve PORT                  one connection after the other, for ever
 *   tcp rr HOST PORT SECONDS        one byte there and back
 *   tcp send HOST PORT SECONDS      bulk to the server
 *   tcp receive HOST PORT SECONDS   bulk from the server
 *
 * The client prints one JSON object: operations or bytes per second, and the
 * context switches and CPU seconds of the process (all its threads).
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char buf[1 << 18];

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static void no_delay(int fd)
{
	int one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

/* The first byte of a connection says what is to be done. */
static void serve_one(int fd)
{
	char mode;
	ssize_t n;

	no_delay(fd);
	if (read(fd, &mode, 1) != 1)
		return;
	if (mode == 'r')
		while (read(fd, buf, 1) == 1 && write(fd, buf, 1) == 1)
			;
	else if (mode == 's')
		while ((n = read(fd, buf, sizeof(buf))) > 0)
			;
	else
		while (write(fd, buf, sizeof(buf)) > 0)
			;
}

static void serve(const char *port)
{
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6,
				     .sin6_port = htons(atoi(port)) };
	int one = 1, fd, s = socket(AF_INET6, SOCK_STREAM, 0);

	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(s, (struct sockaddr *)&addr, sizeof(addr)) || listen(s, 16))
		die("listen");
	puts("ready");
	fflush(stdout);
	while ((fd = accept(s, NULL, NULL)) >= 0) {
		serve_one(fd);
		close(fd);
	}
	die("accept");
}

static int connect_to(const char *host, const char *port)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
				  .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
	struct addrinfo *ai;
	int fd;

	if (getaddrinfo(host, port, &hints, &ai))
		die("getaddrinfo");
	fd = socket(ai->ai_family, SOCK_STREAM, 0);
	if (fd < 0 || connect(fd, ai->ai_addr, ai->ai_addrlen))
		die("connect");
	no_delay(fd);
	return fd;
}

/* One step; what it has done in operations or bytes, 0 at the end. */
static long step(int fd, char mode)
{
	if (mode == 'r')
		return write(fd, buf, 1) == 1 && read(fd, buf, 1) == 1;
	if (mode == 's')
		return write(fd, buf, sizeof(buf));
	return read(fd, buf, sizeof(buf));
}

static void measure(int fd, char mode, double seconds)
{
	struct rusage before, after;
	double start, end, t, done = 0;
	long n;

	if (write(fd, &mode, 1) != 1)
		die("write");
	for (end = now() + 0.2; now() < end;)	/* slow start, caches */
		if (step(fd, mode) <= 0)
			die("connection");
	getrusage(RUSAGE_SELF, &before);
	start = now();
	end = start + seconds;
	do {
		n = step(fd, mode);
		if (n <= 0)
			die("connection");
		done += n;
		t = now();
	} while (t < end);
	getrusage(RUSAGE_SELF, &after);
	t -= start;
	printf("{\"rate\": %.1f, \"switches\": %.4f, \"cpu\": %.3f}\n",
	       done / t,
	       (after.ru_nvcsw - before.ru_nvcsw + after.ru_nivcsw -
		before.ru_nivcsw) / (mode == 'r' ? done : t),
	       after.ru_utime.tv_sec - before.ru_utime.tv_sec +
	       after.ru_stime.tv_sec - before.ru_stime.tv_sec +
	       (after.ru_utime.tv_usec - before.ru_utime.tv_usec +
		after.ru_stime.tv_usec - before.ru_stime.tv_usec) / 1e6);
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	if (argc == 3 && !strcmp(argv[1], "serve"))
		serve(argv[2]);
	if (argc != 5) {
		fprintf(stderr, "usage: tcp serve PORT | rr|send|receive HOST PORT SECONDS\n");
		return 2;
	}
	measure(connect_to(argv[2], argv[3]),
		!strcmp(argv[1], "rr") ? 'r' :
		!strcmp(argv[1], "send") ? 's' : 'S', atof(argv[4]));
	return 0;
}
