// SPDX-License-Identifier: GPL-2.0-only
/* The life of descriptors: close, duplicates, flags, what they are. */
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/if_tun.h>
#include <linux/if_tunnel.h>
#include <linux/nsfs.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include "boot.h"
#include "dispatch.h"
#include "epoll_set.h"
#include "fdtab.h"
#include "lkl.h"
#include "lkl_nr.h"
#include "ring.h"
#include "sigio.h"
#include "sockets.h"

/* close(2). The number is free for others only when the LKL side is gone. */
long call_close(const long *args)
{
	if (fdtab_hidden(args[0]))
		return -EBADF;
	if (fdtab_entry(args[0]))
		fdtab_release(args[0]);
	return host_call(SYS_close, args);
}

static long close_part(unsigned int first, unsigned int last, long flags)
{
	return first > last ? 0 : host_syscall3(SYS_close_range, first, last,
						flags);
}

/*
 * close_range(2), around what is hidden. With CLOSE_RANGE_CLOEXEC the host has
 * all the flags.
 */
long call_close_range(const long *args)
{
	unsigned int first = args[0], last = args[1], fd;
	unsigned int end = fdtab_highest() + 1;
	long ret = 0;

	if (first > last || args[2] & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC))
		return host_call(SYS_close_range, args);
	for (fd = first; fd < end && fd <= last && !ret; fd++) {
		if (fdtab_hidden(fd)) {
			ret = close_part(first, fd - 1, args[2]);
			first = fd + 1;
		} else if (fdtab_entry(fd) && !(args[2] & CLOSE_RANGE_CLOEXEC)) {
			fdtab_release(fd);
		}
	}
	return ret ? ret : close_part(first, last, args[2]);
}

/* @fd is a copy of @old, both the host's: an epoll set gets one more number. */
static long share_set(int old, long fd)
{
	uint32_t entry = fdtab_entry(old);

	if (fd >= 0 && fd < (long)FDTAB_SIZE &&
	    (entry & FDTAB_KIND) == FDTAB_EPOLL && !boot_foreign()) {
		epoll_set_get(entry >> FDTAB_SHIFT);
		fdtab_set(fd, entry >> FDTAB_SHIFT, FDTAB_EPOLL);
	}
	return fd;
}

static long duplicate(int fd, int at_least, bool cloexec)
{
	int lkl_fd = fdtab_lkl(fd);
	long copy;

	if (lkl_fd < 0 || boot_foreign())
		return share_set(fd, host_fcntl(fd, cloexec ? F_DUPFD_CLOEXEC
							     : F_DUPFD,
						 at_least));
	copy = lkl_do(__lkl__NR_dup, lkl_fd);
	return copy < 0 ? copy : fdtab_install(copy, at_least, cloexec);
}

/* dup(2) */
long call_dup(const long *args)
{
	if (fdtab_hidden(args[0]))
		return -EBADF;
	return duplicate(args[0], 0, false);
}

static long duplicate_to(int fd, int to, int flags)
{
	int lkl_fd = fdtab_lkl(fd);
	long copy, ret;

	if (fdtab_hidden(fd) || fdtab_hidden(to))
		return -EBADF;
	if (lkl_fd < 0 || boot_foreign()) {
		ret = host_syscall3(SYS_dup3, fd, to, flags);
		if (ret >= 0 && fdtab_entry(to))
			fdtab_release(to);
		return share_set(fd, ret);
	}
	if (to < 0 || to >= (int)FDTAB_SIZE)
		return -EBADF;
	copy = lkl_do(__lkl__NR_dup, lkl_fd);
	if (copy < 0)
		return copy;
	ret = fdtab_replace(to, flags & O_CLOEXEC);
	if (ret < 0) {
		lkl_do(__lkl__NR_close, copy);
		return ret;
	}
	if (fdtab_entry(to))
		fdtab_release(to);
	fdtab_set(to, copy, FDTAB_LKL);
	return to;
}

/* dup2(2) */
long call_dup2(const long *args)
{
	if (args[0] == args[1] || !(fdtab_entry(args[0]) | fdtab_entry(args[1])))
		return host_call(SYS_dup2, args);
	return duplicate_to(args[0], args[1], 0);
}

/* dup3(2) */
long call_dup3(const long *args)
{
	if (args[0] == args[1] || args[2] & ~O_CLOEXEC ||
	    !(fdtab_entry(args[0]) | fdtab_entry(args[1])))
		return host_call(SYS_dup3, args);
	return duplicate_to(args[0], args[1], args[2]);
}

