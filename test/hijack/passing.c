// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Descriptors passed over AF_UNIX: the host's are, LKL's are refused, said once.
 * Interfaces that are asked for on a socket of the host are LKL's.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "run.h"

static union {
	char bytes[CMSG_SPACE(3 * sizeof(int))];
	struct cmsghdr align;
} control;

static void prepare(struct msghdr *msg, struct iovec *iov, const int *fds, int n)
{
	struct cmsghdr *cmsg = &control.align;

	iov->iov_base = "x";
	iov->iov_len = 1;
	*msg = (struct msghdr){ .msg_iov = iov, .msg_iovlen = 1,
				.msg_control = &control,
				.msg_controllen = CMSG_SPACE(n * sizeof(int)) };
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(cmsg), fds, n * sizeof(int));
}

/* Receives one byte; returns the descriptor that came with it, or -1. */
static int receive(int fd)
{
	struct cmsghdr *cmsg;
	char byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
			      .msg_control = &control,
			      .msg_controllen = sizeof(control) };
	int passed = -1;

	CHECK_EQ(recvmsg(fd, &msg, MSG_DONTWAIT), 1);
	cmsg = CMSG_FIRSTHDR(&msg);
	if (cmsg)
		memcpy(&passed, CMSG_DATA(cmsg), sizeof(passed));
	return passed;
}

static void pass(void)
{
	int unix_pair[2], p[2], s = socket(AF_INET, SOCK_STREAM, 0), fd;
	struct mmsghdr many[2];
	struct iovec iov;
	struct msghdr msg;

	CHECK_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, unix_pair), 0);
	CHECK_EQ(pipe(p), 0);
	prepare(&msg, &iov, &p[1], 1);
	CHECK_EQ(sendmsg(unix_pair[0], &msg, 0), 1);
	fd = receive(unix_pair[1]);
	CHECK_EQ(write(fd, "y", 1), 1);

	prepare(&msg, &iov, (int[]){ p[0], s }, 2);
	CHECK_EQ(sendmsg(unix_pair[0], &msg, 0), -1);
	CHECK_EQ(errno, EOPNOTSUPP);
	CHECK_EQ(syscall(SYS_sendmsg, unix_pair[0], &msg, 0), -1);
	many[0].msg_hdr = (struct msghdr){ .msg_iov = &iov, .msg_iovlen = 1 };
	many[1].msg_hdr = msg;
	CHECK_EQ(sendmmsg(unix_pair[0], many, 2, 0), 1);
	CHECK_EQ(receive(unix_pair[1]), -1);
	CHECK_EQ(sendmmsg(unix_pair[0], many + 1, 1, 0), -1);
	CHECK_EQ(errno, EOPNOTSUPP);
	CHECK_EQ(recv(unix_pair[1], &fd, 1, MSG_DONTWAIT), -1);
	CHECK_EQ(errno, EAGAIN);
}

static void interfaces(void)
{
	struct ifreq all[64], one = { .ifr_ifindex = 1 };
	struct ifconf list = { .ifc_len = sizeof(all), .ifc_req = all };
	int u = socket(AF_UNIX, SOCK_DGRAM, 0), p[2];

	CHECK_EQ(ioctl(u, SIOCGIFNAME, &one), 0);
	CHECK_TEXT(one.ifr_name, "lo");
	CHECK_EQ(ioctl(u, SIOCGIFCONF, &list), 0);
	/* LKL has lo alone here; what the host has does not show. */
	CHECK_EQ(list.ifc_len, sizeof(*all));
	CHECK_TEXT(all[0].ifr_name, "lo");
	strcpy(one.ifr_name, "lo");
	one.ifr_mtu = 1400;
	CHECK_EQ(ioctl(u, SIOCSIFMTU, &one), 0);
	one.ifr_mtu = 0;
	CHECK_EQ(ioctl(socket(AF_INET, SOCK_DGRAM, 0), SIOCGIFMTU, &one), 0);
	CHECK_EQ(one.ifr_mtu, 1400);
	CHECK_EQ(pipe(p), 0);
	CHECK_EQ(ioctl(p[0], SIOCGIFNAME, &one), -1);
	CHECK_EQ(errno, ENOTTY);
	CHECK_EQ(ioctl(99, SIOCGIFNAME, &one), -1);
	CHECK_EQ(errno, EBADF);
}

int main(void)
{
	static struct ended ended;
	char *line;

	if (again()) {
		pass();
		interfaces();
		return 0;
	}
	run_hijacked(NULL, NULL, NULL, &ended);
	fputs(ended.err, stderr);
	CHECK_EQ(ended.status, 0);
	line = strstr(ended.err, "SCM_RIGHTS");
	CHECK(line && !strstr(line + 1, "SCM_RIGHTS"));
	return 0;
}
