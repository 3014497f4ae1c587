/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The device's side of a split virtqueue (OASIS virtio 1.2, section 2.7).
 *
 * The driver's addresses are host pointers. Nothing that the driver wrote is
 * trusted: a queue whose contents make no sense is marked broken and yields
 * nothing more. One thread at a time has a queue: mostly the carrier.
 */
#ifndef LKL_LIB_VIRTQ_H
#define LKL_LIB_VIRTQ_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

#define VIRTQ_MAX_SIZE 1024	/* entries */

/* Descriptors one chain may have here: a 64 KiB packet in pages and then some. */
#define VIRTQ_MAX_CHAIN 64

struct virtq_desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags;
#define VIRTQ_DESC_F_NEXT	1
#define VIRTQ_DESC_F_WRITE	2
#define VIRTQ_DESC_F_INDIRECT	4
	uint16_t next;
};

struct virtq_avail {
	uint16_t flags;
#define VIRTQ_AVAIL_F_NO_INTERRUPT 1
	_Atomic uint16_t idx;
	uint16_t ring[];	/* followed by: uint16_t used_event */
};

struct virtq_used_elem {
	uint32_t id;
	uint32_t len;
};

struct virtq_used {
	uint16_t flags;
#define VIRTQ_USED_F_NO_NOTIFY 1
	_Atomic uint16_t idx;
	struct virtq_used_elem ring[]; /* followed by: uint16_t avail_event */
};

/**
 * struct virtq - a queue
 * @desc, @avail, @used: where the driver put its parts.
 * @size: entries, a power of two.
 * @avail_pos: the entry of the available ring to be taken next.
 * @avail_end: the driver's index when last looked at.
 * @used_pos: the entry of the used ring to be filled next.
 * @used_seen: what of it the driver was told.
 * @event_idx: VIRTIO_F_EVENT_IDX was negotiated.
 * @indirect: VIRTIO_F_INDIRECT_DESC was.
 * @ready: the driver set it up.
 * @broken: the driver made a mess of it.
 * @size_max: the greatest @size that the driver may choose.
 * @chain_max: buffers that a chain may have; 0 for VIRTQ_MAX_CHAIN.
 * @desc_addr, @avail_addr, @used_addr: as the driver's writes came in.
 */
struct virtq {
	struct virtq_desc *desc;
	struct virtq_avail *avail;
	struct virtq_used *used;
	uint16_t size;
	uint16_t avail_pos;
	uint16_t avail_end;
	uint16_t used_pos;
	uint16_t used_seen;
	bool event_idx;
	bool indirect;
	bool ready;
	bool broken;

	uint16_t size_max;
	uint16_t chain_max;
	uint64_t desc_addr;
	uint64_t avail_addr;
	uint64_t used_addr;
};

/**
 * struct virtq_chain - one request of the driver
 * @head: names it in virtq_put().
 * @out: buffers that the device reads, at the start of the iovec.
 * @in: buffers that it writes, after those.
 * @out_len, @in_len: their lengths in bytes.
 */
struct virtq_chain {
	uint16_t head;
	uint16_t out;
	uint16_t in;
	uint32_t out_len;
	uint32_t in_len;
};

/**
 * virtq_enable() - takes over a queue that the driver has described
 *
 * Return: 0, or -EINVAL when its parts are misaligned or not in RAM.
 */
int virtq_enable(struct virtq *q);

/** virtq_reset() - forgets what the driver set, but for @size_max */
void virtq_reset(struct virtq *q);

/** virtq_breaks() - marks @q broken. Return: -EINVAL. */
int virtq_breaks(struct virtq *q);

/**
 * virtq_get() - takes the next request
 * @iov: room for as many buffers as a chain of @q may have.
 * @chain: filled.
 *
 * Return: 1; 0 when there is none; -EINVAL when @q is broken.
 */
int virtq_get(struct virtq *q, struct iovec *iov, struct virtq_chain *chain);

/** virtq_unget() - puts back the last @n requests taken */
static inline void virtq_unget(struct virtq *q, unsigned int n)
{
	q->avail_pos -= n;
}

/**
 * virtq_put() - gives a request back to the driver
 * @len: bytes written into its buffers.
 *
 * The driver learns of it at virtq_publish().
 */
static inline void virtq_put(struct virtq *q, uint16_t head, uint32_t len)
{
	struct virtq_used_elem *elem;

	elem = &q->used->ring[q->used_pos++ & (q->size - 1)];
	elem->id = head;
	elem->len = len;
}

/**
 * virtq_publish() - tells the driver what was put since the last time
 *
 * Return: whether it wants an interrupt.
 */
bool virtq_publish(struct virtq *q);

/**
 * virtq_ask_notify() - asks for a notification about the next request
 *
 * Return: true when there is one already: then none may come.
 */
bool virtq_ask_notify(struct virtq *q);

#endif
