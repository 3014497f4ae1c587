// SPDX-License-Identifier: GPL-2.0-only
/* Moving bytes between the kernel's buffers and an image, without copies. */
#include <linux/falloc.h>
#include <string.h>
#include "../host.h"
#include "image.h"

#ifndef RWF_NOWAIT
#define RWF_NOWAIT 8
#endif

typedef ssize_t transfer_fn(int fd, const struct iovec *iov, int n,
			    uint64_t offset);

/* Takes @len bytes away from the start of the buffers. */
static void iov_skip(struct iovec **iov, int *n, size_t len)
{
	while (*n && len >= (*iov)->iov_len) {
		len -= (*iov)->iov_len;
		(*iov)++;
		(*n)--;
	}
	if (*n) {
		(*iov)->iov_base = (char *)(*iov)->iov_base + len;
		(*iov)->iov_len -= len;
	}
}

static void zero(struct iovec *iov, int n)
{
	for (; n; iov++, n--)
		memset(iov->iov_base, 0, iov->iov_len);
}

size_t image_read_cached(const struct image *image, struct iovec **iov, int *n,
			 uint64_t offset)
{
	ssize_t len = host_preadv2(image->fd, *iov, *n, offset, RWF_NOWAIT);

	if (len <= 0)
		return 0;
	iov_skip(iov, n, len);
	return len;
}

/* The whole of it, in as many steps as the host takes. */
static int transfer(transfer_fn *fn, const struct image *image,
		    struct iovec *iov, int n, uint64_t offset)
{
	ssize_t len;

	while (n) {
		len = fn(image->fd, iov, n, offset);
		if (len == -EINTR)
			continue;
		if (len < 0)
			return len;
		if (!len)
			break;
		offset += len;
		iov_skip(&iov, &n, len);
	}
	if (!n)
		return 0;
	/* Short of the size it had, it was cut off behind our back. */
	if (offset < image->size)
		return -EIO;
	zero(iov, n);
	return 0;
}

int image_read(const struct image *image, struct iovec *iov, int n,
	       uint64_t offset)
{
	return transfer(host_preadv, image, iov, n, offset);
}

int image_write(const struct image *image, struct iovec *iov, int n,
		uint64_t offset)
{
	return transfer(host_pwritev, image, iov, n, offset);
}

int image_flush(const struct image *image)
{
	return image->read_only ? 0 : host_fdatasync(image->fd);
}

static int allocate(const struct image *image, int mode, uint64_t offset,
		    uint64_t len)
{
	int err;

	do
		err = host_fallocate(image->fd, mode | FALLOC_FL_KEEP_SIZE,
				     offset, len);
	while (err == -EINTR);
	/* What is no regular file and no block device says ENODEV. */
	return err == -ENODEV || err == -ENOSYS ? -EOPNOTSUPP : err;
}

int image_discard(const struct image *image, uint64_t offset, uint64_t len)
{
	return allocate(image, FALLOC_FL_PUNCH_HOLE, offset, len);
}

int image_zero(const struct image *image, uint64_t offset, uint64_t len)
{
	return allocate(image, FALLOC_FL_ZERO_RANGE, offset, len);
}
