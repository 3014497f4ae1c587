// SPDX-License-Identifier: GPL-2.0-only
/* Calls that make sockets, and those that raise SIGPIPE. */
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/tls.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include "boot.h"
#include "dispatch.h"
#include "fdtab.h"
#include "lkl_nr.h"
#include "message.h"
#include "ring.h"
#include "sigio.h"
#include "sockets.h"
#include "sud.h"
#include "user.h"

/*
 * Families that have nothing to do with a network stay where their peers are:
 * AF_UNIX and AF_ALG on the host, and AF_VSOCK, which leads out of a machine
 * that LKL is not. Everything else is LKL's, whether it knows it or not, so
 * that nothing reaches the host's network by accident.
 */
static bool family_of_host(long family)
{
	return family == AF_UNIX || family == AF_ALG || family == AF_VSOCK;
}

/* socket(2) */
long call_socket(const long *args)
{
	long fd;

	if (family_of_host(args[0]))
		return host_call(SYS_socket, args);
	fd = boot_ready();
	if (fd < 0)
		return fd;
	fd = lkl_do(__lkl__NR_socket, args[0], args[1], args[2]);
	return fd < 0 ? fd : fdtab_install(fd, 0, args[1] & SOCK_CLOEXEC);
}

/* socketpair(2): of LKL's families only TIPC has it */
long call_socketpair(const long *args)
{
	int pair[2], *out = (int *)args[3];
	long ret;
	int first, second;

	if (family_of_host(args[0]))
		return host_call(SYS_socketpair, args);
	ret = boot_ready();
	if (ret < 0)
		return ret;
	ret = lkl_do(__lkl__NR_socketpair, args[0], args[1], args[2], pair);
	if (ret < 0)
		return ret;
	first = fdtab_install(pair[0], 0, args[1] & SOCK_CLOEXEC);
	if (first < 0) {
		lkl_do(__lkl__NR_close, pair[1]);
		return first;
	}
	second = fdtab_install(pair[1], 0, args[1] & SOCK_CLOEXEC);
	if (second < 0) {
		call_close((long[6]){ first });
		return second;
	}
	if (!user_copy(out, (int[2]){ first, second }, sizeof(pair)))
		return 0;
	call_close((long[6]){ first });
	call_close((long[6]){ second });
	return -EFAULT;
}

/* accept4(2). Without a number for it the connection stays in the queue. */
long call_accept4(const long *args)
{
	int lkl_fd = fdtab_lkl(args[0]);
	long fd;

	if (lkl_fd < 0)
		return host_call(SYS_accept4, args);
	fd = fdtab_reserve();
	if (fd < 0)
		return fd;
	fd = lkl_do(__lkl__NR_accept4, lkl_fd, args[1], args[2], args[3]);
	if (fd >= 0)
		return fdtab_install(fd, 0, args[3] & SOCK_CLOEXEC);
	fdtab_unreserve();
	return fd;
}

/* accept(2) */
long call_accept(const long *args)
{
	if (fdtab_lkl(args[0]) < 0)
		return host_call(SYS_accept, args);
	return call_accept4((long[6]){ args[0], args[1], args[2] });
}

/*
 * Options with which LKL would look for the pages of the program's memory, of
 * which it has none (no MMU): they are refused as by a kernel without them, and
 * what they speed up is done by copying.
 */
static const struct {
	int level;
	int name;
	uint16_t tls_version;	/* with keys of this version only; or 0 */
} with_pages[] = {
	{ SOL_PACKET, PACKET_TX_RING, 0 },
	{ SOL_SOCKET, SO_ZEROCOPY, 0 },
	{ SOL_TLS, TLS_RX, TLS_1_2_VERSION },
	{ SOL_TLS, TLS_RX_EXPECT_NO_PAD, 0 },
};

static bool needs_pages(int level, int name, const void *value)
{
	uint16_t version;
	size_t i;

	for (i = 0; i < sizeof(with_pages) / sizeof(with_pages[0]); i++) {
		if (level != with_pages[i].level || name != with_pages[i].name)
			continue;
		if (!with_pages[i].tls_version)
			return true;
		user_get(version, (const uint16_t *)value, bad);
		return version == with_pages[i].tls_version;
	}
bad:
	return false;
}

/* setsockopt(2): rings of packets are made here (ring.h) */
long call_setsockopt(const long *args)
{
	int lkl_fd = fdtab_lkl(args[0]);

	if (lkl_fd < 0)
		return host_call(SYS_setsockopt, args);
	if ((int)args[1] == SOL_PACKET && (int)args[2] == PACKET_RX_RING)
		return ring_set(lkl_fd, (const void *)args[3], args[4]);
	if (needs_pages(args[1], args[2], (const void *)args[3]))
		return -ENOPROTOOPT;
	return lkl_do(__lkl__NR_setsockopt, lkl_fd, args[1], args[2], args[3],
		      args[4]);
}

