// SPDX-License-Identifier: GPL-2.0-only
/* Split virtqueues: OASIS virtio 1.2, section 2.7. */
#include <errno.h>
#include <string.h>
#include "posix.h"
#include "virtq.h"

int virtq_breaks(struct virtq *q)
{
	q->broken = true;
	return -EINVAL;
}

void virtq_reset(struct virtq *q)
{
	uint16_t size_max = q->size_max, chain_max = q->chain_max;

	memset(q, 0, sizeof(*q));
	q->size_max = size_max;
	q->chain_max = chain_max ? chain_max : VIRTQ_MAX_CHAIN;
	q->size = size_max;
}

/* The two event fields lie behind the rings (2.7.6, 2.7.8). */
static uint16_t *used_event(struct virtq *q)
{
	return &q->avail->ring[q->size];
}

static uint16_t *avail_event(struct virtq *q)
{
	return (uint16_t *)&q->used->ring[q->size];
}

int virtq_enable(struct virtq *q)
{
	uint32_t size = q->size;

	if (!size || size > q->size_max || (size & (size - 1)) ||
	    q->desc_addr % 16 || q->avail_addr % 2 || q->used_addr % 4 ||
	    !ram_contains(q->desc_addr, 16 * size) ||
	    !ram_contains(q->avail_addr, 6 + 2 * size) ||
	    !ram_contains(q->used_addr, 6 + 8 * size))
		return virtq_breaks(q);

	q->desc = (struct virtq_desc *)q->desc_addr;
	q->avail = (struct virtq_avail *)q->avail_addr;
	q->used = (struct virtq_used *)q->used_addr;
	q->avail_pos = 0;
	q->avail_end = 0;
	q->used_pos = 0;
	q->used_seen = 0;
	q->broken = false;
	q->ready = true;
	return 0;
}

/* Looks how far the driver is. Return: whether there is more. */
static bool look(struct virtq *q)
{
	if (!q->ready || q->broken)
		return false;
	/* Acquire: the entries were written before the index (2.7.13.3). */
	q->avail_end = atomic_load_explicit(&q->avail->idx,
					    memory_order_acquire);
	if ((uint16_t)(q->avail_end - q->avail_pos) > q->size) {
		virtq_breaks(q);
		return false;
	}
	return q->avail_end != q->avail_pos;
}

/* Appends one buffer. Return: 0 or -EINVAL. */
static int add_buffer(const struct virtq *q, struct iovec *iov,
		      struct virtq_chain *chain, const struct virtq_desc *d)
{
	unsigned int n = chain->out + chain->in;
	uint32_t *total;

	if (n == q->chain_max || !ram_contains(d->addr, d->len))
		return -EINVAL;
	if (d->flags & VIRTQ_DESC_F_WRITE) {
		chain->in++;
		total = &chain->in_len;
	} else {
		if (chain->in)
			return -EINVAL;	/* those to be read come first (2.7.4.2) */
		chain->out++;
		total = &chain->out_len;
	}
	if (__builtin_add_overflow(*total, d->len, total))
		return -EINVAL;
	iov[n].iov_base = (void *)d->addr;
	iov[n].iov_len = d->len;
	return 0;
}

/* Follows a chain in @table. A loop is longer than any chain may be. */
static int walk(struct virtq *q, const struct virtq_desc *table,
		uint32_t entries, uint16_t i, struct iovec *iov,
		struct virtq_chain *chain)
{
	bool nested = table != q->desc;
	struct virtq_desc d;
	int err;

	for (;;) {
		if (i >= entries)
			return -EINVAL;
		d = table[i];
		if (d.flags & VIRTQ_DESC_F_INDIRECT) {
			/* Alone or last, and never in an indirect table (2.7.5.3.1). */
			if (nested || !q->indirect ||
			    d.flags & VIRTQ_DESC_F_NEXT || !d.len ||
			    d.len % sizeof(d) || d.addr % 8 ||
			    !ram_contains(d.addr, d.len))
				return -EINVAL;
			return walk(q, (const struct virtq_desc *)d.addr,
				    d.len / sizeof(d), 0, iov, chain);
		}
		err = add_buffer(q, iov, chain, &d);
		if (err || !(d.flags & VIRTQ_DESC_F_NEXT))
			return err;
		i = d.next;
	}
}

int virtq_get(struct virtq *q, struct iovec *iov, struct virtq_chain *chain)
{
	uint16_t head;

	if (q->avail_pos == q->avail_end && !look(q))
		return q->broken ? -EINVAL : 0;

	head = q->avail->ring[q->avail_pos & (q->size - 1)];
	*chain = (struct virtq_chain){ .head = head };
	if (walk(q, q->desc, q->size, head, iov, chain))
		return virtq_breaks(q);
	q->avail_pos++;
	return 1;
}

bool virtq_publish(struct virtq *q)
{
	uint16_t old = q->used_seen, new = q->used_pos;

	if (new == old)
		return false;
	q->used_seen = new;
	atomic_store_explicit(&q->used->idx, new, memory_order_release);

	/* The driver asks and then looks at the index again: so do we (2.7.7.2). */
	atomic_thread_fence(memory_order_seq_cst);
	if (!q->event_idx)
		return !(q->avail->flags & VIRTQ_AVAIL_F_NO_INTERRUPT);
	return (uint16_t)(new - *used_event(q) - 1) < (uint16_t)(new - old);
}

bool virtq_ask_notify(struct virtq *q)
{
	if (!q->ready || q->broken)
		return false;
	/* Without events, notifications are never switched off. */
	if (q->event_idx)
		*avail_event(q) = q->avail_end;
	atomic_thread_fence(memory_order_seq_cst);
	return look(q);
}
