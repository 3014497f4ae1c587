// SPDX-License-Identifier: GPL-2.0-only
/* Names of constants for the trace (trace.h). */
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include "trace.h"

struct name {
	long value;
	const char *name;
};

#define N(constant) { constant, #constant }
#define END { 0, NULL }

static const struct name families[] = {
	N(AF_UNSPEC), N(AF_UNIX), N(AF_INET), N(AF_INET6), N(AF_NETLINK),
	N(AF_PACKET), N(AF_ALG), N(AF_VSOCK), N(AF_TIPC), N(AF_BLUETOOTH),
	N(AF_CAN), END
};

static const struct name levels[] = {
	N(SOL_SOCKET), N(IPPROTO_IP), N(IPPROTO_ICMP), N(IPPROTO_TCP),
	N(IPPROTO_UDP), N(IPPROTO_IPV6), N(IPPROTO_ICMPV6), N(IPPROTO_RAW),
	N(SOL_PACKET), N(SOL_NETLINK), END
};

static const struct name commands[] = {
	N(F_DUPFD), N(F_DUPFD_CLOEXEC), N(F_GETFD), N(F_SETFD), N(F_GETFL),
	N(F_SETFL), N(F_GETOWN), N(F_SETOWN), N(F_GETSIG), N(F_SETSIG),
	N(F_GETLK), N(F_SETLK), N(F_SETLKW), END
};

static const struct name operations[] = {
	N(EPOLL_CTL_ADD), N(EPOLL_CTL_MOD), N(EPOLL_CTL_DEL), END
};

static const struct name *const kinds[] = {
	[FAMILIES] = families,
	[LEVELS] = levels,
	[COMMANDS] = commands,
	[OPERATIONS] = operations,
};

static const struct name socket_options[] = {
	N(SO_REUSEADDR), N(SO_TYPE), N(SO_ERROR), N(SO_DONTROUTE),
	N(SO_BROADCAST), N(SO_SNDBUF), N(SO_RCVBUF), N(SO_KEEPALIVE),
	N(SO_OOBINLINE), N(SO_PRIORITY), N(SO_LINGER), N(SO_REUSEPORT),
	N(SO_PEERCRED), N(SO_RCVLOWAT), N(SO_RCVTIMEO), N(SO_SNDTIMEO),
	N(SO_BINDTODEVICE), N(SO_ATTACH_FILTER), N(SO_TIMESTAMP),
	N(SO_ACCEPTCONN), N(SO_SNDBUFFORCE), N(SO_RCVBUFFORCE), N(SO_MARK),
	N(SO_PROTOCOL), N(SO_DOMAIN), N(SO_BUSY_POLL), N(SO_INCOMING_CPU),
	N(SO_ZEROCOPY), END
};

static const struct name tcp_options[] = {
	N(TCP_NODELAY), N(TCP_MAXSEG), N(TCP_CORK), N(TCP_KEEPIDLE),
	N(TCP_KEEPINTVL), N(TCP_KEEPCNT), N(TCP_SYNCNT), N(TCP_LINGER2),
	N(TCP_DEFER_ACCEPT), N(TCP_WINDOW_CLAMP), N(TCP_INFO), N(TCP_QUICKACK),
	N(TCP_CONGESTION), N(TCP_MD5SIG), N(TCP_USER_TIMEOUT), N(TCP_FASTOPEN),
	N(TCP_NOTSENT_LOWAT), N(TCP_FASTOPEN_CONNECT), END
};

static const struct name ip_options[] = {
	N(IP_TOS), N(IP_TTL), N(IP_HDRINCL), N(IP_OPTIONS), N(IP_RECVERR),
	N(IP_PKTINFO), N(IP_MTU_DISCOVER), N(IP_MTU), N(IP_RECVTTL),
	N(IP_RECVTOS), N(IP_TRANSPARENT), N(IP_FREEBIND), N(IP_MULTICAST_IF),
	N(IP_MULTICAST_TTL), N(IP_MULTICAST_LOOP), N(IP_ADD_MEMBERSHIP),
	N(IP_DROP_MEMBERSHIP), N(IP_BIND_ADDRESS_NO_PORT), END
};

