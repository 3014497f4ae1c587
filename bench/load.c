// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Load over TCP and UDP for the benchmarks: one server, and a client that
 * measures.
 *
 *   load serve PORT FILE
 *   load MODE HOST PORT FILE STREAMS SIZE SECONDS
 *
 * Modes are the rows of the table below. FILE is what both map (load.h), SIZE
 * that of a datagram. After a fifth of a second that does not count, the client
 * measures for SECONDS and prints one JSON object: operations or bytes that
 * have arrived in a second, the part that was lost, its context switches (for
 * each operation, or in a second), and the processor time (cpu.h).
 */
#include "common.h"
#include "cpu.h"
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Slow start, caches, neighbours. */
#define WARM_UP	0.2

#define BUFFER	(1 << 18)

/* After this, a datagram is not coming any more. */
static const struct timeval patience = { .tv_usec = 200000 };

/**
 * struct mode - one kind of load
 * @name: as the command line has it
 * @type: of its sockets
 * @wish: the first byte that goes to the server
 * @step: does one step on a socket, with a buffer: its operations or bytes,
 *	which may be none; -1 when it failed
 * @arrives: what counts is what the server received
 * @bytes: it moves bytes, in place of operations
 */
struct mode {
	const char *name;
	int type;
	char wish;
	long (*step)(int fd, char *buf);
	bool arrives;
	bool bytes;
};

static struct load_shared *shared;
static const struct mode *mode;
static struct addrinfo *peer;	/* at the first port */
static size_t size;
static struct {
	_Alignas(64) atomic_ullong done;
	atomic_ullong lost;
} stream[LOAD_STREAMS];

void load_buffers(int fd)
{
	static const int bytes = 2 << 20;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
}

void load_tcp(int fd)
{
	static const char algorithm[] = "cubic";
	int one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, algorithm,
		   sizeof(algorithm) - 1);
}

struct load_shared *load_map(const char *file)
{
	int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	void *map;

	if (fd < 0 || ftruncate(fd, sizeof(*shared)))
		die(file);
	map = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		   0);
	if (map == MAP_FAILED)
		die(file);
	close(fd);
	return map;
}

/* A socket to the server's port of a stream. */
static int connect_to(unsigned int n)
{
	struct sockaddr_in addr = *(struct sockaddr_in *)peer->ai_addr;
	int fd = socket(AF_INET, mode->type, 0);

	if (mode->type == SOCK_DGRAM) {
		addr.sin_port = htons(ntohs(addr.sin_port) + n);
		load_buffers(fd);
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
			   sizeof(patience));
	} else {
		load_tcp(fd);
	}
	if (fd < 0 || connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		die("connect");
	return fd;
}

static long tcp_echo(int fd, char *buf)
{
	return write(fd, buf, 1) == 1 && read(fd, buf, 1) == 1 ? 1 : -1;
}

static long tcp_send(int fd, char *buf)
{
	return write(fd, buf, BUFFER);
}

static long tcp_receive(int fd, char *buf)
{
	ssize_t n = read(fd, buf, BUFFER);

	return n ? n : -1;
}

/* Until the end, so that it is the server who keeps the port for a while. */
static long tcp_once(int none, char *buf)
{
	int fd = connect_to(0);
	bool ok;

	(void)none;
	ok = write(fd, &mode->wish, 1) == 1 && read(fd, buf, 1) == 1 &&
	     read(fd, buf, 1) == 0;
	close(fd);
	return ok ? 1 : -1;
}

static bool waited(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK;
}

static long udp_echo(int fd, char *buf)
{
	buf[0] = LOAD_ECHO;
	if (send(fd, buf, 1, 0) == 1 && recv(fd, buf, 1, 0) == 1)
		return 1;
	atomic_fetch_add(&stream[0].lost, 1);
	return waited() ? 0 : -1;
}

/* A device that has no room says so, or just loses it. */
static long udp_send(int fd, char *buf)
{
	buf[0] = LOAD_SINK;
	if (send(fd, buf, size, 0) < 0 && errno != ENOBUFS && !waited())
		return -1;
	return size;
}

/* The request may have been lost. */
static long udp_receive(int fd, char *buf)
{
	ssize_t n = recv(fd, buf, BUFFER, 0);

	if (n > 0)
		return n;
	buf[0] = LOAD_SOURCE;
	return waited() && send(fd, buf, size, 0) > 0 ? 0 : -1;
}

static const struct mode modes[] = {
	{ "tcp-rr", SOCK_STREAM, LOAD_ECHO, tcp_echo, false, false },
	{ "tcp-crr", SOCK_STREAM, LOAD_ONCE, tcp_once, false, false },
	{ "tcp-send", SOCK_STREAM, LOAD_SINK, tcp_send, true, true },
	{ "tcp-receive", SOCK_STREAM, LOAD_SOURCE, tcp_receive, false, true },
	{ "udp-rr", SOCK_DGRAM, LOAD_ECHO, udp_echo, false, false },
	{ "udp-send", SOCK_DGRAM, LOAD_SINK, udp_send, true, true },
	{ "udp-receive", SOCK_DGRAM, LOAD_SOURCE, udp_receive, false, true },
};

