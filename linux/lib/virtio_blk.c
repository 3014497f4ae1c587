// SPDX-License-Identifier: GPL-2.0-only
/*
 * A disk without copies: the host reads and writes the driver's buffers.
 *
 * What the host has in its cache is read in the driver's notification, on the
 * carrier. All else may have to wait for the host and is left to worker
 * threads, so that the kernel goes on meanwhile, on another processor if there
 * is one; they tell by an event when something is complete.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include "poll.h"
#include "virtio_blk.h"

/* A request may have these beside its data: the header and the result. */
#define OTHER_BUFFERS 2

/* What a driver should transfer at a time: it reads ahead twice as much. */
#define OPTIMAL_BYTES (1 << 20)

/* What files on a host have for their least unit. */
#define PHYSICAL_BLOCK 4096

/* Limits of one request, beyond which there is nothing to be gained. */
#define MAX_RANGE_SECTORS (1 << 22)
#define MAX_RANGES 64

static void complete(struct virtio_blk *blk, struct blk_request *r)
{
	bool in = r->header.type == VIRTIO_BLK_T_IN ||
		  r->header.type == VIRTIO_BLK_T_GET_ID;

	*r->status = !r->result ? VIRTIO_BLK_S_OK :
		     r->result == -EOPNOTSUPP ? VIRTIO_BLK_S_UNSUPP :
		     VIRTIO_BLK_S_IOERR;
	virtq_put(&blk->queue, r->head, 1 + (in && !r->result ? r->len : 0));
	r->next_free = blk->free;
	blk->free = r;
}

static void run(struct work *work)
{
	blk_request_run((struct blk_request *)work);
}

/* The workers have something. */
static void done(void *arg, uint32_t events)
{
	struct virtio_blk *blk = arg;
	struct work *work, *next;

	(void)events;
	for (work = workers_done(blk->workers); work; work = next) {
		next = work->next;
		complete(blk, (struct blk_request *)work);
	}
	virtio_flush(&blk->dev, &blk->queue);
}

static void blk_notify(struct virtio_device *dev, unsigned int n)
{
	struct virtio_blk *blk = (struct virtio_blk *)dev;
	struct virtq *q = &blk->queue;
	struct virtq_chain chain;
	struct blk_request *r;

	(void)n;
	do {
		/* A driver has as many under way as the queue has entries. */
		while ((r = blk->free) && virtq_get(q, r->iov, &chain) > 0) {
			if (blk_request_parse(r, &chain)) {
				virtq_breaks(q);
				break;
			}
			blk->free = r->next_free;
			if (blk_request_quick(r))
				complete(blk, r);
			else
				workers_give(blk->workers, &r->work);
		}
	} while (virtq_ask_notify(q) && blk->free);
	virtio_flush(dev, q);
}

static void free_all(struct virtio_blk *blk)
{
	unsigned int i;

	blk->free = NULL;
	for (i = 0; i < VIRTIO_BLK_QUEUE; i++) {
		blk->requests[i].blk = blk;
		blk->requests[i].iov = blk->iovs + i * VIRTIO_BLK_QUEUE;
		blk->requests[i].next_free = blk->free;
		blk->free = &blk->requests[i];
	}
}

static void blk_start(struct virtio_device *dev)
{
	struct virtio_blk *blk = (struct virtio_blk *)dev;

	blk->source = poll_add(workers_event(blk->workers), EPOLLIN, false,
			       done, blk);
	if (blk->source < 0)
		virtio_fail(dev);
}

static void blk_stop(struct virtio_device *dev)
{
	struct virtio_blk *blk = (struct virtio_blk *)dev;

	if (blk->source >= 0)
		poll_remove(blk->source);
	blk->source = -1;
	/* The driver takes its buffers back: what is under way ends first. */
	workers_drain(blk->workers);
	workers_done(blk->workers);
	free_all(blk);
}

static const struct virtio_ops blk_ops = {
	.start = blk_start,
	.stop = blk_stop,
	.notify = blk_notify,
};

static void describe(struct virtio_blk *blk)
{
	struct virtio_blk_config *config = &blk->config;
	uint32_t block = blk->image.block_size;

	config->capacity = blk->image.sectors;
	config->seg_max = VIRTIO_BLK_QUEUE - OTHER_BUFFERS;
	config->blk_size = block;
	config->physical_block_exp = __builtin_ctz(PHYSICAL_BLOCK / block);
	config->min_io_size = 1;
	config->opt_io_size = OPTIMAL_BYTES / block;
	config->num_queues = 1;
	config->max_discard_sectors = MAX_RANGE_SECTORS;
	config->max_discard_seg = MAX_RANGES;
	config->discard_sector_alignment = PHYSICAL_BLOCK / SECTOR_SIZE;
	config->max_write_zeroes_sectors = MAX_RANGE_SECTORS;
	config->max_write_zeroes_seg = 1;
	config->write_zeroes_may_unmap = 1;

	blk->dev.ops = &blk_ops;
	blk->dev.type = VIRTIO_ID_BLOCK;
	blk->dev.features = VIRTIO_BLK_F_SEG_MAX | VIRTIO_BLK_F_BLK_SIZE |
			    VIRTIO_BLK_F_TOPOLOGY | VIRTIO_BLK_F_FLUSH |
			    (blk->image.read_only ? VIRTIO_BLK_F_RO :
			     VIRTIO_BLK_F_DISCARD | VIRTIO_BLK_F_WRITE_ZEROES);
	blk->dev.config = config;
	blk->dev.config_len = sizeof(*config);
	blk->dev.queues = &blk->queue;
	blk->dev.queue_count = 1;
	blk->queue.size_max = VIRTIO_BLK_QUEUE;
	blk->queue.chain_max = VIRTIO_BLK_QUEUE;
}

int virtio_blk_create(const struct image *image, const char *id,
		      struct virtio_blk **created)
{
	struct virtio_blk *blk = calloc(1, sizeof(*blk));
	int err = -ENOMEM;

	if (!blk)
		return err;
	blk->source = -1;
	blk->image = *image;
	memcpy(blk->id, id, strnlen(id, sizeof(blk->id)));
	blk->requests = calloc(VIRTIO_BLK_QUEUE, sizeof(*blk->requests));
	blk->iovs = calloc(VIRTIO_BLK_QUEUE * VIRTIO_BLK_QUEUE,
			   sizeof(*blk->iovs));
	if (!blk->requests || !blk->iovs)
		goto free_requests;
	pthread_mutex_init(&blk->writing, NULL);
	free_all(blk);
	err = workers_create(run, &blk->workers);
	if (err)
		goto free_requests;
	describe(blk);
	err = virtio_add(&blk->dev);
	if (err)
		goto end_workers;
	*created = blk;
	return 0;

end_workers:
	workers_destroy(blk->workers);
free_requests:
	free(blk->iovs);
	free(blk->requests);
	free(blk);
	return err;
}

void virtio_blk_destroy(struct virtio_blk *blk)
{
	virtio_remove(&blk->dev);
	workers_destroy(blk->workers);
	image_close(&blk->image);
	free(blk->iovs);
	free(blk->requests);
	free(blk);
}
