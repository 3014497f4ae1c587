// SPDX-License-Identifier: GPL-2.0-only
/* The socket family. */
#include <sys/socket.h>
#include <sys/uio.h>
#include "libc.h"
#include "sockets.h"
#include "sud.h"

ssize_t __recv_chk(int fd, void *buf, size_t len, size_t room, int flags);
ssize_t __recvfrom_chk(int fd, void *buf, size_t len, size_t room, int flags,
		       struct sockaddr *addr, socklen_t *addrlen);

/* glibc declares address arguments as transparent unions for C programs. */
#define sockaddr_of(arg) ((arg).__sockaddr__)

EXPORT int socket(int family, int type, int protocol)
{
	return call(SYS_socket, family, type, protocol);
}

EXPORT int socketpair(int family, int type, int protocol, int pair[2])
{
	return call(SYS_socketpair, family, type, protocol, pair);
}

#define ADDR_FUNCTION(name, nr, addr_type, len_type)			\
EXPORT int name(int fd, addr_type addr, len_type len)			\
{									\
	if (OURS(fd))							\
		return call(nr, fd, sockaddr_of(addr), len);		\
	return real(name)(fd, addr, len);				\
}

ADDR_FUNCTION(bind, SYS_bind, __CONST_SOCKADDR_ARG, socklen_t)
ADDR_FUNCTION(getsockname, SYS_getsockname, __SOCKADDR_ARG, socklen_t *)
ADDR_FUNCTION(getpeername, SYS_getpeername, __SOCKADDR_ARG, socklen_t *)

EXPORT int accept(int fd, __SOCKADDR_ARG addr, socklen_t *len)
{
	if (OURS(fd))
		return cancellable_call(SYS_accept, fd, sockaddr_of(addr), len);
	return direct(accept, SYS_accept, fd, sockaddr_of(addr), len);
}

EXPORT int accept4(int fd, __SOCKADDR_ARG addr, socklen_t *len, int flags)
{
	if (OURS(fd))
		return cancellable_call(SYS_accept4, fd, sockaddr_of(addr), len,
					flags);
	return direct(accept4, SYS_accept4, fd, sockaddr_of(addr), len, flags);
}

/* What looks names up may be a library that libc has loaded (nsswitch.conf(5)). */
EXPORT int connect(int fd, __CONST_SOCKADDR_ARG addr, socklen_t len)
{
	if (OURS(fd) || __builtin_expect(sud_looks_up(), 0))
		return cancellable_call(SYS_connect, fd, sockaddr_of(addr),
					len);
	return direct(connect, SYS_connect, fd, sockaddr_of(addr), len);
}

FD_FUNCTION(int, listen, SYS_listen, (int fd, int backlog), fd, backlog)
FD_FUNCTION(int, shutdown, SYS_shutdown, (int fd, int how), fd, how)
FD_FUNCTION(int, setsockopt, SYS_setsockopt,
	    (int fd, int level, int name, const void *value, socklen_t len),
	    fd, level, name, value, len)
FD_FUNCTION(int, getsockopt, SYS_getsockopt,
	    (int fd, int level, int name, void *value, socklen_t *len),
	    fd, level, name, value, len)
EXPORT ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	if (OURS(fd) || sockets_passes_lkl(msg))
		return cancellable_call(SYS_sendmsg, fd, msg, flags);
	return direct(sendmsg, SYS_sendmsg, fd, msg, flags);
}

EXPORT int sendmmsg(int fd, struct mmsghdr *msgs, unsigned int n, int flags)
{
	unsigned int i;

	if (OURS(fd))
		return cancellable_call(SYS_sendmmsg, fd, msgs, n, flags);
	for (i = 0; i < n && i < UIO_MAXIOV; i++)
		if (sockets_passes_lkl(&msgs[i].msg_hdr))
			return call(SYS_sendmmsg, fd, msgs, n, flags);
	return direct(sendmmsg, SYS_sendmmsg, fd, msgs, n, flags);
}

FD_CANCELLABLE(ssize_t, recvmsg, SYS_recvmsg,
	       (int fd, struct msghdr *msg, int flags), fd, msg, flags)
FD_CANCELLABLE(int, recvmmsg, SYS_recvmmsg,
	       (int fd, struct mmsghdr *msgs, unsigned int n, int flags,
	        struct timespec *timeout), fd, msgs, n, flags, timeout)

EXPORT ssize_t send(int fd, const void *buf, size_t len, int flags)
{
	if (OURS(fd))
		return cancellable_call(SYS_sendto, fd, buf, len, flags, NULL,
					0);
	return direct(send, SYS_sendto, fd, buf, len, flags);
}

EXPORT ssize_t recv(int fd, void *buf, size_t len, int flags)
{
	if (OURS(fd))
		return cancellable_call(SYS_recvfrom, fd, buf, len, flags, NULL,
					NULL);
	return direct(recv, SYS_recvfrom, fd, buf, len, flags);
}

EXPORT ssize_t sendto(int fd, const void *buf, size_t len, int flags,
		      __CONST_SOCKADDR_ARG addr, socklen_t addrlen)
{
	if (OURS(fd))
		return cancellable_call(SYS_sendto, fd, buf, len, flags,
					sockaddr_of(addr), addrlen);
	return direct(sendto, SYS_sendto, fd, buf, len, flags,
		      sockaddr_of(addr), addrlen);
}

EXPORT ssize_t recvfrom(int fd, void *buf, size_t len, int flags,
			__SOCKADDR_ARG addr, socklen_t *addrlen)
{
	if (OURS(fd))
		return cancellable_call(SYS_recvfrom, fd, buf, len, flags,
					sockaddr_of(addr), addrlen);
	return direct(recvfrom, SYS_recvfrom, fd, buf, len, flags,
		      sockaddr_of(addr), addrlen);
}

/* What fortified programs call: the room in the buffer is known. */
EXPORT ssize_t __recv_chk(int fd, void *buf, size_t len, size_t room,
			  int flags)
{
	if (len > room)
		__chk_fail();
	return recv(fd, buf, len, flags);
}

EXPORT ssize_t __recvfrom_chk(int fd, void *buf, size_t len, size_t room,
			      int flags, struct sockaddr *addr,
			      socklen_t *addrlen)
{
	if (len > room)
		__chk_fail();
	return recvfrom(fd, buf, len, flags, addr, addrlen);
}
