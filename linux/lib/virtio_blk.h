/* SPDX-License-Identifier: GPL-2.0-only */
/* A disk: OASIS virtio 1.2, section 5.2. */
#ifndef LKL_LIB_VIRTIO_BLK_H
#define LKL_LIB_VIRTIO_BLK_H

#include <pthread.h>
#include <stdint.h>
#include "disk/image.h"
#include "disk/workers.h"
#include "virtio.h"

/* Feature bits (5.2.3), as masks. */
#define VIRTIO_BLK_F_SEG_MAX		(1ULL << 2)
#define VIRTIO_BLK_F_RO			(1ULL << 5)
#define VIRTIO_BLK_F_BLK_SIZE		(1ULL << 6)
#define VIRTIO_BLK_F_FLUSH		(1ULL << 9)
#define VIRTIO_BLK_F_TOPOLOGY		(1ULL << 10)
#define VIRTIO_BLK_F_DISCARD		(1ULL << 13)
#define VIRTIO_BLK_F_WRITE_ZEROES	(1ULL << 14)

/* Types of requests (5.2.6). */
#define VIRTIO_BLK_T_IN			0
#define VIRTIO_BLK_T_OUT		1
#define VIRTIO_BLK_T_FLUSH		4
#define VIRTIO_BLK_T_GET_ID		8
#define VIRTIO_BLK_T_DISCARD		11
#define VIRTIO_BLK_T_WRITE_ZEROES	13

/* Results. */
#define VIRTIO_BLK_S_OK			0
#define VIRTIO_BLK_S_IOERR		1
#define VIRTIO_BLK_S_UNSUPP		2

/* What GET_ID returns at most. */
#define VIRTIO_BLK_ID_BYTES 20

/* struct virtio_blk_config (5.2.4), as far as it is used. */
struct virtio_blk_config {
	uint64_t capacity;
	uint32_t size_max;
	uint32_t seg_max;
	uint8_t geometry[4];
	uint32_t blk_size;
	uint8_t physical_block_exp;
	uint8_t alignment_offset;
	uint16_t min_io_size;
	uint32_t opt_io_size;
	uint8_t writeback;
	uint8_t unused0;
	uint16_t num_queues;
	uint32_t max_discard_sectors;
	uint32_t max_discard_seg;
	uint32_t discard_sector_alignment;
	uint32_t max_write_zeroes_sectors;
	uint32_t max_write_zeroes_seg;
	uint8_t write_zeroes_may_unmap;
	uint8_t unused1[3];
} __attribute__((packed));

/* What every request begins with. */
struct virtio_blk_header {
	uint32_t type;
	uint32_t reserved;
	uint64_t sector;
};

/* The data of DISCARD and WRITE_ZEROES: an array of these. */
struct virtio_blk_range {
	uint64_t sector;
	uint32_t sectors;
	uint32_t flags;
#define VIRTIO_BLK_RANGE_UNMAP 1
};

/* Entries of the queue; a request may have as many buffers. */
#define VIRTIO_BLK_QUEUE 256

/**
 * struct virtio_blk - a disk
 * @dev: what it is for the transport.
 * @queue, @config: of @dev.
 * @image: where its bytes are, owned.
 * @id: what GET_ID returns, filled up with zeroes.
 * @workers: the threads that wait for the host.
 * @writing: held by the one that writes.
 * @source: of the event that they have completed something, or negative.
 * @requests: room for those under way; @free lists those that are not.
 * @iovs: their buffers, memory that is touched only when it is needed.
 */
struct virtio_blk {
	struct virtio_device dev;
	struct virtq queue;
	struct virtio_blk_config config;
	struct image image;
	char id[VIRTIO_BLK_ID_BYTES];
	struct workers *workers;
	pthread_mutex_t writing;
	int source;
	struct blk_request *requests;
	struct blk_request *free;
	struct iovec *iovs;
};

/**
 * struct blk_request - a request of the driver
 * @work: for the workers; the first field.
 * @blk: whose it is.
 * @next_free: in the list of those that are free.
 * @iov: room for VIRTIO_BLK_QUEUE buffers; the data is in @n of them from @data
 *	on.
 * @head: names it in virtq_put().
 * @header: its first bytes.
 * @len: of the data, in bytes.
 * @offset: where the data is on the disk, in bytes.
 * @status: where the driver wants the result.
 * @result: a negative errno or 0.
 */
struct blk_request {
	struct work work;
	struct virtio_blk *blk;
	struct blk_request *next_free;
	struct iovec *iov;
	uint16_t head;
	struct virtio_blk_header header;
	struct iovec *data;
	int n;
	uint32_t len;
	uint64_t offset;
	uint8_t *status;
	int result;
};

/**
 * virtio_blk_create() - makes a disk and adds it to the transport
 * @image: owned by the disk from then on.
 * @id: up to VIRTIO_BLK_ID_BYTES characters.
 *
 * Return: 0, or a negative errno; @image is the caller's still then.
 */
int virtio_blk_create(const struct image *image, const char *id,
		      struct virtio_blk **blk);

/**
 * virtio_blk_destroy() - ends it and closes its image
 *
 * The kernel has let go of the device, or has ended.
 */
void virtio_blk_destroy(struct virtio_blk *blk);

/**
 * blk_request_parse() - makes sense of the buffers of @request
 * @request: its @iov filled.
 * @chain: what virtq_get() said of them.
 *
 * Return: 0, or -EINVAL when there is no header or no room for the result.
 */
int blk_request_parse(struct blk_request *request,
		      const struct virtq_chain *chain);

/**
 * blk_request_quick() - does a request that the host need not be waited for
 * Return: whether @request is complete.
 */
bool blk_request_quick(struct blk_request *request);

/** blk_request_run() - does a request; on any thread, waiting for the host */
void blk_request_run(struct blk_request *request);

#endif
