// SPDX-License-Identifier: GPL-2.0-only
/* The requests of a disk's driver: OASIS virtio 1.2, section 5.2.6. */
#include <errno.h>
#include <string.h>
#include "../virtio_blk.h"

/* Takes the header from the first of @n buffers. Return: those before the data. */
static int take_header(struct blk_request *r, int n)
{
	char *to = (char *)&r->header;
	size_t want = sizeof(r->header), len;
	int i;

	for (i = 0; i < n && want; i++) {
		len = r->iov[i].iov_len < want ? r->iov[i].iov_len : want;
		memcpy(to, r->iov[i].iov_base, len);
		to += len;
		want -= len;
		if (len == r->iov[i].iov_len)
			continue;
		/* Header and data in one buffer (2.7.4.1: any layout). */
		r->iov[i].iov_base = (char *)r->iov[i].iov_base + len;
		r->iov[i].iov_len -= len;
		return i;
	}
	return i;
}

int blk_request_parse(struct blk_request *r, const struct virtq_chain *chain)
{
	int n = chain->out + chain->in, first;
	bool in;

	if (chain->out_len < sizeof(r->header) || !chain->in_len)
		return -EINVAL;
	first = take_header(r, chain->out);

	/* The last byte to be written is the result's. */
	while (!r->iov[n - 1].iov_len)
		n--;
	r->iov[n - 1].iov_len--;
	r->status = (uint8_t *)r->iov[n - 1].iov_base + r->iov[n - 1].iov_len;

	in = r->header.type == VIRTIO_BLK_T_IN ||
	     r->header.type == VIRTIO_BLK_T_GET_ID;
	r->head = chain->head;
	r->data = r->iov + (in ? chain->out : first);
	r->n = in ? n - chain->out : chain->out - first;
	r->len = in ? chain->in_len - 1 : chain->out_len - sizeof(r->header);
	r->result = 0;
	return 0;
}

/* Whether the disk has these sectors. */
static bool on_disk(const struct virtio_blk *blk, uint64_t sector,
		    uint64_t sectors)
{
	return sectors <= blk->config.capacity &&
	       sector <= blk->config.capacity - sectors;
}

static int check_transfer(struct blk_request *r)
{
	if (r->len % SECTOR_SIZE ||
	    !on_disk(r->blk, r->header.sector, r->len / SECTOR_SIZE))
		return -EIO;
	r->offset = r->header.sector * SECTOR_SIZE;
	return 0;
}

static int do_read(struct blk_request *r)
{
	return image_read(&r->blk->image, r->data, r->n, r->offset);
}

/*
 * The host lets one thread at a time write to a file. Others would spin for
 * that on a processor which the program may need.
 */
static int do_write(struct blk_request *r)
{
	int err;

	pthread_mutex_lock(&r->blk->writing);
	err = image_write(&r->blk->image, r->data, r->n, r->offset);
	pthread_mutex_unlock(&r->blk->writing);
	return err;
}

static int do_flush(struct blk_request *r)
{
	return image_flush(&r->blk->image);
}

static int do_range(const struct blk_request *r,
		    const struct virtio_blk_range *range)
{
	bool discard = r->header.type == VIRTIO_BLK_T_DISCARD;
	uint64_t offset, len;

	/* Unmapping is what a discard does anyway (5.2.6.1). */
	if (range->flags & ~VIRTIO_BLK_RANGE_UNMAP || (discard && range->flags))
		return -EOPNOTSUPP;
	if (!on_disk(r->blk, range->sector, range->sectors))
		return -EIO;
	offset = range->sector * SECTOR_SIZE;
	len = (uint64_t)range->sectors * SECTOR_SIZE;
	if (!len)
		return 0;
	return discard || range->flags & VIRTIO_BLK_RANGE_UNMAP ?
	       image_discard(&r->blk->image, offset, len) :
	       image_zero(&r->blk->image, offset, len);
}

static int do_ranges(struct blk_request *r)
{
	struct virtio_blk_range range;
	uint32_t left = r->len;
	size_t filled = 0, len;
	int i, err = 0;

	if (!left || left % sizeof(range))
		return -EIO;
	for (i = 0; i < r->n && !err; i++)
		while (r->data[i].iov_len && !err) {
			len = sizeof(range) - filled;
			if (len > r->data[i].iov_len)
				len = r->data[i].iov_len;
			memcpy((char *)&range + filled, r->data[i].iov_base,
			       len);
			r->data[i].iov_base = (char *)r->data[i].iov_base + len;
			r->data[i].iov_len -= len;
			filled += len;
			if (filled < sizeof(range))
				continue;
			filled = 0;
			err = do_range(r, &range);
		}
	return err;
}

static int do_get_id(struct blk_request *r)
{
	const char *from = r->blk->id;
	size_t left = sizeof(r->blk->id), len;
	int i;

	for (i = 0; i < r->n && left; i++) {
		len = r->data[i].iov_len < left ? r->data[i].iov_len : left;
		memcpy(r->data[i].iov_base, from, len);
		from += len;
		left -= len;
	}
	return 0;
}

/* Reads of what the host has in memory go without a change of threads. */
static bool quick_read(struct blk_request *r)
{
	size_t len = image_read_cached(&r->blk->image, &r->data, &r->n,
				       r->offset);

	r->offset += len;
	return !r->n;
}

static bool quick_get_id(struct blk_request *r)
{
	r->result = do_get_id(r);
	return true;
}

/**
 * struct type - a type of request
 * @type: VIRTIO_BLK_T_*.
 * @writes: it changes the image.
 * @check: before anything else; may be NULL. 0 or a negative errno.
 * @quick: does it, or a part, without waiting; may be NULL. Whether it is done.
 * @run: does what is left. 0 or a negative errno.
 */
static const struct type {
	uint32_t type;
	bool writes;
	int (*check)(struct blk_request *r);
	bool (*quick)(struct blk_request *r);
	int (*run)(struct blk_request *r);
} types[] = {
	{ VIRTIO_BLK_T_IN, false, check_transfer, quick_read, do_read },
	{ VIRTIO_BLK_T_OUT, true, check_transfer, NULL, do_write },
	{ VIRTIO_BLK_T_FLUSH, false, NULL, NULL, do_flush },
	{ VIRTIO_BLK_T_GET_ID, false, NULL, quick_get_id, NULL },
	{ VIRTIO_BLK_T_DISCARD, true, NULL, NULL, do_ranges },
	{ VIRTIO_BLK_T_WRITE_ZEROES, true, NULL, NULL, do_ranges },
};

static const struct type *find_type(uint32_t type)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].type == type)
			return &types[i];
	return NULL;
}

bool blk_request_quick(struct blk_request *r)
{
	const struct type *t = find_type(r->header.type);

	if (!t)
		r->result = -EOPNOTSUPP;
	else if (t->writes && r->blk->image.read_only)
		r->result = -EROFS;
	else if (t->check)
		r->result = t->check(r);
	if (r->result)
		return true;
	return t->quick && t->quick(r);
}

void blk_request_run(struct blk_request *r)
{
	r->result = find_type(r->header.type)->run(r);
}
