// SPDX-License-Identifier: GPL-2.0-only
/* Rings of packet sockets, see ring.h and Documentation/networking/packet_mmap.rst. */
#include <errno.h>
#include <limits.h>
#include <linux/if_packet.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include "dispatch.h"
#include "fdtab.h"
#include "lkl_nr.h"
#include "lock.h"
#include "ring.h"
#include "user.h"

#define PAGE 4096
#define ALIGN8(n) (((n) + 7) & ~7UL)
#define ETHERNET 14		/* bytes before the network's header, mostly */

/* Where the packets of a block begin (TPACKET_V3), but for private data. */
#define BLOCK_HEADER ALIGN8(sizeof(struct tpacket_block_desc))

struct ring {
	int lkl_fd;
	int memory;		/* a memfd, hidden */
	char *base;		/* our mapping of it */
	size_t size;
	int version;
	unsigned int reserve;	/* PACKET_RESERVE */
	bool raw;		/* SOCK_RAW: packets have the link's header */
	struct tpacket_req3 req;
	unsigned int next;	/* frame, or block for TPACKET_V3, to be filled */
	uint64_t sequence;
	struct ring *link;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct ring *rings;

bool ring_used(void)
{
	return __builtin_expect(!!__atomic_load_n(&rings, __ATOMIC_RELAXED), 0);
}

static size_t header_of(int version)
{
	return version == TPACKET_V1 ? TPACKET_HDRLEN
	     : version == TPACKET_V2 ? TPACKET2_HDRLEN : TPACKET3_HDRLEN;
}

/* Where struct sockaddr_ll is in a frame. */
static size_t address_at(int version)
{
	return TPACKET_ALIGN(version == TPACKET_V1 ? sizeof(struct tpacket_hdr)
			   : version == TPACKET_V2 ? sizeof(struct tpacket2_hdr)
			   : sizeof(struct tpacket3_hdr));
}

/* One packet, with all that is to be told of it. */
struct packet {
	unsigned int mac, net;		/* where its parts are in the frame */
	unsigned int snaplen;
	struct tpacket_auxdata aux;
	struct timespec time;
};

static void take_extras(struct msghdr *msg, struct packet *p)
{
	struct cmsghdr *cmsg;

	for (cmsg = CMSG_FIRSTHDR(msg); cmsg; cmsg = CMSG_NXTHDR(msg, cmsg)) {
		if (cmsg->cmsg_level == SOL_PACKET &&
		    cmsg->cmsg_type == PACKET_AUXDATA)
			memcpy(&p->aux, CMSG_DATA(cmsg), sizeof(p->aux));
		else if (cmsg->cmsg_level == SOL_SOCKET &&
			 cmsg->cmsg_type == SCM_TIMESTAMPNS)
			memcpy(&p->time, CMSG_DATA(cmsg), sizeof(p->time));
	}
}

/*
 * Receives a packet into @frame, with @room. The network's header is to be at
 * an even place, so the place of the link's depends on that one's length.
 */
static bool receive(const struct ring *r, char *frame, size_t room,
		    struct packet *p)
{
	char extras[256] __attribute__((aligned(8)));
	unsigned int net = TPACKET_ALIGN(header_of(r->version) +
					 (r->raw ? 16 : 0)) +
			   (r->raw ? 0 : 16) + r->reserve;
	unsigned int mac = r->raw ? net - ETHERNET : net, link;
	struct iovec iov = { frame + mac, room - mac };
	struct sockaddr_storage from = { 0 };
	struct msghdr msg = { .msg_name = &from, .msg_namelen = sizeof(from),
			      .msg_iov = &iov, .msg_iovlen = 1,
			      .msg_control = extras,
			      .msg_controllen = sizeof(extras) };
	long n;

