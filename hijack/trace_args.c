// SPDX-License-Identifier: GPL-2.0-only
/*
 * The arguments of a call as text. The letters of calls.def:
 *
 *	f  descriptor		i  int or long		u  unsigned
 *	x  flags		o  mode			p  pointer
 *	s  path			c  command of fcntl(2)
 *	r  data of the length that is the next argument
 *	w  data of the length that is the result
 *	v, V  struct iovec, their number next; the data of V came by the call
 *	d  address family	k  type of socket
 *	a  address of the length that is the next argument
 *	A  address that came by the call, of the length that is next, by pointer
 *	l  level		n  option at it
 *	S  value of an option, its length next
 *	R  the same, that came by the call, its length next, by pointer
 *	g  flags of a message	m, M  struct msghdr; that of M came by the call
 *	2  two descriptors that came by the call
 *	P  struct pollfd, their number next
 *	O  operation on an epoll set
 *	e  struct epoll_event	E  as many as the result, came by the call
 *	t  struct timespec	T  struct timeval
 */
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include "dispatch.h"
#include "trace.h"

/* As much is shown of data, of paths and of lists. */
#define DATA 32
#define PATH 100
#define ITEMS 8

/* Copies up to @len bytes of the program's memory; how many could be. */
static size_t fetch(void *to, long from, size_t len)
{
	struct iovec local = { to, len }, remote = { (void *)from, len };
	long n;

	if (!from || !len)
		return 0;
	n = host_syscall6(SYS_process_vm_readv, host_syscall3(SYS_getpid, 0, 0, 0),
			  (long)&local, 1, (long)&remote, 1, 0);
	return n < 0 ? 0 : n;
}

static void add_pointer(struct trace_text *t, long pointer)
{
	if (pointer)
		trace_add(t, "0x%lx", pointer);
	else
		trace_add(t, "NULL");
}

static void add_bytes(struct trace_text *t, const unsigned char *data,
		      size_t len)
{
	static const char plain[] = "\n\r\t\"\\", escaped[] = "nrt\"\\";
	const char *c;
	size_t i;

	trace_add(t, "\"");
	for (i = 0; i < len; i++) {
		c = data[i] ? strchr(plain, data[i]) : NULL;
		if (c)
			trace_add(t, "\\%c", escaped[c - plain]);
		else if (data[i] >= ' ' && data[i] <= '~')
			trace_add(t, "%c", data[i]);
		else
			trace_add(t, "\\x%02x", data[i]);
	}
	trace_add(t, "\"");
}

static void add_data(struct trace_text *t, long from, long len)
{
	unsigned char data[DATA];
	size_t want = len < 0 ? 0 : len < DATA ? (size_t)len : DATA;

	if (!want || fetch(data, from, want) < want) {
		add_pointer(t, from);
		return;
	}
	add_bytes(t, data, want);
	if (len > DATA)
		trace_add(t, "...");
}

/* A path may end right before memory that is not there. */
static void add_path(struct trace_text *t, long from)
{
	unsigned char path[PATH];
	size_t n = fetch(path, from, sizeof(path)), len;

	if (!n)
		n = fetch(path, from, 4096 - (from & 4095) < PATH
					    ? 4096 - (from & 4095) : PATH);
	if (!n) {
		add_pointer(t, from);
		return;
	}
	len = strnlen((char *)path, n);
	add_bytes(t, path, len);
	if (len == PATH)
		trace_add(t, "...");
}

static void add_address(struct trace_text *t, long from, size_t len)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_nl nl;
		struct sockaddr_ll ll;
		char room[sizeof(struct sockaddr_storage)];
	} addr = { .any.sa_family = AF_UNSPEC };
	char text[INET6_ADDRSTRLEN];

	if (len > sizeof(addr) || fetch(&addr, from, len) < len || !len) {
		add_pointer(t, from);
		return;
	}
	trace_add(t, "{");
	trace_add_name(t, FAMILIES, addr.any.sa_family);
	switch (addr.any.sa_family) {
	case AF_INET:
		inet_ntop(AF_INET, &addr.in.sin_addr, text, sizeof(text));
		trace_add(t, ", %s:%u", text, ntohs(addr.in.sin_port));
		break;
	case AF_INET6:
		inet_ntop(AF_INET6, &addr.in6.sin6_addr, text, sizeof(text));
		trace_add(t, ", [%s]:%u", text, ntohs(addr.in6.sin6_port));
		break;
	case AF_NETLINK:
		trace_add(t, ", pid=%u, groups=%#x", addr.nl.nl_pid,
			  addr.nl.nl_groups);
		break;
	case AF_PACKET:
		trace_add(t, ", protocol=%#x, ifindex=%d",
			  ntohs(addr.ll.sll_protocol), addr.ll.sll_ifindex);
		break;
	}
	trace_add(t, "}");
}

