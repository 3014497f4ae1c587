// SPDX-License-Identifier: GPL-2.0-only
/* TCP and UDP over the loopback interface, between threads of the host. */
#include <pthread.h>
#include <string.h>
#include "boot.h"

/* An address of either family. */
struct address {
	union {
		struct lkl_sockaddr any;
		struct lkl_sockaddr_in in;
		struct lkl_sockaddr_in6 in6;
	};
	int len;
};

static struct address loopback(int family)
{
	struct address a = { 0 };

	if (family == LKL_AF_INET) {
		a.in.sin_family = family;
		a.in.sin_addr.s_addr = __lkl__constant_htonl(0x7f000001);
		a.len = sizeof(a.in);
	} else {
		a.in6.sin6_family = family;
		a.in6.sin6_addr.in6_u.u6_addr8[15] = 1;
		a.len = sizeof(a.in6);
	}
	return a;
}

/* A socket that is bound to a free port of the loopback address. */
static long bound(int family, int type, struct address *address)
{
	long fd = lkl_sys_socket(family, type, 0), err;

	if (fd < 0)
		return fd;
	*address = loopback(family);
	err = lkl_sys_bind(fd, &address->any, address->len);
	if (!err)
		err = lkl_sys_getsockname(fd, &address->any, &address->len);
	if (!err && type == LKL_SOCK_STREAM)
		err = lkl_sys_listen(fd, 5);
	if (err) {
		lkl_sys_close(fd);
		return err;
	}
	return fd;
}

#define TOTAL (16U << 20)
#define PART 50000

static char pattern(unsigned int at)
{
	return at * 7 + (at >> 10);
}

/* Connects, sends TOTAL bytes and wants their count as the answer. */
static bool send_stream(const struct address *to)
{
	static char buf[PART];
	unsigned int sent = 0, part = 1, answer = 0, i;
	long fd = lkl_sys_socket(to->any.sa_family, LKL_SOCK_STREAM, 0), n;

	EXPECT_OK(fd);
	EXPECT_IS(lkl_sys_connect(fd, (struct lkl_sockaddr *)&to->any,
				  to->len), 0);
	while (sent < TOTAL) {
		if (part > TOTAL - sent)
			part = TOTAL - sent;
		for (i = 0; i < part; i++)
			buf[i] = pattern(sent + i);
		n = lkl_sys_sendto(fd, buf, part, LKL_MSG_NOSIGNAL, NULL, 0);
		EXPECT_OK(n);
		sent += n;
		part = part * 3 % PART + 1;
	}
	EXPECT_IS(lkl_sys_shutdown(fd, LKL_SHUT_WR), 0);
	EXPECT_IS(lkl_sys_recvfrom(fd, &answer, sizeof(answer),
				   LKL_MSG_WAITALL, NULL, NULL), 4);
	EXPECT_IS(answer, TOTAL);
	EXPECT_IS(lkl_sys_close(fd), 0);
	return true;
}

static void *client(void *arg)
{
	send_stream(arg);
	return NULL;
}

static bool tcp(int family)
{
	static char buf[PART];
	unsigned int received = 0;
	struct address address, peer = { .len = sizeof(peer) };
	long server = bound(family, LKL_SOCK_STREAM, &address), fd, n, i;
	pthread_t thread;

	EXPECT_OK(server);
	EXPECT_IS(pthread_create(&thread, NULL, client, &address), 0);
	fd = lkl_sys_accept4(server, &peer.any, &peer.len, 0);
	EXPECT_OK(fd);
	EXPECT_IS(peer.any.sa_family, family);
	while ((n = lkl_sys_recvfrom(fd, buf, PART, 0, NULL, NULL)) > 0) {
		for (i = 0; i < n; i++)
			EXPECT(buf[i] == pattern(received + i));
		received += n;
	}
	EXPECT_IS(n, 0);
	EXPECT_IS(received, TOTAL);
	EXPECT_IS(lkl_sys_sendto(fd, &received, 4, 0, NULL, 0), 4);
	EXPECT_IS(pthread_join(thread, NULL), 0);
	EXPECT_IS(lkl_sys_close(fd), 0);
	EXPECT_IS(lkl_sys_close(server), 0);
	return true;
}