static const struct name ipv6_options[] = {
	N(IPV6_UNICAST_HOPS), N(IPV6_MULTICAST_IF), N(IPV6_MULTICAST_HOPS),
	N(IPV6_MULTICAST_LOOP), N(IPV6_JOIN_GROUP), N(IPV6_LEAVE_GROUP),
	N(IPV6_MTU_DISCOVER), N(IPV6_MTU), N(IPV6_RECVERR), N(IPV6_V6ONLY),
	N(IPV6_RECVPKTINFO), N(IPV6_PKTINFO), N(IPV6_RECVHOPLIMIT),
	N(IPV6_HOPLIMIT), N(IPV6_RECVTCLASS), N(IPV6_TCLASS), END
};

static const struct name epoll_events[] = {
	N(EPOLLIN), N(EPOLLPRI), N(EPOLLOUT), N(EPOLLERR), N(EPOLLHUP),
	N(EPOLLRDNORM), N(EPOLLRDBAND), N(EPOLLWRNORM), N(EPOLLWRBAND),
	N(EPOLLRDHUP), N(EPOLLEXCLUSIVE), N(EPOLLONESHOT), N(EPOLLET), END
};

static const struct name poll_events[] = {
	N(POLLIN), N(POLLPRI), N(POLLOUT), N(POLLERR), N(POLLHUP), N(POLLNVAL),
	N(POLLRDNORM), N(POLLRDBAND), N(POLLWRNORM), N(POLLWRBAND),
	N(POLLRDHUP), END
};

static const struct name message_flags[] = {
	N(MSG_OOB), N(MSG_PEEK), N(MSG_DONTROUTE), N(MSG_CTRUNC), N(MSG_TRUNC),
	N(MSG_DONTWAIT), N(MSG_EOR), N(MSG_WAITALL), N(MSG_CONFIRM),
	N(MSG_ERRQUEUE), N(MSG_NOSIGNAL), N(MSG_MORE), N(MSG_WAITFORONE),
	N(MSG_ZEROCOPY), N(MSG_FASTOPEN), N(MSG_CMSG_CLOEXEC), END
};

static const struct name *const bits[] = {
	[EPOLL_EVENTS] = epoll_events,
	[POLL_EVENTS] = poll_events,
	[MESSAGE_FLAGS] = message_flags,
};

static const char *find(const struct name *list, long value)
{
	for (; list->name; list++)
		if (list->value == value)
			return list->name;
	return NULL;
}

static void add(struct trace_text *t, const struct name *list, long value)
{
	const char *name = list ? find(list, value) : NULL;

	if (name)
		trace_add(t, "%s", name);
	else
		trace_add(t, "%ld", value);
}

void trace_add_name(struct trace_text *t, enum trace_names kind, long value)
{
	add(t, kinds[kind], (int)value);
}

void trace_add_bits(struct trace_text *t, enum trace_bits kind,
		    unsigned long value)
{
	const struct name *list = bits[kind];
	unsigned long rest = (unsigned int)value;
	const char *separator = "";

	if (!rest)
		trace_add(t, "0");
	for (; list->name; list++) {
		unsigned int bit = list->value;

		if (!(rest & bit))
			continue;
		trace_add(t, "%s%s", separator, list->name);
		separator = "|";
		rest &= ~(unsigned long)bit;
	}
	if (rest)
		trace_add(t, "%s%#lx", separator, rest);
}

void trace_add_type(struct trace_text *t, long type)
{
	static const struct name types[] = {
		N(SOCK_STREAM), N(SOCK_DGRAM), N(SOCK_RAW), N(SOCK_RDM),
		N(SOCK_SEQPACKET), N(SOCK_DCCP), N(SOCK_PACKET), END
	};
	long bare = type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);

	/* accept4(2) has the flags alone. */
	if (bare || !type)
		add(t, types, bare);
	if (type & SOCK_NONBLOCK)
		trace_add(t, "%sSOCK_NONBLOCK", bare ? "|" : "");
	if (type & SOCK_CLOEXEC)
		trace_add(t, "%sSOCK_CLOEXEC",
			  type & ~SOCK_CLOEXEC ? "|" : "");
}

void trace_add_option(struct trace_text *t, long level, long option)
{
	const struct name *list = NULL;

	switch (level) {
	case SOL_SOCKET:
		list = socket_options;
		break;
	case IPPROTO_TCP:
		list = tcp_options;
		break;
	case IPPROTO_IP:
		list = ip_options;
		break;
	case IPPROTO_IPV6:
		list = ipv6_options;
		break;
	}
	add(t, list, option);
}