/* fcntl(2): descriptor flags are the host's, file status flags LKL's. */
long call_fcntl(const long *args)
{
	int lkl_fd = fdtab_lkl(args[0]);
	long ret;

	if (!fdtab_entry(args[0]))
		return host_call(SYS_fcntl, args);
	if (fdtab_hidden(args[0]))
		return -EBADF;
	switch ((int)args[1]) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		if ((int)args[2] < 0)
			return -EINVAL;
		return duplicate(args[0], args[2],
				 args[1] == F_DUPFD_CLOEXEC);
	case F_GETFD:
	case F_SETFD:
		return host_call(SYS_fcntl, args);
	}
	if (lkl_fd < 0)
		return host_call(SYS_fcntl, args);
	if (sigio_fcntl(args[0], lkl_fd, args[1], args[2], &ret))
		return ret;
	ret = lkl_do(__lkl__NR_fcntl, lkl_fd, args[1], args[2]);
	if ((int)args[1] == F_SETFL && !ret)
		sigio_set(args[0], lkl_fd, args[2] & O_ASYNC);
	return ret;
}

/* Of interfaces, on a socket of the host: on one of LKL's in its place. */
static long interfaces_ioctl(const long *args)
{
	int type, lkl_fd;
	socklen_t len = sizeof(type);
	long ret;

	if (host_syscall6(SYS_getsockopt, args[0], SOL_SOCKET, SO_TYPE,
			  (long)&type, (long)&len, 0) < 0 || boot_foreign())
		return host_call(SYS_ioctl, args);
	ret = boot_ready();
	if (ret < 0)
		return ret;
	lkl_fd = lkl_do(__lkl__NR_socket, AF_INET, SOCK_DGRAM, 0);
	if (lkl_fd < 0)
		return lkl_fd;
	ret = lkl_do(__lkl__NR_ioctl, lkl_fd, args[1], args[2]);
	lkl_do(__lkl__NR_close, lkl_fd);
	return ret;
}

/*
 * Where an ioctl(2) adds tunnels of a kind; a module's, on other kernels, which
 * is loaded for that. LKL has them made when they are asked for, not to have
 * them in the list of every program's interfaces.
 */
static const char *const tunnel_bases[][2] = {
	{ "gre0", "gre" },
	{ "ip6_vti0", "vti6" },
	{ "ip6gre0", "ip6gre" },
	{ "ip6tnl0", "ip6tnl" },
	{ "ip_vti0", "vti" },
	{ "sit0", "sit" },
	{ "tunl0", "ipip" },
};

static void make_tunnel_base(const struct ifreq *request)
{
	unsigned int i;

	for (i = 0; i < sizeof(tunnel_bases) / sizeof(tunnel_bases[0]); i++)
		if (!strncmp(request->ifr_name, tunnel_bases[i][0], IFNAMSIZ))
			lkl_if_add(tunnel_bases[i][0], tunnel_bases[i][1]);
}

/* The result is a descriptor, of a namespace, with close-on-exec. */
static bool makes_descriptor(unsigned int request)
{
	return request == SIOCGSKNS || request == TUNGETDEVNETNS ||
	       request == NS_GET_USERNS || request == NS_GET_PARENT;
}

/* ioctl(2): close-on-exec is the host's, as for fcntl(2). */
long call_ioctl(const long *args)
{
	unsigned int request = args[1];
	int lkl_fd = fdtab_lkl(args[0]);
	long ret;

	if (fdtab_hidden(args[0]))
		return -EBADF;
	if (lkl_fd < 0 && sockets_if_request(request))
		return interfaces_ioctl(args);
	if (lkl_fd < 0 || request == FIOCLEX || request == FIONCLEX)
		return host_call(SYS_ioctl, args);
	if (sigio_ioctl(args[0], lkl_fd, request, (void *)args[2], &ret))
		return ret;
	ret = lkl_do(__lkl__NR_ioctl, lkl_fd, request, args[2]);
	if (request == SIOCADDTUNNEL && ret == -ENODEV) {
		make_tunnel_base((const struct ifreq *)args[2]);
		ret = lkl_do(__lkl__NR_ioctl, lkl_fd, request, args[2]);
	}
	if (request == FIOASYNC && !ret)
		sigio_set(args[0], lkl_fd, *(int *)args[2]);
	return ret >= 0 && makes_descriptor(request)
		? fdtab_install(ret, 0, true) : ret;
}

/*
 * mmap(2): LKL has no MMU with which to show its pages to a program. A ring of
 * packets can be mapped; the rest is, as mmap(2) says, what cannot be.
 */
long call_mmap(const long *args)
{
	int lkl_fd = args[3] & MAP_ANONYMOUS ? -1 : fdtab_lkl(args[4]);

	return lkl_fd < 0 ? host_call(SYS_mmap, args) : ring_map(lkl_fd, args);
}
