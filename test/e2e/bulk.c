// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sends and receives data over one TCP connection, and checks each byte:
 *
 *   bulk serve PORT MIB            waits for a connection, and says so
 *   bulk connect ADDRESS PORT MIB  makes one
 *
 * both ways at once; with "upload" or "download" behind it, from the client or
 * to it only.
 *
 * MIB mebibytes of pseudo-random bytes go each way. The exit status is 0 when
 * all have arrived, unchanged, and the connection has ended in order; 3 when all
 * have, and it was reset then.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHUNK 65536
#define EXIT_RESET 3

/* A stream of bytes that depends on each one's place. */
struct stream {
	uint64_t state;
	uint64_t at;
	uint64_t end;
};

static void fail(const char *what)
{
	fprintf(stderr, "bulk: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Steele, Lea and Flood's SplitMix64. */
static uint64_t word(uint64_t i)
{
	uint64_t z = (i + 1) * 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

static uint8_t byte(uint64_t at)
{
	return word(at / 8) >> (at % 8 * 8);
}

static void send_some(int fd, struct stream *s)
{
	static uint8_t buf[CHUNK];
	size_t n = s->end - s->at < CHUNK ? s->end - s->at : CHUNK, i;
	ssize_t sent;

	for (i = 0; i < n; i++)
		buf[i] = byte(s->at + i);
	sent = send(fd, buf, n, MSG_NOSIGNAL);
	if (sent < 0 && errno != EAGAIN)
		fail("send");
	if (sent > 0)
		s->at += sent;
}

/* False at the end. */
static int receive_some(int fd, struct stream *s)
{
	static uint8_t buf[CHUNK];
	ssize_t n = recv(fd, buf, sizeof(buf), 0), i;

	if (n < 0 && errno == ECONNRESET && s->at == s->end)
		exit(EXIT_RESET);
	if (n < 0 && errno != EAGAIN)
		fail("recv");
	for (i = 0; i < n; i++, s->at++) {
		if (s->at < s->end && buf[i] == byte(s->at))
			continue;
		fprintf(stderr, "bulk: byte %llu is wrong\n",
			(unsigned long long)s->at);
		exit(1);
	}
	return n;
}

static void finish(int fd, const struct stream *out)
{
	if (out->at == out->end && shutdown(fd, SHUT_WR))
		fail("shutdown");
}

static void exchange(int fd, uint64_t send_bytes, uint64_t receive_bytes)
{
	struct stream out = { .end = send_bytes }, in = { .end = receive_bytes };
	struct pollfd p = { .fd = fd };
	int open = 1;

	if (fcntl(fd, F_SETFL, O_NONBLOCK))
		fail("fcntl");
	while (open || out.at < out.end) {
		p.events = (open ? POLLIN : 0) |
			   (out.at < out.end ? POLLOUT : 0);
		if (poll(&p, 1, -1) < 0)
			fail("poll");
		if (out.at < out.end && p.revents & POLLOUT) {
			send_some(fd, &out);
			finish(fd, &out);
		}
		if (open && p.revents & (POLLIN | POLLHUP | POLLERR))
			open = receive_some(fd, &in);
	}
	if (in.at == in.end)
		return;
	fprintf(stderr, "bulk: only %llu bytes came\n",
		(unsigned long long)in.at);
	exit(1);
}

static int serve(const char *port)
{
	struct sockaddr_in6 addr = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(atoi(port)),
	};
	int fd = socket(AF_INET6, SOCK_STREAM, 0), one = 1, connection;

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    bind(fd, (struct sockaddr *)&addr, sizeof(addr)) || listen(fd, 1))
		fail("listen");
	puts("listening");
	fflush(stdout);
	connection = accept(fd, NULL, NULL);
	if (connection < 0)
		fail("accept");
	return connection;
}

static int connect_to(const char *address, const char *port)
{
	struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM,
	}, *ai;
	int fd, tries;

	if (getaddrinfo(address, port, &hints, &ai))
		fail("getaddrinfo");
	/* The other side may still be about to listen. */
	for (tries = 0; tries < 300; tries++) {
		fd = socket(ai->ai_family, SOCK_STREAM, 0);
		if (fd < 0)
			fail("socket");
		if (!connect(fd, ai->ai_addr, ai->ai_addrlen))
			return fd;
		close(fd);
		if (errno != ECONNREFUSED && errno != EHOSTUNREACH)
			fail("connect");
		poll(NULL, 0, 100);
	}
	fail("connect");
	return -1;
}

int main(int argc, char **argv)
{
	const char *last = argv[argc - 1];
	int up = !strcmp(last, "upload"), down = !strcmp(last, "download");
	uint64_t bytes;

	argc -= up || down;
	if (argc < 4)
		return 2;
	bytes = strtoull(argv[argc - 1], NULL, 10) << 20;
	if (argc == 4 && !strcmp(argv[1], "serve"))
		exchange(serve(argv[2]), up ? 0 : bytes, down ? 0 : bytes);
	else if (argc == 5 && !strcmp(argv[1], "connect"))
		exchange(connect_to(argv[2], argv[3]), down ? 0 : bytes,
			 up ? 0 : bytes);
	else
		return 2;
	return 0;
}