bool test_tcp(void)
{
	return tcp(LKL_AF_INET);
}

bool test_tcp6(void)
{
	return tcp(LKL_AF_INET6);
}

static bool send_datagram(int fd, const struct address *to, unsigned int n)
{
	char buf[9000];

	memset(buf, n, sizeof(buf));
	EXPECT_IS(lkl_sys_sendto(fd, buf, n * 37 % sizeof(buf), 0,
				 (struct lkl_sockaddr *)&to->any, to->len),
		  n * 37 % sizeof(buf));
	return true;
}

static bool receive_datagram(int fd, const struct address *from,
			     unsigned int n)
{
	char buf[9000], want[9000];
	struct address peer = { .len = sizeof(peer) };
	long len = n * 37 % sizeof(buf);

	EXPECT_IS(lkl_sys_recvfrom(fd, buf, sizeof(buf), 0, &peer.any,
				   &peer.len), len);
	memset(want, n, sizeof(want));
	EXPECT(!memcmp(buf, want, len));
	EXPECT_IS(peer.len, from->len);
	EXPECT(!memcmp(&peer.in, &from->in, from->len));
	return true;
}

static bool udp(int family)
{
	struct address a, b;
	long left = bound(family, LKL_SOCK_DGRAM, &a);
	long right = bound(family, LKL_SOCK_DGRAM, &b);
	unsigned int i;
	char c;

	EXPECT_OK(left);
	EXPECT_OK(right);
	for (i = 0; i < 1000; i++)
		if (!send_datagram(left, &b, i) ||
		    !receive_datagram(right, &a, i))
			return false;
	for (i = 0; i < 10; i++)
		if (!send_datagram(right, &a, i))
			return false;
	for (i = 0; i < 10; i++)
		if (!receive_datagram(left, &b, i))
			return false;
	EXPECT_IS(lkl_sys_recvfrom(left, &c, 1, LKL_MSG_DONTWAIT, NULL, NULL),
		  -LKL_EAGAIN);
	EXPECT_IS(lkl_sys_close(left), 0);
	EXPECT_IS(lkl_sys_close(right), 0);
	return true;
}

bool test_udp(void)
{
	return udp(LKL_AF_INET);
}

bool test_udp6(void)
{
	return udp(LKL_AF_INET6);
}

bool test_refused(void)
{
	struct address address;
	long fd = bound(LKL_AF_INET, LKL_SOCK_STREAM, &address);

	EXPECT_OK(fd);
	EXPECT_IS(lkl_sys_close(fd), 0);
	fd = lkl_sys_socket(LKL_AF_INET, LKL_SOCK_STREAM, 0);
	EXPECT_OK(fd);
	EXPECT_IS(lkl_sys_connect(fd, &address.any, address.len),
		  -LKL_ECONNREFUSED);
	EXPECT_IS(lkl_sys_close(fd), 0);
	EXPECT_IS(lkl_sys_socket(LKL_AF_INET, 77, 0), -LKL_EINVAL);
	return true;
}

bool test_shutdown(void)
{
	int pair[2];
	char c;

	EXPECT_IS(lkl_sys_socketpair(LKL_AF_UNIX, LKL_SOCK_STREAM, 0, pair), 0);
	EXPECT_IS(lkl_sys_shutdown(pair[0], LKL_SHUT_WR), 0);
	EXPECT_IS(lkl_sys_read(pair[1], &c, 1), 0);
	EXPECT_IS(lkl_sys_write(pair[1], "x", 1), 1);
	EXPECT_IS(lkl_sys_read(pair[0], &c, 1), 1);
	EXPECT_IS(lkl_sys_sendto(pair[0], "x", 1, LKL_MSG_NOSIGNAL, NULL, 0),
		  -LKL_EPIPE);
	EXPECT_IS(lkl_sys_close(pair[0]), 0);
	EXPECT_IS(lkl_sys_close(pair[1]), 0);
	return true;
}
