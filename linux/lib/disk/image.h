/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The host's side of a disk: a file or a block device that holds its bytes.
 *
 * The functions that move data may be called by any number of threads at a
 * time. They wait for the host.
 */
#ifndef LKL_LIB_DISK_IMAGE_H
#define LKL_LIB_DISK_IMAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>
#include "../failure.h"

#define SECTOR_SIZE 512

/**
 * struct image - an open image
 * @fd: host descriptor, hidden and known to the service thread.
 * @read_only: it is opened for reading alone.
 * @size: of the image in bytes.
 * @sectors: of the disk; a last part of one, which only a read-only image may
 *	have, is filled up with zeroes.
 * @block_size: what the disk reads and writes at least, in bytes.
 */
struct image {
	int fd;
	bool read_only;
	uint64_t size;
	uint64_t sectors;
	uint32_t block_size;
};

/**
 * image_open() - opens an image and locks it
 * @path: of a file or a block device.
 * @block_size: a power of two from 512 to 4096; 0 for a block device's own, 512
 *	for a file.
 *
 * Any number of processes may have an image open for reading, or one for
 * writing (flock(2)). Nothing is written when @read_only.
 *
 * Return: 0, or a negative errno with @failure filled.
 */
int image_open(struct image *image, const char *path, bool read_only,
	       unsigned int block_size, const struct failure *failure);

/** image_close() - closes it, which unlocks it */
void image_close(struct image *image);

/**
 * image_read_cached() - reads what the host need not wait for
 * @iov: buffers; those that were filled are taken away, as iov_skip() does.
 * @n: how many; what is left.
 * @offset: in bytes.
 *
 * Return: bytes read, from the start on; 0 when all has to be waited for.
 */
size_t image_read_cached(const struct image *image, struct iovec **iov, int *n,
			 uint64_t offset);

/**
 * image_read(), image_write() - fill buffers from @offset on, or store them
 * @iov: @n buffers, changed.
 *
 * Return: 0 or a negative errno.
 */
int image_read(const struct image *image, struct iovec *iov, int n,
	       uint64_t offset);
int image_write(const struct image *image, struct iovec *iov, int n,
		uint64_t offset);

/** image_flush() - what was written survives the host. Return: 0 or -errno. */
int image_flush(const struct image *image);

/**
 * image_discard() - gives space back to the host; it reads as zeroes then
 * Return: 0, or a negative errno: -EOPNOTSUPP when the host cannot.
 */
int image_discard(const struct image *image, uint64_t offset, uint64_t len);

/**
 * image_zero() - zeroes without data to be written, and without giving it back
 * Return: as image_discard().
 */
int image_zero(const struct image *image, uint64_t offset, uint64_t len);

#endif
