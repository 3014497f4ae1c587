// SPDX-License-Identifier: GPL-2.0-or-later
/* The host's network stack and LKL's: see stack.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>
#include "check.h"
#include "stack.h"
#include <lkl.h>

#define HOST_RESULT(call) ({ long r_ = (call); r_ < 0 ? -(long)errno : r_; })

/* struct sockaddr and its kind are the same on both sides. */
#define LKL_ADDR(a) ((struct lkl_sockaddr *)(a))

static long h_socket(int family, int type, int protocol)
{
	return HOST_RESULT(socket(family, type, protocol));
}

static long h_bind(int fd, const struct sockaddr *addr, socklen_t len)
{
	return HOST_RESULT(bind(fd, addr, len));
}

static long h_listen(int fd, int backlog)
{
	return HOST_RESULT(listen(fd, backlog));
}

static long h_accept(int fd)
{
	return HOST_RESULT(accept(fd, NULL, NULL));
}

static long h_connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	return HOST_RESULT(connect(fd, addr, len));
}

static long h_send(int fd, const void *buf, size_t len)
{
	return HOST_RESULT(send(fd, buf, len, MSG_NOSIGNAL));
}

static long h_recv(int fd, void *buf, size_t len)
{
	return HOST_RESULT(recv(fd, buf, len, 0));
}

static long h_close(int fd)
{
	return HOST_RESULT(close(fd));
}

static long l_socket(int family, int type, int protocol)
{
	return lkl_sys_socket(family, type, protocol);
}

static long l_bind(int fd, const struct sockaddr *addr, socklen_t len)
{
	return lkl_sys_bind(fd, LKL_ADDR(addr), len);
}

static long l_listen(int fd, int backlog)
{
	return lkl_sys_listen(fd, backlog);
}

static long l_accept(int fd)
{
	return lkl_sys_accept(fd, NULL, NULL);
}

static long l_connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	return lkl_sys_connect(fd, LKL_ADDR(addr), len);
}

static long l_send(int fd, const void *buf, size_t len)
{
	return lkl_sys_sendto(fd, (void *)buf, len, LKL_MSG_NOSIGNAL, NULL, 0);
}

static long l_recv(int fd, void *buf, size_t len)
{
	return lkl_sys_recvfrom(fd, buf, len, 0, NULL, NULL);
}

static long l_close(int fd)
{
	return lkl_sys_close(fd);
}

const struct stack host_stack = {
	"host", h_socket, h_bind, h_listen, h_accept, h_connect, h_send, h_recv,
	h_close,
};

const struct stack lkl_stack = {
	"lkl", l_socket, l_bind, l_listen, l_accept, l_connect, l_send, l_recv,
	l_close,
};

struct sockaddr_storage address_of(const struct stack *stack, int family,
				   unsigned short port, socklen_t *len)
{
	const char *text[2][2] = {
		{ "192.0.2.1", "192.0.2.2" },
		{ "2001:db8::1", "2001:db8::2" },
	};
	const char *addr = text[family == AF_INET6][stack == &lkl_stack];
	struct sockaddr_storage ss = { .ss_family = family };
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&ss;
	struct sockaddr_in *in = (struct sockaddr_in *)&ss;

	if (family == AF_INET6) {
		in6->sin6_port = htons(port);
		CHECK_EQ(inet_pton(family, addr, &in6->sin6_addr), 1);
		*len = sizeof(*in6);
	} else {
		in->sin_port = htons(port);
		CHECK_EQ(inet_pton(family, addr, &in->sin_addr), 1);
		*len = sizeof(*in);
	}
	return ss;
}

