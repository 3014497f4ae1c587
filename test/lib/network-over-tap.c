// SPDX-License-Identifier: GPL-2.0-or-later
/* LKL and the host talk over a tap: ping, TCP and UDP both ways, IPv4 and IPv6. */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "check.h"
#include "stack.h"
#include <lkl.h>

#define BULK (24UL << 20)

static unsigned char pattern(size_t i)
{
	return (i * 2654435761U >> 9) ^ i;
}

struct transfer {
	const struct stack *from, *to;
	int family;
	unsigned short port;
	int listener;
};

/* The receiving end: accepts, checks every byte, and answers how many. */
static void *receive(void *arg)
{
	static unsigned char buf[200000];
	const struct transfer *t = arg;
	unsigned long total = 0;
	long fd = t->to->accept(t->listener), n, i;

	CHECK(fd >= 0);
	while ((n = t->to->recv(fd, buf, sizeof(buf))) > 0) {
		for (i = 0; i < n; i++)
			CHECK_EQ(buf[i], pattern(total + i));
		total += n;
		if (total == BULK)
			break;
	}
	CHECK_EQ(total, BULK);
	CHECK_EQ(t->to->send(fd, &total, sizeof(total)), sizeof(total));
	t->to->close(fd);
	return NULL;
}

static void transfer(const struct stack *from, const struct stack *to,
		     int family, unsigned short port)
{
	struct transfer t = { from, to, family, port, 0 };
	static unsigned char data[300000];
	unsigned long sent = 0, answer = 0;
	struct sockaddr_storage ss;
	pthread_t thread;
	size_t i, n;
	socklen_t len;
	long fd, k;

	ss = address_of(to, family, port, &len);
	t.listener = open_socket(to, family, SOCK_STREAM, 0);
	CHECK_EQ(to->bind(t.listener, (struct sockaddr *)&ss, len), 0);
	CHECK_EQ(to->listen(t.listener, 1), 0);
	CHECK_EQ(pthread_create(&thread, NULL, receive, &t), 0);

	fd = open_socket(from, family, SOCK_STREAM, 0);
	CHECK_EQ(from->connect(fd, (struct sockaddr *)&ss, len), 0);
	while (sent < BULK) {
		/* Sizes from a byte to many packets. */
		n = (sent * 7919 + 1) % sizeof(data) + 1;
		if (n > BULK - sent)
			n = BULK - sent;
		for (i = 0; i < n; i++)
			data[i] = pattern(sent + i);
		for (i = 0; i < n; i += k) {
			k = from->send(fd, data + i, n - i);
			CHECK(k > 0);
		}
		sent += n;
	}
	CHECK_EQ(from->recv(fd, &answer, sizeof(answer)), sizeof(answer));
	CHECK_EQ(answer, BULK);
	from->close(fd);
	pthread_join(thread, NULL);
	to->close(t.listener);
}

/* Datagrams of one packet and of many fragments, one at a time, there and back. */
static void datagrams(const struct stack *from, const struct stack *to,
		      int family, unsigned short port)
{
	static const size_t sizes[] = { 0, 1, 1000, 1472, 1473, 9000, 40000 };
	static unsigned char out[40000], in[65536];
	struct sockaddr_storage server, client;
	socklen_t server_len, client_len;
	long s, c;
	size_t i, j;

	server = address_of(to, family, port, &server_len);
	client = address_of(from, family, port, &client_len);
	s = open_socket(to, family, SOCK_DGRAM, 0);
	c = open_socket(from, family, SOCK_DGRAM, 0);
	CHECK_EQ(to->bind(s, (struct sockaddr *)&server, server_len), 0);
	CHECK_EQ(from->bind(c, (struct sockaddr *)&client, client_len), 0);
	CHECK_EQ(from->connect(c, (struct sockaddr *)&server, server_len), 0);
	CHECK_EQ(to->connect(s, (struct sockaddr *)&client, client_len), 0);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		for (j = 0; j < sizes[i]; j++)
			out[j] = pattern(i + j);
		CHECK_EQ(from->send(c, out, sizes[i]), sizes[i]);
		CHECK_EQ(to->recv(s, in, sizeof(in)), sizes[i]);
		CHECK_EQ(memcmp(in, out, sizes[i]), 0);
		CHECK_EQ(to->send(s, in, sizes[i]), sizes[i]);
		CHECK_EQ(from->recv(c, in, sizeof(in)), sizes[i]);
		CHECK_EQ(memcmp(in, out, sizes[i]), 0);
	}
	to->close(s);
	from->close(c);
}

static void both_ways(void (*test)(const struct stack *, const struct stack *,
				   int, unsigned short))
{
	static unsigned short port = 5000;

	test(&lkl_stack, &host_stack, AF_INET, port++);
	test(&host_stack, &lkl_stack, AF_INET, port++);
	test(&lkl_stack, &host_stack, AF_INET6, port++);
	test(&host_stack, &lkl_stack, AF_INET6, port++);
}

static void ping_once(const struct stack *from, const struct stack *to,
		      int family, unsigned short unused)
{
	(void)unused;
	ping(from, to, family);
}

static void run(unsigned long long offload, unsigned int mtu)
{
	struct lkl_netdev_args args = {
		.type = "tap",
		.param = "tap0",
		.offload = offload,
		.mtu = mtu,
		.mac = { 2, 0, 0, 1, 2, 3 },
	};
	char error[512];
	int id, ifindex;

	make_namespace(1);
	if (mtu)
		CHECK_EQ(system("ip link set tap0 mtu 9000"), 0);
	id = lkl_netdev_add(&args, error, sizeof(error));
	if (id < 0)
		fprintf(stderr, "%s\n", error);
	CHECK(id >= 0);
	CHECK_EQ(lkl_start_kernel("mem=128M"), 0);
	ifindex = lkl_netdev_ifindex(id);
	CHECK(ifindex > 0);
	CHECK_EQ(lkl_if_index("eth0"), ifindex);
	configure_lkl(ifindex);

	both_ways(ping_once);
	both_ways(datagrams);
	both_ways(transfer);
	check_log();
	CHECK_EQ(lkl_halt(), 0);
	exit(0);
}

int main(void)
{
	static const struct {
		unsigned long long offload;
		unsigned int mtu;
	} cases[] = {
		{ LKL_OFFLOAD_DEFAULT, 0 },
		{ LKL_OFFLOAD_DEFAULT, 9000 },
		{ 0, 0 },
		{ 0x8002, 0 },
		{ 0xc803, 0 },
		{ 0x8002, 9000 },
		/* Big packets without merging: buffers of 64 KiB. */
		{ LKL_OFFLOAD_GUEST_CSUM | LKL_OFFLOAD_GUEST_TSO4 |
		  LKL_OFFLOAD_GUEST_TSO6, 0 },
	};
	int status, result = 0;
	size_t i;

	/* A kernel boots once per process. */
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		pid_t pid = fork();

		CHECK(pid >= 0);
		if (!pid) {
			alarm(120);
			run(cases[i].offload, cases[i].mtu);
		}
		CHECK_EQ(waitpid(pid, &status, 0), pid);
		if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
			return 77;
		if (status) {
			fprintf(stderr, "with offload %#llx, mtu %u: status %#x\n",
				cases[i].offload, cases[i].mtu, status);
			result = 1;
		}
	}
	return result;
}