/* The address that a call has filled, with its length behind a pointer. */
static void add_filled_address(struct trace_text *t, long from, long length,
			       long ret)
{
	socklen_t len;

	if (ret < 0 || fetch(&len, length, sizeof(len)) < sizeof(len))
		add_pointer(t, from);
	else
		add_address(t, from, len);
}

/* Of @total bytes that were moved; a negative number: all that there is. */
static void add_iovecs(struct trace_text *t, long from, long n, long total)
{
	struct iovec iov;
	long i, len;

	trace_add(t, "[");
	for (i = 0; i < n && i < ITEMS; i++) {
		if (fetch(&iov, from + i * (long)sizeof(iov), sizeof(iov)) <
		    sizeof(iov))
			break;
		len = iov.iov_len;
		if (total >= 0 && len > total)
			len = total;
		trace_add(t, "%s{", i ? ", " : "");
		add_data(t, (long)iov.iov_base, len);
		trace_add(t, ", %zu}", iov.iov_len);
		if (total >= 0)
			total -= len;
	}
	trace_add(t, i < n ? ", ...]" : "]");
}

static void add_message(struct trace_text *t, long from, long total)
{
	struct msghdr msg;

	if (fetch(&msg, from, sizeof(msg)) < sizeof(msg)) {
		add_pointer(t, from);
		return;
	}
	trace_add(t, "{name=");
	add_address(t, (long)msg.msg_name, msg.msg_namelen);
	trace_add(t, ", iov=");
	add_iovecs(t, (long)msg.msg_iov, msg.msg_iovlen, total);
	trace_add(t, ", controllen=%zu, flags=", msg.msg_controllen);
	trace_add_bits(t, MESSAGE_FLAGS, msg.msg_flags);
	trace_add(t, "}");
}

/* The value of an option: a number when it is as long as one. */
static void add_value(struct trace_text *t, long from, size_t len)
{
	int value;

	if (len == sizeof(value) && fetch(&value, from, len) == len)
		trace_add(t, "[%d]", value);
	else
		add_data(t, from, len);
}

static void add_polled(struct trace_text *t, long from, long n)
{
	struct pollfd p;
	long i;

	trace_add(t, "[");
	for (i = 0; i < n && i < ITEMS; i++) {
		if (fetch(&p, from + i * (long)sizeof(p), sizeof(p)) < sizeof(p))
			break;
		trace_add(t, "%s{fd=%d, events=", i ? ", " : "", p.fd);
		trace_add_bits(t, POLL_EVENTS, (unsigned short)p.events);
		trace_add(t, ", revents=");
		trace_add_bits(t, POLL_EVENTS, (unsigned short)p.revents);
		trace_add(t, "}");
	}
	trace_add(t, i < n ? ", ...]" : "]");
}

static void add_event(struct trace_text *t, long from)
{
	struct epoll_event event;

	if (fetch(&event, from, sizeof(event)) < sizeof(event)) {
		add_pointer(t, from);
		return;
	}
	trace_add(t, "{events=");
	trace_add_bits(t, EPOLL_EVENTS, event.events);
	trace_add(t, ", data=%#llx}", (unsigned long long)event.data.u64);
}

static void add_events(struct trace_text *t, long from, long n)
{
	long i;

	trace_add(t, "[");
	for (i = 0; i < n && i < ITEMS; i++) {
		trace_add(t, "%s", i ? ", " : "");
		add_event(t, from + i * (long)sizeof(struct epoll_event));
	}
	trace_add(t, i < n ? ", ...]" : "]");
}