	if (room <= net)
		return false;
	n = lkl_do(__lkl__NR_recvmsg, r->lkl_fd, &msg, MSG_DONTWAIT);
	if (n < 0)
		return false;
	memset(p, 0, sizeof(*p));
	take_extras(&msg, p);
	link = r->raw ? p->aux.tp_net : 0;
	if (r->raw && link != ETHERNET) {
		net = TPACKET_ALIGN(header_of(r->version) +
				    (link < 16 ? 16 : link)) + r->reserve;
		if (n > (long)(room - (net - link)))
			n = room - (net - link);
		memmove(frame + net - link, frame + mac, n);
		mac = net - link;
	}
	p->mac = mac;
	p->net = net;
	p->snaplen = n;
	memcpy(frame + address_at(r->version), &from, sizeof(struct sockaddr_ll));
	return true;
}

static char *frame_at(const struct ring *r, unsigned int n)
{
	unsigned int per_block = r->req.tp_block_size / r->req.tp_frame_size;

	return r->base + (size_t)(n / per_block) * r->req.tp_block_size +
	       (size_t)(n % per_block) * r->req.tp_frame_size;
}

static struct tpacket_block_desc *block_at(const struct ring *r, unsigned int n)
{
	return (struct tpacket_block_desc *)(r->base + (size_t)n *
					     r->req.tp_block_size);
}

/* Whose the frame @n is, or the block for TPACKET_V3: not 0 for the program's. */
static unsigned long status_of(const struct ring *r, unsigned int n)
{
	char *frame = r->version == TPACKET_V3 ? NULL : frame_at(r, n);

	if (r->version == TPACKET_V3)
		return __atomic_load_n(&block_at(r, n)->hdr.bh1.block_status,
				       __ATOMIC_ACQUIRE) & TP_STATUS_USER;
	return r->version == TPACKET_V1
		? __atomic_load_n(&((struct tpacket_hdr *)frame)->tp_status,
				  __ATOMIC_ACQUIRE)
		: __atomic_load_n(&((struct tpacket2_hdr *)frame)->tp_status,
				  __ATOMIC_ACQUIRE);
}

/* A frame of TPACKET_V1 or V2. False when it is the program's, or none came. */
static bool fill_frame(struct ring *r)
{
	char *frame = frame_at(r, r->next);
	struct tpacket_hdr *one = (struct tpacket_hdr *)frame;
	struct tpacket2_hdr *two = (struct tpacket2_hdr *)frame;
	struct packet p;

	if (status_of(r, r->next) || !receive(r, frame, r->req.tp_frame_size, &p))
		return false;
	if (r->version == TPACKET_V1) {
		one->tp_len = p.aux.tp_len;
		one->tp_snaplen = p.snaplen;
		one->tp_mac = p.mac;
		one->tp_net = p.net;
		one->tp_sec = p.time.tv_sec;
		one->tp_usec = p.time.tv_nsec / 1000;
		__atomic_store_n(&one->tp_status,
				 p.aux.tp_status | TP_STATUS_USER,
				 __ATOMIC_RELEASE);
	} else {
		two->tp_len = p.aux.tp_len;
		two->tp_snaplen = p.snaplen;
		two->tp_mac = p.mac;
		two->tp_net = p.net;
		two->tp_sec = p.time.tv_sec;
		two->tp_nsec = p.time.tv_nsec;
		two->tp_vlan_tci = p.aux.tp_vlan_tci;
		two->tp_vlan_tpid = p.aux.tp_vlan_tpid;
		__atomic_store_n(&two->tp_status,
				 p.aux.tp_status | TP_STATUS_USER,
				 __ATOMIC_RELEASE);
	}
	r->next = (r->next + 1) % r->req.tp_frame_nr;
	return true;
}

static void begin_block(const struct ring *r, struct tpacket_block_desc *block)
{
	unsigned int first = BLOCK_HEADER + ALIGN8(r->req.tp_sizeof_priv);

	block->version = TPACKET_V3;
	block->offset_to_priv = BLOCK_HEADER;
	block->hdr.bh1.num_pkts = 0;
	block->hdr.bh1.offset_to_first_pkt = first;
	block->hdr.bh1.blk_len = first;
}

/*
 * A block of TPACKET_V3, with what there is: it is not held back until it is
 * full or tp_retire_blk_tov is over. False when there is nothing, or no block.
 */
static bool fill_block(struct ring *r)
{
	struct tpacket_block_desc *block = block_at(r, r->next);
	char *base = (char *)block;
	struct tpacket_hdr_v1 *h = &block->hdr.bh1;
	struct tpacket3_hdr *frame = NULL;
	struct packet p;
	size_t room;

	if (status_of(r, r->next))
		return false;
	begin_block(r, block);
	for (;;) {
		room = r->req.tp_block_size - h->blk_len;
		/* Any packet fits into an empty block, shortened if need be. */
		if (frame && room < r->req.tp_frame_size &&
		    room < (size_t)UINT16_MAX + 256)
			break;
		if (!receive(r, base + h->blk_len, room, &p))
			break;
		frame = (struct tpacket3_hdr *)(base + h->blk_len);
		frame->tp_len = p.aux.tp_len;
		frame->tp_snaplen = p.snaplen;
		frame->tp_mac = p.mac;
		frame->tp_net = p.net;
		frame->tp_sec = p.time.tv_sec;
		frame->tp_nsec = p.time.tv_nsec;
		frame->tp_status = p.aux.tp_status | TP_STATUS_USER;
		frame->hv1.tp_rxhash = 0;
		frame->hv1.tp_vlan_tci = p.aux.tp_vlan_tci;
		frame->hv1.tp_vlan_tpid = p.aux.tp_vlan_tpid;
		frame->tp_next_offset = ALIGN8(p.mac + p.snaplen);
		if (!h->num_pkts++) {
			h->ts_first_pkt.ts_sec = p.time.tv_sec;
			h->ts_first_pkt.ts_nsec = p.time.tv_nsec;
		}
		h->ts_last_pkt.ts_sec = p.time.tv_sec;
		h->ts_last_pkt.ts_nsec = p.time.tv_nsec;
		h->blk_len += frame->tp_next_offset;
		if (h->blk_len + header_of(r->version) + r->reserve + 64 >
		    r->req.tp_block_size)
			break;
	}
	if (!frame)
		return false;
	frame->tp_next_offset = 0;
	h->seq_num = ++r->sequence;
	__atomic_store_n(&h->block_status, TP_STATUS_USER | TP_STATUS_BLK_TMO,
			 __ATOMIC_RELEASE);
	r->next = (r->next + 1) % r->req.tp_block_nr;
	return true;
}

void ring_fill(void)
{
	uint64_t mask = lock_take(&lock);
	struct ring *r;

	for (r = rings; r; r = r->link)
		while (r->version == TPACKET_V3 ? fill_block(r) : fill_frame(r))
			;
	lock_give(&lock, mask);
}

bool ring_holds(int lkl_fd)
{
	uint64_t mask = lock_take(&lock);
	unsigned int count;
	struct ring *r;
	bool holds = false;

	for (r = rings; r && r->lkl_fd != lkl_fd;)
		r = r->link;
	if (r) {
		count = r->version == TPACKET_V3 ? r->req.tp_block_nr
						 : r->req.tp_frame_nr;
		holds = status_of(r, (r->next + count - 1) % count);
	}
	lock_give(&lock, mask);
	return holds;
}

/* Under the lock. */
static void end(int lkl_fd)
{
	struct ring **link = &rings, *r;

	while ((r = *link) && r->lkl_fd != lkl_fd)
		link = &r->link;
	if (!r)
		return;
	*link = r->link;
	host_munmap(r->base, r->size);
	fdtab_close_hidden(r->memory);
	free(r);
}

void ring_end(int lkl_fd)
{
	uint64_t mask;

	if (!ring_used())
		return;
	mask = lock_take(&lock);
	end(lkl_fd);
	lock_give(&lock, mask);
}

static int option(int lkl_fd, int level, int name, int *value)
{
	socklen_t len = sizeof(*value);

	return lkl_do(__lkl__NR_getsockopt, lkl_fd, level, name, value, &len);
}

/* As the kernel demands it (packet_set_ring()). */
static bool sound(const struct ring *r)
{
	const struct tpacket_req3 *q = &r->req;
	unsigned int per_block;
	size_t least = header_of(r->version) + r->reserve;

	if (!q->tp_block_size || q->tp_block_size % PAGE || !q->tp_frame_size ||
	    q->tp_frame_size % TPACKET_ALIGNMENT || q->tp_frame_size < least)
		return false;
	if (r->version == TPACKET_V3 &&
	    q->tp_block_size < BLOCK_HEADER + ALIGN8(q->tp_sizeof_priv) + least)
		return false;
	per_block = q->tp_block_size / q->tp_frame_size;
	return per_block && q->tp_block_nr <= UINT32_MAX / per_block &&
	       q->tp_block_nr * per_block == q->tp_frame_nr;
}

static long open_memory(struct ring *r)
{
	long fd, base;

	r->size = (size_t)r->req.tp_block_nr * r->req.tp_block_size;
	fd = host_fd_hide(host_syscall3(SYS_memfd_create, (long)"ring",
					MFD_CLOEXEC, 0));
	if (fd < 0)
		return fd;
	base = host_syscall3(SYS_ftruncate, fd, r->size, 0);
	if (!base)
		base = host_syscall6(SYS_mmap, 0, r->size,
				     PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (base < 0 && base > -4096) {
		fdtab_close_hidden(fd);
		return base;
	}
	r->memory = fd;
	r->base = (char *)base;
	return 0;
}

/*
 * Packets that come while the program does not look wait in the socket, where
 * the kernel would put them into the ring: its queue is to hold as many.
 */
static void widen_queue(const struct ring *r)
{
	int bytes = r->size < INT_MAX / 2 ? r->size : INT_MAX / 2;

	lkl_do(__lkl__NR_setsockopt, r->lkl_fd, SOL_SOCKET, SO_RCVBUFFORCE,
	       &bytes, sizeof(bytes));
}

long ring_set(int lkl_fd, const void *value, size_t len)
{
	int version, reserve, type, one = 1;
	struct ring *r;
	uint64_t mask;
	size_t need;
	long ret;

	if (option(lkl_fd, SOL_PACKET, PACKET_VERSION, &version) < 0 ||
	    option(lkl_fd, SOL_PACKET, PACKET_RESERVE, &reserve) < 0 ||
	    option(lkl_fd, SOL_SOCKET, SO_TYPE, &type) < 0)
		return -ENOPROTOOPT;
	need = version == TPACKET_V3 ? sizeof(struct tpacket_req3)
				     : sizeof(struct tpacket_req);
	if (len < need)
		return -EINVAL;
	r = calloc(1, sizeof(*r));
	if (!r)
		return -ENOMEM;
	r->lkl_fd = lkl_fd;
	r->version = version;
	r->reserve = reserve;
	r->raw = type == SOCK_RAW;
	/* The kernel has no EFAULT here. */
	if (user_copy(&r->req, value, need)) {
		free(r);
		return -EINVAL;
	}

	mask = lock_take(&lock);
	if (!r->req.tp_block_nr) {
		ret = r->req.tp_frame_nr ? -EINVAL : 0;
		if (!ret)
			end(lkl_fd);
		free(r);
	} else {
		ret = sound(r) ? open_memory(r) : -EINVAL;
		if (ret) {
			free(r);
		} else {
			end(lkl_fd);
			r->link = rings;
			__atomic_store_n(&rings, r, __ATOMIC_RELEASE);
			lkl_do(__lkl__NR_setsockopt, lkl_fd, SOL_PACKET,
			       PACKET_AUXDATA, &one, sizeof(one));
			lkl_do(__lkl__NR_setsockopt, lkl_fd, SOL_SOCKET,
			       SO_TIMESTAMPNS, &one, sizeof(one));
			widen_queue(r);
		}
	}
	lock_give(&lock, mask);
	return ret;
}

long ring_map(int lkl_fd, const long *args)
{
	uint64_t mask;
	struct ring *r;
	long ret = -ENODEV;

	if (!ring_used())
		return ret;
	mask = lock_take(&lock);
	for (r = rings; r && r->lkl_fd != lkl_fd;)
		r = r->link;
	if (r && ((size_t)args[1] != r->size || args[5]))
		ret = -EINVAL;
	else if (r)
		ret = host_syscall6(SYS_mmap, args[0], args[1], args[2],
				    args[3], r->memory, 0);
	lock_give(&lock, mask);
	return ret;
}