/* A signal of LKL's kernel reaches nobody: the host sends it instead. */
long sockets_written(int lkl_fd, long ret, long flags)
{
	if (__builtin_expect(ret == -EAGAIN || ret == -EINPROGRESS, 0))
		sigio_full(lkl_fd);
	if (ret == -EPIPE && !(flags & MSG_NOSIGNAL))
		host_syscall3(SYS_tgkill, host_syscall3(SYS_getpid, 0, 0, 0),
			      host_syscall3(SYS_gettid, 0, 0, 0), SIGPIPE);
	return ret;
}

/* Who answers on the host, to a lookup of a name, asks the host's network. */
static bool asks_service(const sa_family_t *addr)
{
	sa_family_t family;

	if (__builtin_expect(!sud_looks_up(), 1))
		return false;
	user_get(family, addr, bad);
	return family == AF_UNIX;
bad:
	return false;
}

/* connect(2): where it does not wait, its end is something to be told, too */
long call_connect(const long *args)
{
	int lkl_fd = fdtab_lkl(args[0]);

	if (lkl_fd < 0)
		return asks_service((const sa_family_t *)args[1])
			? -ENOENT : host_call(SYS_connect, args);
	return sockets_written(lkl_fd, lkl_do(__lkl__NR_connect, lkl_fd,
					      args[1], args[2]), MSG_NOSIGNAL);
}

/* sendto(2) */
long call_sendto(const long *args)
{
	int lkl_fd = fdtab_lkl(args[0]);

	if (lkl_fd < 0)
		return host_call(SYS_sendto, args);
	return sockets_written(lkl_fd, lkl_do(__lkl__NR_sendto, lkl_fd, args[1],
					      args[2], args[3], args[4],
					      args[5]), args[3]);
}

bool sockets_passes_lkl(const struct msghdr *msg)
{
	const char *control;
	size_t len, at, i;
	struct cmsghdr cmsg;
	int fd;

	user_get(len, &msg->msg_controllen, bad);
	if (!len)
		return false;
	user_get(control, (const char **)&msg->msg_control, bad);
	for (at = 0; at + sizeof(cmsg) <= len; at += CMSG_ALIGN(cmsg.cmsg_len)) {
		if (user_copy(&cmsg, control + at, sizeof(cmsg)) ||
		    cmsg.cmsg_len < sizeof(cmsg) || cmsg.cmsg_len > len - at)
			break;
		if (cmsg.cmsg_level != SOL_SOCKET ||
		    cmsg.cmsg_type != SCM_RIGHTS)
			continue;
		for (i = CMSG_LEN(0); i + sizeof(fd) <= cmsg.cmsg_len;
		     i += sizeof(fd)) {
			user_get(fd, (const int *)(control + at + i), bad);
			if (fdtab_lkl(fd) >= 0)
				return true;
		}
	}
bad:
	return false;
}

/* The other process would get the shadow, with which nothing can be done. */
static long refuse_passing(void)
{
	static bool told;

	if (!__atomic_exchange_n(&told, true, __ATOMIC_RELAXED))
		message("a descriptor of LKL's network cannot be passed to another process (SCM_RIGHTS): sendmsg() fails");
	return -EOPNOTSUPP;
}

/* sendmsg(2) */
long call_sendmsg(const long *args)
{
	int lkl_fd = fdtab_lkl(args[0]);

	if (lkl_fd < 0)
		return sockets_passes_lkl((const struct msghdr *)args[1])
			? refuse_passing() : host_call(SYS_sendmsg, args);
	return sockets_written(lkl_fd, lkl_do(__lkl__NR_sendmsg, lkl_fd,
					      args[1], args[2]), args[2]);
}

/* sendmmsg(2) */
long call_sendmmsg(const long *args)
{
	const struct mmsghdr *msgs = (const struct mmsghdr *)args[1];
	int lkl_fd = fdtab_lkl(args[0]);
	unsigned int n = 0, most = args[2] < UIO_MAXIOV ? args[2] : UIO_MAXIOV;

	/* Those before the first one that is refused are sent. */
	if (lkl_fd < 0) {
		while (n < most && !sockets_passes_lkl(&msgs[n].msg_hdr))
			n++;
		if (n < most && !n)
			return refuse_passing();
		return host_call(SYS_sendmmsg, (long[6]){ args[0], args[1], n,
							  args[3] });
	}
	return sockets_written(lkl_fd, lkl_do(__lkl__NR_sendmmsg, lkl_fd,
					      args[1], args[2], args[3]),
			       args[3]);
}

/* SIGPIPE is raised by other ways of writing, too. */
static long write_by(long nr, long lkl_nr, const long *args)
{
	int lkl_fd = fdtab_lkl(args[0]);

	if (lkl_fd < 0)
		return host_call(nr, args);
	return sockets_written(lkl_fd, lkl_do(lkl_nr, lkl_fd, args[1], args[2],
					      args[3], args[4], args[5]), 0);
}

/* write(2) */
long call_write(const long *args)
{
	return write_by(SYS_write, __lkl__NR_write, args);
}

/* writev(2) */
long call_writev(const long *args)
{
	return write_by(SYS_writev, __lkl__NR_writev, args);
}

/* pwritev2(2) */
long call_pwritev2(const long *args)
{
	return write_by(SYS_pwritev2, __lkl__NR_pwritev2, args);
}
