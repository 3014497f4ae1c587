// SPDX-License-Identifier: GPL-2.0-only
/* The thread that writes packets to a file; see pcap.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include "dispatch.h"
#include "lkl.h"
#include "lkl_nr.h"
#include "message.h"
#include "pcap.h"
#include "../linux/lib/own_thread.h"

#define LINKTYPE_LINUX_SLL2	276
#define NANOSECONDS_MAGIC	0xa1b23c4d
#define LONGEST			262144
#define QUEUE_BYTES		(16 << 20)

struct file_header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t unused[2];
	uint32_t longest;
	uint32_t linktype;
};

/* What stands before each packet; the second part is SLL2's, in network order. */
struct packet_header {
	uint32_t sec, nsec;
	uint32_t captured, length;
	uint16_t protocol, unused;
	uint32_t ifindex;
	uint16_t arphrd;
	uint8_t type, address_len;
	uint8_t address[8];
};

#define SLL2_BYTES \
	(sizeof(struct packet_header) - offsetof(struct packet_header, protocol))

static int out = -1;
static long packets = -1, stop = -1;	/* descriptors of LKL */
static pthread_t writer;

/*
 * Not lkl_call(), which holds up a thread of the program at its end: then this
 * one has still to write.
 */
#define lkl(name, ...) lkl_syscall(__lkl__NR_##name, \
				   DISPATCH_ARGS(__VA_ARGS__, 0, 0, 0, 0, 0, 0))

/* The kernel has put a time on the packet (SO_TIMESTAMPNS, socket(7)). */
static void set_time(struct packet_header *h, struct msghdr *msg)
{
	struct cmsghdr *c;
	struct timespec at;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SO_TIMESTAMPNS)
			continue;
		memcpy(&at, CMSG_DATA(c), sizeof(at));
		h->sec = at.tv_sec;
		h->nsec = at.tv_nsec;
	}
}

/* Takes a packet that is there; false when there is none. */
static bool write_packet(void)
{
	static char data[LONGEST];
	char control[256];
	struct sockaddr_ll from;
	struct iovec room = { data, sizeof(data) };
	struct msghdr msg = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &room,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct packet_header h = { 0 };
	struct iovec line[2] = { { &h, sizeof(h) }, { data, 0 } };
	long n = lkl(recvmsg, packets, &msg, MSG_DONTWAIT | MSG_TRUNC);

	if (n < 0)
		return n == -ENETDOWN;	/* an interface went down */
	/* What lo sends it receives, too: once is enough. */
	if (from.sll_hatype == ARPHRD_LOOPBACK &&
	    from.sll_pkttype == PACKET_OUTGOING)
		return true;
	line[1].iov_len = n < LONGEST ? n : LONGEST;
	set_time(&h, &msg);
	h.captured = SLL2_BYTES + line[1].iov_len;
	h.length = SLL2_BYTES + n;
	h.protocol = from.sll_protocol;
	h.ifindex = htonl(from.sll_ifindex);
	h.arphrd = htons(from.sll_hatype);
	h.type = from.sll_pkttype;
	h.address_len = from.sll_halen;
	memcpy(h.address, from.sll_addr, sizeof(h.address));
	host_writev(out, line, 2);
	return true;
}

static void *write_packets(void *arg)
{
	struct pollfd fds[2] = { { .fd = packets, .events = POLLIN },
				 { .fd = stop, .events = POLLIN } };

	own_thread_begin("lkl-pcap");
	do {
		if (lkl(ppoll, fds, 2, NULL, NULL, 0) < 0)
			break;
		while (write_packet())
			;
	} while (!fds[1].revents);
	own_thread_end();
	return arg;
}

/* To a file that is empty; a pipe is that, too. */
static bool write_header(void)
{
	static const struct file_header header = {
		.magic = NANOSECONDS_MAGIC,
		.major = 2,
		.minor = 4,
		.longest = LONGEST,
		.linktype = LINKTYPE_LINUX_SLL2,
	};
	struct stat st;

	if (host_syscall3(SYS_fstat, out, (long)&st, 0) < 0)
		return false;
	return st.st_size ||
	       host_write(out, &header, sizeof(header)) == sizeof(header);
}

static long open_sockets(void)
{
	int on = 1, bytes = QUEUE_BYTES;
	long err;

	packets = lkl(socket, AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL));
	if (packets < 0)
		return packets;
	stop = lkl(eventfd2, 0, 0);
	if (stop < 0)
		return stop;
	err = lkl(setsockopt, packets, SOL_SOCKET, SO_TIMESTAMPNS, &on,
		  sizeof(on));
	return err ? err : lkl(setsockopt, packets, SOL_SOCKET, SO_RCVBUFFORCE,
			       &bytes, sizeof(bytes));
}

bool pcap_start(void)
{
	const char *file = getenv("LKL_HIJACK_PCAP");
	/* But for those by which libc reaches all threads (nptl(7)). */
	const uint64_t all = ~(3ULL << 31);
	uint64_t mask;
	long err;

	if (!file || !*file)
		return true;
	out = host_syscall6(SYS_openat, AT_FDCWD, (long)file,
			    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666, 0, 0);
	if (out >= 0)
		out = host_fd_hide(out);
	if (out < 0 || !write_header()) {
		message("LKL_HIJACK_PCAP=%s: %s; name a file that can be written",
			file, out < 0 ? lkl_strerror(out) : "it takes nothing");
		out = -1;
		return false;
	}
	err = open_sockets();
	if (!err) {
		/* The program's signals are for its own threads. */
		host_sigmask(SIG_SETMASK, &all, &mask);
		err = -own_thread_create(&writer, NULL, write_packets, NULL);
		host_sigmask(SIG_SETMASK, &mask, NULL);
	}
	if (err) {
		message("LKL_HIJACK_PCAP: packets cannot be captured: %s",
			lkl_strerror(err));
		out = -1;
		return false;
	}
	return true;
}

/* How many packets did not fit the queue (packet(7)). */
static void tell_lost(void)
{
	struct tpacket_stats lost;
	socklen_t len = sizeof(lost);

	if (!lkl(getsockopt, packets, SOL_PACKET, PACKET_STATISTICS, &lost, &len) &&
	    lost.tp_drops)
		message("LKL_HIJACK_PCAP: %u packets are missing in the file",
			lost.tp_drops);
}

void pcap_end(void)
{
	const uint64_t one = 1;

	if (out < 0)
		return;
	lkl(write, stop, &one, sizeof(one));
	pthread_join(writer, NULL);
	tell_lost();
	lkl(close, packets);
	lkl(close, stop);
	out = -1;
}