/* Seconds and a fraction of them, of which each field is a long. */
static void add_time(struct trace_text *t, long from, const char *format)
{
	long time[2];

	if (fetch(time, from, sizeof(time)) < sizeof(time))
		add_pointer(t, from);
	else if (*format == 'n')
		trace_add(t, "{%ld.%09ld s}", time[0], time[1]);
	else
		trace_add(t, "{%ld.%06ld s}", time[0], time[1]);
}

static void add_pair(struct trace_text *t, long from, long ret)
{
	int pair[2];

	if (ret < 0 || fetch(pair, from, sizeof(pair)) < sizeof(pair))
		add_pointer(t, from);
	else
		trace_add(t, "[%d, %d]", pair[0], pair[1]);
}

static void add_option_value(struct trace_text *t, const long *arg, long ret)
{
	socklen_t len;

	if (ret < 0 || fetch(&len, arg[1], sizeof(len)) < sizeof(len))
		add_pointer(t, arg[0]);
	else
		add_value(t, arg[0], len);
}

/* @arg: the argument, with those before and after it around. */
static void add_arg(struct trace_text *t, char letter, const long *arg,
		    long ret)
{
	switch (letter) {
	case 'f':
		if ((int)arg[0] == AT_FDCWD)
			trace_add(t, "AT_FDCWD");
		else
			trace_add(t, "%d", (int)arg[0]);
		break;
	case 'i':
		trace_add(t, "%ld", (long)(int)arg[0] == arg[0] ||
				    (unsigned long)arg[0] > 0xffffffffUL
				    ? arg[0] : (long)(int)arg[0]);
		break;
	case 'u':
		trace_add(t, "%lu", arg[0]);
		break;
	case 'x':
		trace_add(t, "%#lx", arg[0]);
		break;
	case 'o':
		trace_add(t, "%#lo", arg[0]);
		break;
	case 's':
		add_path(t, arg[0]);
		break;
	case 'c':
		trace_add_name(t, COMMANDS, arg[0]);
		break;
	case 'r':
		add_data(t, arg[0], arg[1]);
		break;
	case 'w':
		add_data(t, arg[0], ret);
		break;
	case 'v':
		add_iovecs(t, arg[0], arg[1], -1);
		break;
	case 'V':
		add_iovecs(t, arg[0], arg[1], ret > 0 ? ret : 0);
		break;
	case 'd':
		trace_add_name(t, FAMILIES, arg[0]);
		break;
	case 'k':
		trace_add_type(t, arg[0]);
		break;
	case 'a':
		add_address(t, arg[0], (unsigned int)arg[1]);
		break;
	case 'A':
		add_filled_address(t, arg[0], arg[1], ret);
		break;
	case 'l':
		trace_add_name(t, LEVELS, arg[0]);
		break;
	case 'n':
		trace_add_option(t, arg[-1], arg[0]);
		break;
	case 'S':
		add_value(t, arg[0], arg[1]);
		break;
	case 'R':
		add_option_value(t, arg, ret);
		break;
	case 'g':
		trace_add_bits(t, MESSAGE_FLAGS, arg[0]);
		break;
	case 'm':
		add_message(t, arg[0], -1);
		break;
	case 'M':
		add_message(t, arg[0], ret > 0 ? ret : 0);
		break;
	case '2':
		add_pair(t, arg[0], ret);
		break;
	case 'P':
		add_polled(t, arg[0], arg[1]);
		break;
	case 'O':
		trace_add_name(t, OPERATIONS, arg[0]);
		break;
	case 'e':
		add_event(t, arg[0]);
		break;
	case 'E':
		add_events(t, arg[0], ret > 0 ? ret : 0);
		break;
	case 't':
		add_time(t, arg[0], "ns");
		break;
	case 'T':
		add_time(t, arg[0], "us");
		break;
	default:
		add_pointer(t, arg[0]);
		break;
	}
}

void trace_args(struct trace_text *t, const char *letters, const long *args,
		long ret)
{
	int i;

	for (i = 0; letters[i]; i++) {
		trace_add(t, "%s", i ? ", " : "");
		add_arg(t, letters[i], &args[i], ret);
	}
}
