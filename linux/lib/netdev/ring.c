// SPDX-License-Identifier: GPL-2.0-only
/* Packets from one thread to another, see ring.h. */
#include <string.h>
#include "backend.h"
#include "ring.h"

#define LENGTH_BYTES 8

/* In place of a length: what follows is at the start of the ring. */
#define WRAP (~0U)

/* The longest packet fits, wherever the end of the ring is. */
#define MUCH_ROOM (RING_BYTES / 4 * 3)

_Static_assert(2 * (LENGTH_BYTES + BACKEND_FRAME_MAX + VNET_HDR_LEN + 7) <
	       MUCH_ROOM, "a writer that is woken has room");

static uint32_t record_bytes(size_t len)
{
	return (LENGTH_BYTES + len + 7) & ~7U;
}

static uint32_t *length_at(struct ring *r, uint32_t position)
{
	return (uint32_t *)(r->data + position % RING_BYTES);
}

static uint32_t room(const struct ring *r)
{
	return RING_BYTES - (__atomic_load_n(&r->head, __ATOMIC_RELAXED) -
			     __atomic_load_n(&r->tail, __ATOMIC_ACQUIRE));
}

/* Return: whether there is room; if not, the reader will say so. */
static bool has_room(struct ring *r, uint32_t bytes)
{
	if (room(r) >= bytes)
		return true;
	__atomic_store_n(&r->blocked, 1, __ATOMIC_SEQ_CST);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (room(r) < bytes)
		return false;
	__atomic_store_n(&r->blocked, 0, __ATOMIC_SEQ_CST);
	return true;
}

/* What is left unused at the end of the ring, as a packet is in one piece. */
static uint32_t skipped(const struct ring *r, uint32_t bytes)
{
	uint32_t end = RING_BYTES - r->head % RING_BYTES;

	return end < bytes ? end : 0;
}

uint8_t *ring_reserve(struct ring *r, size_t len)
{
	uint32_t bytes = record_bytes(len);
	uint32_t skip = skipped(r, bytes);

	if (!has_room(r, skip + bytes))
		return NULL;
	return (uint8_t *)length_at(r, r->head + skip) + LENGTH_BYTES;
}

void ring_commit(struct ring *r, size_t len)
{
	uint32_t bytes = record_bytes(len);
	uint32_t skip = skipped(r, bytes);

	if (skip)
		*length_at(r, r->head) = WRAP;
	*length_at(r, r->head + skip) = len;
	__atomic_store_n(&r->head, r->head + skip + bytes, __ATOMIC_RELEASE);
}

bool ring_put(struct ring *r, const struct iovec *iov, int n)
{
	size_t len = iov_length(iov, n);
	uint8_t *to = ring_reserve(r, len);

	if (!to)
		return false;
	for (; n--; to += iov++->iov_len)
		memcpy(to, iov->iov_base, iov->iov_len);
	ring_commit(r, len);
	return true;
}

bool ring_wakes_reader(struct ring *r)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return __atomic_load_n(&r->starved, __ATOMIC_RELAXED) &&
	       __atomic_exchange_n(&r->starved, 0, __ATOMIC_SEQ_CST);
}

void ring_reader_looks(struct ring *r)
{
	__atomic_store_n(&r->starved, 0, __ATOMIC_SEQ_CST);
}

bool ring_has_packets(const struct ring *r)
{
	return __atomic_load_n(&r->head, __ATOMIC_ACQUIRE) != r->tail;
}

uint8_t *ring_peek(struct ring *r, size_t *len)
{
	uint32_t *length;

	if (!ring_has_packets(r)) {
		__atomic_store_n(&r->starved, 1, __ATOMIC_SEQ_CST);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		if (!ring_has_packets(r))
			return NULL;
		__atomic_store_n(&r->starved, 0, __ATOMIC_SEQ_CST);
	}
	length = length_at(r, r->tail);
	if (*length == WRAP)
		length = length_at(r, 0);
	*len = *length;
	return (uint8_t *)length + LENGTH_BYTES;
}

bool ring_pop(struct ring *r)
{
	uint32_t end = RING_BYTES - r->tail % RING_BYTES;
	uint32_t length = *length_at(r, r->tail);
	uint32_t bytes = length == WRAP ?
			 end + record_bytes(*length_at(r, 0)) :
			 record_bytes(length);

	__atomic_store_n(&r->tail, r->tail + bytes, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return __atomic_load_n(&r->blocked, __ATOMIC_RELAXED) &&
	       room(r) >= MUCH_ROOM &&
	       __atomic_exchange_n(&r->blocked, 0, __ATOMIC_SEQ_CST);
}