void make_namespace(unsigned int taps)
{
	char command[128];
	unsigned int i;

	if (geteuid() || unshare(CLONE_NEWNET))
		SKIP("making a network namespace needs root");
	if (access("/dev/net/tun", R_OK | W_OK))
		SKIP("the host has no /dev/net/tun");
	for (i = 0; i < taps; i++) {
		snprintf(command, sizeof(command),
			 "ip tuntap add dev tap%u mode tap && ip link set tap%u up",
			 i, i);
		CHECK_EQ(system(command), 0);
	}
	CHECK_EQ(system("ip link set lo up"), 0);
	if (taps)
		CHECK_EQ(system("ip addr add 192.0.2.1/24 dev tap0 &&"
				"ip addr add 2001:db8::1/64 dev tap0 nodad"), 0);
}

void configure_lkl(int ifindex)
{
	struct sockaddr_storage ss;
	socklen_t len;

	CHECK_EQ(lkl_if_up(1), 0);
	CHECK_EQ(lkl_if_up(ifindex), 0);
	ss = address_of(&lkl_stack, AF_INET, 0, &len);
	CHECK_EQ(lkl_if_add_ip(ifindex, LKL_AF_INET,
			       &((struct sockaddr_in *)&ss)->sin_addr,
			       PREFIX4), 0);
	ss = address_of(&lkl_stack, AF_INET6, 0, &len);
	CHECK_EQ(lkl_if_add_ip(ifindex, LKL_AF_INET6,
			       &((struct sockaddr_in6 *)&ss)->sin6_addr,
			       PREFIX6), 0);
}

long open_socket(const struct stack *stack, int family, int type, int protocol)
{
	static const struct timeval host_limit = { 20, 0 };
	static const long long lkl_limit[2] = { 20, 0 };
	long fd = stack->socket(family, type, protocol);

	CHECK(fd >= 0);
	if (stack == &host_stack) {
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &host_limit,
			   sizeof(host_limit));
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &host_limit,
			   sizeof(host_limit));
	} else {
		lkl_sys_setsockopt(fd, LKL_SOL_SOCKET, LKL_SO_RCVTIMEO_NEW,
				   (char *)lkl_limit, sizeof(lkl_limit));
		lkl_sys_setsockopt(fd, LKL_SOL_SOCKET, LKL_SO_SNDTIMEO_NEW,
				   (char *)lkl_limit, sizeof(lkl_limit));
	}
	return fd;
}

static unsigned short sum16(const unsigned char *p, size_t len)
{
	unsigned int sum = 0;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += p[i] << 8 | p[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

void ping(const struct stack *from, const struct stack *to, int family)
{
	static unsigned short sequence;
	const int v6 = family == AF_INET6;
	unsigned char request[64] = { v6 ? 128 : 8, 0, 0, 0, 0x12, 0x34 };
	unsigned char reply[256], *icmp;
	struct sockaddr_storage ss;
	socklen_t len;
	long fd, n;

	sequence++;
	request[6] = sequence >> 8;
	request[7] = sequence;
	if (!v6) {	/* the kernel sums up ICMPv6 itself (RFC 3542) */
		unsigned short sum = sum16(request, sizeof(request));

		request[2] = sum >> 8;
		request[3] = sum;
	}
	fd = open_socket(from, family, SOCK_RAW,
			 v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
	ss = address_of(to, family, 0, &len);
	CHECK_EQ(from->connect(fd, (struct sockaddr *)&ss, len), 0);
	CHECK_EQ(from->send(fd, request, sizeof(request)), sizeof(request));
	do {
		n = from->recv(fd, reply, sizeof(reply));
		if (n < 0) {
			fprintf(stderr, "no reply to an IPv%c ping from %s: %s\n",
				v6 ? '6' : '4', from->name, strerror(-n));
			exit(1);
		}
		icmp = v6 ? reply : reply + 20;
	} while (icmp[0] != (v6 ? 129 : 0) || icmp[6] != request[6] ||
		 icmp[7] != request[7]);
	from->close(fd);
}

void check_log(void)
{
	static const char *const bad[] = { "WARNING", "BUG", "Oops", "panic" };
	static char log[16384];
	size_t i;

	lkl_log_tail(log, sizeof(log));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (strstr(log, bad[i])) {
			fprintf(stderr, "the kernel's log:\n%s", log);
			exit(1);
		}
}
