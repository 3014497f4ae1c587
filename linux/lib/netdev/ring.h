/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packets from one thread to another of this process, in order, without the
 * host. One thread at a time writes, one reads.
 *
 * Neither wakes the other by itself. A side that can do no more leaves a mark,
 * and the other side is told of it when it has done something: it then wakes
 * that one, by whatever it waits for.
 */
#ifndef LKL_LIB_NETDEV_RING_H
#define LKL_LIB_NETDEV_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

/* A power of two, more than three of the longest packets, less than the caches. */
#define RING_BYTES (256 * 1024)

/**
 * struct ring - the packets between two threads
 * @head: bytes that have ever been written, the writer's.
 * @starved: the reader has found nothing. 1 at the start.
 * @tail: bytes that have been read, the reader's.
 * @blocked: the writer has found no room.
 */
struct ring {
	uint32_t head;
	uint32_t starved;
	uint8_t other_line[64];
	uint32_t tail;
	uint32_t blocked;
	uint8_t another_line[64];
	_Alignas(8) uint8_t data[RING_BYTES];
};

/**
 * ring_put() - writes a packet, of at most BACKEND_FRAME_MAX + VNET_HDR_LEN bytes
 *
 * Return: false when there is no room. ring_pop() then says when there is.
 */
bool ring_put(struct ring *r, const struct iovec *iov, int n);

/**
 * ring_reserve() - where the next packet is to be written, by the writer itself
 * @len: as ring_put()'s.
 *
 * The reader has it after ring_commit(). Without that, nothing has happened.
 *
 * Return: NULL when there is no room, as ring_put().
 */
uint8_t *ring_reserve(struct ring *r, size_t len);

/** ring_commit() - it has been written; @len: that of ring_reserve() */
void ring_commit(struct ring *r, size_t len);

/**
 * ring_wakes_reader() - after ring_put(): whether the reader has to be woken
 *
 * It has found nothing since, and is asked for once.
 */
bool ring_wakes_reader(struct ring *r);

/**
 * ring_peek() - the next packet, in one piece and aligned to 8 bytes
 * @len: its length in bytes.
 *
 * It may be changed in place.
 *
 * Return: NULL when there is none. ring_wakes_reader() then says when there is.
 */
uint8_t *ring_peek(struct ring *r, size_t *len);

/**
 * ring_reader_looks() - the reader looks by itself: there is no need to wake it
 *
 * Until ring_peek() finds nothing.
 */
void ring_reader_looks(struct ring *r);

/** ring_has_packets() - for a reader that looks: whether ring_peek() finds one */
bool ring_has_packets(const struct ring *r);

/**
 * ring_pop() - removes what ring_peek() has shown
 *
 * Return: whether the writer has to be woken; there is much room then.
 */
bool ring_pop(struct ring *r);

#endif
