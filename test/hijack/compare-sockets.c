// SPDX-License-Identifier: GPL-2.0-or-later
/* The socket family's results and errors are as on the host. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include "compare.h"

static char buf[256];

static void addresses(void)
{
	struct sockaddr_in addr = loopback(7001), got = { 0 };
	socklen_t len = sizeof(got);
	int s = R(socket(AF_INET, SOCK_STREAM, 0)), t;

	R(getpeername(s, (struct sockaddr *)&got, &len));
	R(bind(s, (struct sockaddr *)&addr, 3));
	R(bind(s, (struct sockaddr *)&addr, sizeof(addr)));
	R(bind(s, (struct sockaddr *)&addr, sizeof(addr)));
	R(getsockname(s, (struct sockaddr *)&got, &len));
	V(len);
	B(&got, sizeof(got));
	len = 5;
	R(getsockname(s, (struct sockaddr *)&got, &len));
	V(len);
	t = R(socket(AF_INET, SOCK_STREAM, 0));
	R(bind(t, (struct sockaddr *)&addr, sizeof(addr)));
	R(connect(t, (struct sockaddr *)&addr, sizeof(addr)));
	R(listen(s, 5));
	R(connect(t, (struct sockaddr *)&addr, sizeof(addr)));
	R(connect(t, (struct sockaddr *)&addr, sizeof(addr)));
	len = sizeof(got);
	R(getpeername(t, (struct sockaddr *)&got, &len));
	B(&got, sizeof(got));
	len = sizeof(got);
	R(accept4(s, (struct sockaddr *)&got, &len, SOCK_CLOEXEC | SOCK_NONBLOCK));
	V(len);
	V(got.sin_family);
	V(ntohl(got.sin_addr.s_addr));
	R(fcntl(t + 1, F_GETFD));
	R(fcntl(t + 1, F_GETFL));
	R(accept4(s, NULL, NULL, 12345));
	R(accept(t, NULL, NULL));
	R(fcntl(s, F_SETFL, O_NONBLOCK));
	R(accept(s, NULL, NULL));
	R(shutdown(t, SHUT_WR));
	R(recv(t + 1, buf, 1, 0));
	R(shutdown(t, 99));
	R(shutdown(s, SHUT_RDWR));
	R(close(t + 1));
	R(close(t));
	R(close(s));
	addr.sin_addr.s_addr = inet_addr("192.0.2.1");
	s = R(socket(AF_INET, SOCK_DGRAM, 0));
	R(bind(s, (struct sockaddr *)&addr, sizeof(addr)));
	R(connect(s, (struct sockaddr *)&addr, sizeof(addr)));
	R(close(s));
	s = R(open("/dev/null", O_RDONLY));
	R(bind(s, (struct sockaddr *)&addr, sizeof(addr)));
	R(listen(s, 1));
	R(getsockopt(s, SOL_SOCKET, SO_TYPE, buf, &len));
	R(close(s));
	R(listen(s, 1));
}

static void options(void)
{
	int s = R(socket(AF_INET, SOCK_STREAM, 0)), value = 1;
	struct linger linger = { 1, 5 };
	struct timeval tv = { 1, 500000 };
	socklen_t len = sizeof(value);

	R(getsockopt(s, SOL_SOCKET, SO_TYPE, &value, &len));
	V(value);
	R(getsockopt(s, SOL_SOCKET, SO_DOMAIN, &value, &len));
	V(value);
	R(getsockopt(s, SOL_SOCKET, SO_PROTOCOL, &value, &len));
	V(value);
	R(getsockopt(s, SOL_SOCKET, SO_ERROR, &value, &len));
	V(value);
	value = 1;
	R(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &value, sizeof(value)));
	value = 0;
	R(getsockopt(s, SOL_SOCKET, SO_REUSEADDR, &value, &len));
	V(value);
	R(setsockopt(s, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)));
	linger.l_linger = 0;
	len = sizeof(linger);
	R(getsockopt(s, SOL_SOCKET, SO_LINGER, &linger, &len));
	V(linger.l_linger);
	R(setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	memset(&tv, 0, sizeof(tv));
	len = sizeof(tv);
	R(getsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &tv, &len));
	V(tv.tv_usec);
	value = 1;
	R(setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &value, 4));
	R(setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &value, 1));
	R(setsockopt(s, IPPROTO_TCP, 9999, &value, 4));
	R(setsockopt(s, 9999, 1, &value, 4));
	R(getsockopt(s, SOL_SOCKET, 9999, &value, &len));
	R(setsockopt(s, IPPROTO_IP, IP_TTL, &value, 4));
	len = 4;
	R(getsockopt(s, IPPROTO_IP, IP_TTL, &value, &len));
	V(value);
	R(close(s));
}

static void messages(void)
{
	struct iovec iov[2] = { { "ab", 2 }, { "cd", 2 } }, in = { buf, 3 };
	struct sockaddr_in from = { 0 };
	char control[128] = { 0 };
	struct msghdr out = { .msg_iov = iov, .msg_iovlen = 2 };
	struct msghdr got = { .msg_iov = &in, .msg_iovlen = 1,
			      .msg_name = &from, .msg_namelen = sizeof(from),
			      .msg_control = control,
			      .msg_controllen = sizeof(control) };
	struct mmsghdr many[3];
	struct timespec ts = { 0, 1000000 };
	char many_buf[3][8];
	struct iovec many_iov[3];
	int pair[2], one = 1, i;
	struct cmsghdr *c;
	socklen_t len = sizeof(from);

	udp_pair(pair);
	R(setsockopt(pair[1], IPPROTO_IP, IP_PKTINFO, &one, sizeof(one)));
	R(sendmsg(pair[0], &out, 0));
	R(recvmsg(pair[1], &got, 0));
	V(got.msg_flags);
	V(got.msg_namelen);
	V(got.msg_controllen);
	c = CMSG_FIRSTHDR(&got);
	V(c->cmsg_type);
	V(c->cmsg_len);
	B(buf, 3);
	R(recvmsg(pair[1], &got, MSG_DONTWAIT));
	R(sendto(pair[0], "toolong", 7, 0, NULL, 0));
	R(recvfrom(pair[1], buf, 3, MSG_TRUNC | MSG_PEEK,
		   (struct sockaddr *)&from, &len));
	R(recvfrom(pair[1], buf, 3, MSG_TRUNC, (struct sockaddr *)&from, &len));
	V(len);
	R(send(pair[0], NULL, 0, 0));
	R(recv(pair[1], buf, 10, 0));
	R(send(pair[0], buf, 70000, 0));
	R(send(pair[0], "x", 1, MSG_OOB));

	memset(many, 0, sizeof(many));
	for (i = 0; i < 3; i++) {
		many_iov[i] = (struct iovec){ "message" + i, 4 };
		many[i].msg_hdr.msg_iov = &many_iov[i];
		many[i].msg_hdr.msg_iovlen = 1;
	}
	R(sendmmsg(pair[0], many, 3, 0));
	V(many[2].msg_len);
	for (i = 0; i < 3; i++)
		many_iov[i] = (struct iovec){ many_buf[i], 8 };
	R(recvmmsg(pair[1], many, 3, MSG_WAITFORONE, NULL));
	B(many_buf[1], 4);
	R(recvmmsg(pair[1], many, 3, MSG_DONTWAIT, NULL));
	R(send(pair[0], "x", 1, 0));
	R(recvmmsg(pair[1], many, 2, MSG_WAITFORONE, &ts));
	R(close(pair[0]));
	R(send(pair[1], "x", 1, 0));
	R(send(pair[1], "x", 1, 0));
	R(close(pair[1]));
}

static void nonblocking_connect(void)
{
	struct sockaddr_in addr = loopback(9);
	int s = R(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)), err = 0;
	socklen_t len = sizeof(err);

	R(connect(s, (struct sockaddr *)&addr, sizeof(addr)));
	R(getsockopt(s, SOL_SOCKET, SO_ERROR, &err, &len));
	V(err);
	R(send(s, "x", 1, MSG_NOSIGNAL));
	R(recv(s, buf, 1, 0));
	R(ioctl(s, FIONREAD, &err));
	V(err);
	R(close(s));
}

static volatile int pipes;

static void on_pipe(int sig)
{
	(void)sig;
	pipes++;
}

static void sigpipe(void)
{
	struct msghdr msg = { 0 };
	int pair[2], p[2], file;

	signal(SIGPIPE, on_pipe);
	tcp_pair(pair);
	R(shutdown(pair[0], SHUT_WR));
	R(write(pair[0], "x", 1));
	V(pipes);
	R(send(pair[0], "x", 1, 0));
	V(pipes);
	R(send(pair[0], "x", 1, MSG_NOSIGNAL));
	V(pipes);
	msg.msg_iov = &(struct iovec){ "x", 1 };
	msg.msg_iovlen = 1;
	R(sendmsg(pair[0], &msg, 0));
	V(pipes);
	R(writev(pair[0], msg.msg_iov, 1));
	V(pipes);
	R(pwritev2(pair[0], msg.msg_iov, 1, -1, 0));
	V(pipes);
	R(pipe(p));
	R(write(p[1], "x", 1));
	R(splice(p[0], NULL, pair[0], NULL, 1, 0));
	V(pipes);
	file = R(open("/proc/self/exe", O_RDONLY));
	R(sendfile(pair[0], file, NULL, 1));
	V(pipes);
	R(close(file));
	file = R(open("/proc/sys/net/ipv4/ip_forward", O_RDONLY));
	R(sendfile(pair[0], file, NULL, 1));
	V(pipes);
	R(close(file));
	R(close(p[0]));
	R(close(p[1]));
	R(close(pair[0]));
	R(close(pair[1]));
}

static void local(void)
{
	struct sockaddr_un addr = { AF_UNIX, "\0lkl-hijack-compare" };
	int s = R(socket(AF_UNIX, SOCK_STREAM, 0)), t, pair[2];

	R(bind(s, (struct sockaddr *)&addr, sizeof(addr)));
	R(listen(s, 1));
	t = R(socket(AF_UNIX, SOCK_STREAM, 0));
	R(connect(t, (struct sockaddr *)&addr, sizeof(addr)));
	R(accept(s, NULL, NULL));
	R(send(t, "unix", 4, 0));
	R(recv(t + 1, buf, 10, 0));
	B(buf, 4);
	R(close(t + 1));
	R(close(t));
	R(close(s));
	R(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair));
	R(fcntl(pair[1], F_GETFD));
	R(close(pair[0]));
	R(close(pair[1]));
}

static void netlink(void)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	struct {
		struct nlmsghdr h;
		struct rtgenmsg g;
	} req = { { sizeof(req), RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, 7, 0 },
		  { AF_UNSPEC } };
	struct nlmsghdr *h = (struct nlmsghdr *)buf;
	int s = R(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));

	R(bind(s, (struct sockaddr *)&addr, sizeof(addr)));
	R(sendto(s, &req, sizeof(req), 0, (struct sockaddr *)&addr,
		 sizeof(addr)));
	R(recv(s, buf, sizeof(buf), MSG_DONTWAIT) > 0);
	V(h->nlmsg_type);
	V(h->nlmsg_seq);
	R(close(s));
}

static int earlier(const struct timespec *one, const struct timespec *other)
{
	return one->tv_sec != other->tv_sec ? one->tv_sec < other->tv_sec :
					      one->tv_nsec < other->tv_nsec;
}

/* A datagram arrives after it was sent and before it is read. */
static void timestamps(void)
{
	union {
		char space[CMSG_SPACE(sizeof(struct timespec))];
		struct cmsghdr align;
	} control = { { 0 } };
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr message = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct timespec before, after, stamp;
	int pair[2];

	udp_pair(pair);
	R(setsockopt(pair[1], SOL_SOCKET, SO_TIMESTAMPNS, &(int){ 1 },
		     sizeof(int)));
	clock_gettime(CLOCK_REALTIME, &before);
	R(send(pair[0], "now", 3, 0));
	R(recvmsg(pair[1], &message, 0));
	clock_gettime(CLOCK_REALTIME, &after);
	V(CMSG_FIRSTHDR(&message)->cmsg_type);
	memcpy(&stamp, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(stamp));
	V(!earlier(&stamp, &before) && !earlier(&after, &stamp));
	R(close(pair[0]));
	R(close(pair[1]));
}

void body(void)
{
	closefrom(3);
	addresses();
	options();
	messages();
	nonblocking_connect();
	sigpipe();
	local();
	netlink();
	timestamps();
}
