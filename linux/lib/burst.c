// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes in bursts (burst.h). The ring has no descriptor that a program could
 * meet: once it is registered with its thread, it is closed.
 */
#include <linux/io_uring.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include "burst.h"
#include "host.h"

/**
 * struct ring - one of io_uring(7), in memory that the host sees
 * @state: of this thread's only attempt to have one.
 * @owner: its thread, once there is one.
 * @index: what the host calls it in calls of @owner.
 * @memory, @size: both queues; @sqes, @sqes_size: entries of the first.
 */
static struct ring {
	enum { UNTRIED, MISSING, THERE } state;
	pthread_t owner;
	unsigned int index;

	char *memory;
	size_t size;
	struct io_uring_sqe *sqes;
	size_t sqes_size;
	unsigned int *sq_head, *sq_tail, *sq_array, sq_mask;
	unsigned int *cq_head, *cq_tail, cq_mask;
	struct io_uring_cqe *cqes;
} ring;

static void *map(int fd, size_t size, off_t offset)
{
	long addr = host_mmap(NULL, size, PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_POPULATE, fd, offset);

	return addr < 0 && addr > -4096 ? NULL : (void *)addr;
}

static void unmap(void)
{
	if (ring.memory)
		host_munmap(ring.memory, ring.size);
	if (ring.sqes)
		host_munmap(ring.sqes, ring.sqes_size);
	ring.memory = NULL;
	ring.sqes = NULL;
}

static bool map_ring(int fd, const struct io_uring_params *p)
{
	size_t sq = p->sq_off.array + p->sq_entries * sizeof(unsigned int);
	size_t cq = p->cq_off.cqes + p->cq_entries * sizeof(ring.cqes[0]);

	if (!(p->features & IORING_FEAT_SINGLE_MMAP))
		return false;
	ring.size = sq > cq ? sq : cq;
	ring.memory = map(fd, ring.size, IORING_OFF_SQ_RING);
	ring.sqes_size = p->sq_entries * sizeof(ring.sqes[0]);
	ring.sqes = map(fd, ring.sqes_size, IORING_OFF_SQES);
	if (!ring.memory || !ring.sqes)
		return false;

	ring.sq_head = (unsigned int *)(ring.memory + p->sq_off.head);
	ring.sq_tail = (unsigned int *)(ring.memory + p->sq_off.tail);
	ring.sq_array = (unsigned int *)(ring.memory + p->sq_off.array);
	ring.sq_mask = p->sq_entries - 1;
	ring.cq_head = (unsigned int *)(ring.memory + p->cq_off.head);
	ring.cq_tail = (unsigned int *)(ring.memory + p->cq_off.tail);
	ring.cqes = (struct io_uring_cqe *)(ring.memory + p->cq_off.cqes);
	ring.cq_mask = p->cq_entries - 1;
	return true;
}

/* Whether the calling thread has a ring. */
static bool have_ring(void)
{
	struct io_uring_rsrc_update index = { .offset = -1U };
	struct io_uring_params params = { 0 };
	int fd;

	if (ring.state != UNTRIED)
		return ring.state == THERE &&
		       pthread_equal(ring.owner, pthread_self());
	ring.state = MISSING;
	fd = host_io_uring_setup(BURST_MAX, &params);
	if (fd < 0)
		return false;
	index.data = fd;
	if (map_ring(fd, &params) &&
	    host_io_uring_register(fd, IORING_REGISTER_RING_FDS, &index,
				   1) == 1) {
		ring.state = THERE;
		ring.owner = pthread_self();
		ring.index = index.offset;
	} else {
		unmap();
	}
	host_close(fd);
	return ring.state == THERE;
}

static void take_results(struct burst_write *writes, unsigned int n)
{
	unsigned int head = *ring.cq_head;
	unsigned int tail = __atomic_load_n(ring.cq_tail, __ATOMIC_ACQUIRE);

	for (; head != tail; head++) {
		const struct io_uring_cqe *cqe =
			&ring.cqes[head & ring.cq_mask];

		if (cqe->user_data < n)
			writes[cqe->user_data].result = cqe->res;
	}
	__atomic_store_n(ring.cq_head, head, __ATOMIC_RELEASE);
}

int burst_write(int fd, struct burst_write *writes, unsigned int n)
{
	unsigned int i, tail;
	long done;

	if (!have_ring())
		return -ENOSYS;
	tail = *ring.sq_tail;
	for (i = 0; i < n; i++) {
		unsigned int slot = (tail + i) & ring.sq_mask;

		ring.sqes[slot] = (struct io_uring_sqe){
			.opcode = IORING_OP_WRITEV,
			.fd = fd,
			.addr = (unsigned long)writes[i].iov,
			.len = writes[i].n,
			.rw_flags = RWF_NOWAIT,
			.user_data = i,
		};
		ring.sq_array[slot] = slot;
		writes[i].result = -EAGAIN;
	}
	__atomic_store_n(ring.sq_tail, tail + n, __ATOMIC_RELEASE);
	done = host_io_uring_enter(ring.index, n, n, IORING_ENTER_GETEVENTS |
				   IORING_ENTER_REGISTERED_RING);
	/* What the host has not looked at is not for the next call. */
	__atomic_store_n(ring.sq_tail, *ring.sq_head, __ATOMIC_RELEASE);
	take_results(writes, n);
	if (done < 0)
		return done;
	/* Of a file whose writes cannot be told not to wait. */
	return writes[0].result == -EOPNOTSUPP ? -EOPNOTSUPP : 0;
}

void burst_end(void)
{
	if (ring.state == THERE)
		unmap();
	ring.state = MISSING;
}