/* One step of a stream; the program ends where that fails. */
static void step(unsigned int n, int fd, char *buf)
{
	long done = mode->step(fd, buf);

	if (done < 0)
		die(mode->name);
	atomic_fetch_add_explicit(&stream[n].done, done, memory_order_relaxed);
}

/* A socket that the server knows the use of. */
static int open_stream(unsigned int n, char *buf)
{
	int fd;

	if (mode->wish == LOAD_ONCE)
		return -1;
	fd = connect_to(n);
	buf[0] = mode->wish;
	if (mode->type == SOCK_STREAM && write(fd, buf, 1) != 1)
		die("write");
	if (mode->type == SOCK_DGRAM && mode->wish == LOAD_SOURCE &&
	    send(fd, buf, size, 0) < 0)
		die("send");
	return fd;
}

static int fds[LOAD_STREAMS];

static void *run_stream(void *arg)
{
	unsigned int n = (unsigned long)arg;
	char *buf = calloc(1, BUFFER);

	fds[n] = open_stream(n, buf);
	for (;;)
		step(n, fds[n], buf);
	return NULL;
}

/**
 * struct progress - what has been done so far
 * @done: operations or bytes, where they count
 * @lost: the same that did not arrive
 */
struct progress {
	double done;
	double lost;
};

static struct progress progress(void)
{
	struct progress sum = { 0 };
	double sent = 0, arrived = 0;
	int i;

	for (i = 0; i < LOAD_STREAMS; i++) {
		sent += stream[i].done;
		sum.lost += stream[i].lost;
		arrived += shared->stream[i].received;
	}
	sum.done = mode->arrives ? arrived : sent;
	if (mode->arrives && mode->type == SOCK_DGRAM)
		sum.lost = sent - arrived;
	return sum;
}

static double switches(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_nvcsw + usage.ru_nivcsw;
}

/* The first stream is this thread's, which looks at the clock. */
static void measure(unsigned int streams, double seconds)
{
	char *buf = calloc(1, BUFFER);
	struct progress before, after;
	double end, switched, done, lost;
	struct cpu cpu, used;
	unsigned int i;
	pthread_t id;

	fds[0] = open_stream(0, buf);
	for (i = 1; i < streams; i++)
		if (pthread_create(&id, NULL, run_stream,
				   (void *)(unsigned long)i))
			die("thread");
	for (end = now() + WARM_UP; now() < end;)
		step(0, fds[0], buf);
	before = progress();
	switched = switches();
	cpu = cpu_read(0);
	end = now() + seconds;
	do
		step(0, fds[0], buf);
	while (now() < end);
	used = cpu_since(&cpu, 0);
	after = progress();
	done = after.done - before.done;
	lost = fmax(0, after.lost - before.lost);
	printf("{\"rate\": %.1f, \"lost\": %.4f, \"switches\": %.4f, ",
	       done / used.time, lost > 0 ? lost / (done + lost) : 0,
	       (switches() - switched) / (mode->bytes ? used.time : done));
	cpu_print(&used);
	puts("}");
	fflush(stdout);
}

/* The server floods until it hears this, which may be lost in the flood. */
static void stop(unsigned int streams)
{
	char c = LOAD_STOP;
	unsigned int i, n;

	for (n = 0; n < 100 && mode->type == SOCK_DGRAM; n++)
		for (i = 0; i < streams; i++)
			if (send(fds[i], &c, 1, 0) < 0)
				break;
}

int main(int argc, char **argv)
{
	struct addrinfo hints = { .ai_family = AF_INET,
				  .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
	size_t i;

	signal(SIGPIPE, SIG_IGN);
	if (argc == 4 && !strcmp(argv[1], "serve"))
		load_serve(atoi(argv[2]), load_map(argv[3]));
	for (i = 0; argc == 8 && i < sizeof(modes) / sizeof(modes[0]); i++)
		if (!strcmp(argv[1], modes[i].name))
			mode = &modes[i];
	if (!mode) {
		fprintf(stderr,
			"usage: load serve PORT FILE | MODE HOST PORT FILE STREAMS SIZE SECONDS\n");
		return 2;
	}
	if (getaddrinfo(argv[2], argv[3], &hints, &peer))
		die("getaddrinfo");
	shared = load_map(argv[4]);
	size = atoi(argv[6]);
	measure(atoi(argv[5]), atof(argv[7]));
	stop(atoi(argv[5]));
	_exit(0);
}
