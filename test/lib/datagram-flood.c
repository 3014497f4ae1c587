// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Eight senders of datagrams send more than can be received. What LKL reads
 * from the tap is received: none of it is thrown away at a socket because the
 * next is read in place of letting the receivers run. It is the tap that drops.
 */
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "check.h"
#include "stack.h"
#include <lkl.h>

#define STREAMS 8
#define PORT 5000

/* Of each stream: a second or less. */
#define DATAGRAMS 20000

/* Of each socket, in bytes. */
#define BUFFER (2 << 20)

/* Six of the driver's buffers each. */
#define MTU 9000
#define SIZE (MTU - 28)

struct stream {
	pthread_t thread;
	unsigned short port;
	unsigned long received;
	unsigned int dropped;
};

/* ------------------------------------------------------------------------ */
/* The host                                                                  */

static long sender(const struct stream *s)
{
	struct sockaddr_storage to;
	socklen_t len;
	long fd;

	to = address_of(&lkl_stack, AF_INET, s->port, &len);
	fd = open_socket(&host_stack, AF_INET, SOCK_DGRAM, 0);
	CHECK_EQ(host_stack.connect(fd, (struct sockaddr *)&to, len), 0);
	return fd;
}

static void *flood(void *arg)
{
	static const unsigned char data[SIZE];
	const struct stream *s = arg;
	long fd = sender(s);
	int n;

	/* Whatever becomes of them. */
	for (n = 0; n < DATAGRAMS; n++)
		host_stack.send(fd, data, SIZE);
	return NULL;
}

static void flood_all(struct stream *streams)
{
	int i;

	for (i = 0; i < STREAMS; i++)
		CHECK_EQ(pthread_create(&streams[i].thread, NULL, flood,
					streams + i), 0);
	for (i = 0; i < STREAMS; i++)
		pthread_join(streams[i].thread, NULL);
}

/* ------------------------------------------------------------------------ */
/* LKL                                                                       */

static int ended;

/* An empty datagram ends it. */
static void *receive(void *arg)
{
	static const int size = BUFFER;
	unsigned char data[SIZE];
	struct stream *s = arg;
	unsigned int memory[9];		/* SK_MEMINFO_VARS, drops are last */
	int len = sizeof(memory);
	struct sockaddr_storage at;
	socklen_t at_len;
	long fd, n;

	at = address_of(&lkl_stack, AF_INET, s->port, &at_len);
	fd = open_socket(&lkl_stack, AF_INET, SOCK_DGRAM, 0);
	CHECK_EQ(lkl_sys_setsockopt(fd, LKL_SOL_SOCKET, LKL_SO_RCVBUFFORCE,
				    (char *)&size, sizeof(size)), 0);
	CHECK_EQ(lkl_stack.bind(fd, (struct sockaddr *)&at, at_len), 0);
	while ((n = lkl_stack.recv(fd, data, sizeof(data)))) {
		CHECK_EQ(n, SIZE);
		s->received++;
	}
	CHECK_EQ(lkl_sys_getsockopt(fd, LKL_SOL_SOCKET, LKL_SO_MEMINFO,
				    (char *)memory, &len), 0);
	CHECK_EQ(len, sizeof(memory));
	s->dropped = memory[8];
	__atomic_add_fetch(&ended, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

/* Ends the receivers, however full their sockets are. */
static void end_all(struct stream *streams)
{
	long fds[STREAMS];
	int i;

	for (i = 0; i < STREAMS; i++)
		fds[i] = sender(streams + i);
	while (__atomic_load_n(&ended, __ATOMIC_SEQ_CST) < STREAMS) {
		for (i = 0; i < STREAMS; i++)
			host_stack.send(fds[i], "", 0);
		usleep(10000);
	}
	for (i = 0; i < STREAMS; i++)
		pthread_join(streams[i].thread, NULL);
}

int main(void)
{
	struct lkl_netdev_args args = {
		.type = "tap", .param = "tap0", .mtu = MTU,
		.offload = LKL_OFFLOAD_DEFAULT,
	};
	struct stream streams[STREAMS] = { 0 };
	unsigned long received = 0, dropped = 0;
	char text[128] = "";
	int i, id, go[2];
	pid_t host;

	make_namespace(1);
	alarm(120);
	snprintf(text, sizeof(text), "ip link set tap0 mtu %u", MTU);
	CHECK_EQ(system(text), 0);
	for (i = 0; i < STREAMS; i++)
		streams[i].port = PORT + i;
	/* The senders are a process without LKL's threads. */
	CHECK_EQ(pipe(go), 0);
	host = fork();
	CHECK(host >= 0);
	if (!host) {
		close(go[1]);
		if (read(go[0], text, 1) == 1)
			flood_all(streams);
		exit(0);
	}

	id = lkl_netdev_add(&args, text, sizeof(text));
	if (id < 0)
		fprintf(stderr, "%s\n", text);
	CHECK(id >= 0);
	CHECK_EQ(lkl_start_kernel("loglevel=4"), 0);
	configure_lkl(lkl_netdev_ifindex(id));
	ping(&lkl_stack, &host_stack, AF_INET);
	for (i = 0; i < STREAMS; i++)
		CHECK_EQ(pthread_create(&streams[i].thread, NULL, receive,
					streams + i), 0);
	CHECK_EQ(write(go[1], "g", 1), 1);
	CHECK_EQ(waitpid(host, &i, 0), host);
	CHECK_EQ(i, 0);
	end_all(streams);

	for (i = 0; i < STREAMS; i++) {
		received += streams[i].received;
		dropped += streams[i].dropped;
	}
	fprintf(stderr, "of %d datagrams LKL read %lu, and dropped %lu of those at its sockets\n",
		STREAMS * DATAGRAMS, received + dropped, dropped);
	CHECK(received > STREAMS);
	/* With each read at once it is 60 to 98 of 100, else 0 to 3. */
	CHECK(2 * dropped < received);
	check_log();
	CHECK_EQ(lkl_halt(), 0);
	return 0;
}
