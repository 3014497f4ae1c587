// SPDX-License-Identifier: GPL-2.0-only
/* Adding disks to the kernel, before or after it boots. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../posix.h"
#include "../virtio_blk.h"
#include "../virtio_plug.h"
#include "disk.h"
#include <lkl.h>

/**
 * struct disk - a disk that was added
 * @id: as the caller knows it, counted up.
 * @platform_id: as the kernel knows it; negative while it does not.
 */
struct disk {
	struct disk *next;
	struct virtio_blk *blk;
	int id;
	int platform_id;
	char name[64];
};

/* In the order of addition. */
static struct disk *disks;
static int next_id;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct disk *find(int id)
{
	struct disk *d = disks;

	while (d && d->id != id)
		d = d->next;
	return d;
}

static void append(struct disk *d)
{
	struct disk **link = &disks;

	while (*link)
		link = &(*link)->next;
	*link = d;
}

static void unlink_and_free(struct disk *d)
{
	struct disk **link = &disks;

	while (*link != d)
		link = &(*link)->next;
	*link = d->next;
	virtio_blk_destroy(d->blk);
	free(d);
}

static int plug(struct disk *d)
{
	int id = virtio_plug(&d->blk->dev);

	if (id < 0)
		return id;
	d->platform_id = id;
	return 0;
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int create(const struct lkl_disk_args *args, struct disk *d,
		  const struct failure *failure)
{
	const char *serial = args->serial;
	struct image image;
	int err;

	if (args->flags & ~LKL_DISK_READ_ONLY)
		return fail(failure, -EINVAL,
			    "flags %#x: only LKL_DISK_* bits are known",
			    args->flags);
	if (serial && strlen(serial) > VIRTIO_BLK_ID_BYTES)
		return fail(failure, -EINVAL,
			    "serial '%s': use up to %d characters", serial,
			    VIRTIO_BLK_ID_BYTES);
	err = image_open(&image, args->path, args->flags & LKL_DISK_READ_ONLY,
			 args->block_size, failure);
	if (err)
		return err;
	snprintf(d->name, sizeof(d->name), "%s", last_part(args->path));
	posix_ram_share();
	err = virtio_blk_create(&image, serial ? serial : d->name, &d->blk);
	if (err) {
		image_close(&image);
		return fail(failure, err, "'%s': %s", args->path,
			    err == -ENOSPC ? "no more devices fit" :
			    lkl_strerror(err));
	}
	return 0;
}

int lkl_disk_add(const struct lkl_disk_args *args, char *text, size_t size)
{
	const struct failure failure = { text, size };
	struct disk *d = calloc(1, sizeof(*d));
	int err;

	if (!d)
		return fail(&failure, -ENOMEM, "%s", lkl_strerror(-ENOMEM));
	err = create(args, d, &failure);
	if (err) {
		free(d);
		return err;
	}

	pthread_mutex_lock(&lock);
	d->id = next_id++;
	d->platform_id = -1;
	append(d);
	if (lkl_is_running())
		err = plug(d);
	if (err) {
		fail(&failure, err, "'%s': the kernel refused it: %s",
		     args->path, lkl_strerror(err));
		unlink_and_free(d);
	} else {
		err = d->id;
	}
	pthread_mutex_unlock(&lock);
	return err;
}

/* A device that is mounted cannot be had for one's own. */
static int check_unused(const struct disk *d)
{
	char directory[128];
	char path[64];
	int fd, err;

	err = device_find(d->platform_id, directory, sizeof(directory));
	if (err == -ENODEV)
		return 0;	/* its driver did not accept it */
	if (err < 0)
		return err;
	snprintf(path, sizeof(path), "/dev/disk%d.remove", d->id);
	err = device_node(directory, 0, path);
	if (err)
		return err;
	fd = lkl_sys_openat(LKL_AT_FDCWD, path, LKL_O_RDONLY | LKL_O_EXCL, 0);
	lkl_sys_unlinkat(LKL_AT_FDCWD, path, 0);
	if (fd < 0)
		return fd;
	return lkl_sys_close(fd);
}

static int unplug(struct disk *d)
{
	int err = check_unused(d);

	return err ? err : virtio_unplug(d->platform_id);
}

int lkl_disk_remove(int id)
{
	struct disk *d;
	int err = -ENODEV;

	pthread_mutex_lock(&lock);
	d = find(id);
	if (d) {
		err = d->platform_id < 0 ? 0 : unplug(d);
		if (!err)
			unlink_and_free(d);
	}
	pthread_mutex_unlock(&lock);
	return err;
}

int lkl_disk_device(int id, unsigned int partition, char *path, size_t size)
{
	char directory[128];
	struct disk *d;
	int err = -ENODEV;

	if (partition)
		snprintf(path, size, "/dev/disk%dp%u", id, partition);
	else
		snprintf(path, size, "/dev/disk%d", id);
	pthread_mutex_lock(&lock);
	d = find(id);
	if (d && d->platform_id >= 0)
		err = device_find(d->platform_id, directory,
				  sizeof(directory));
	pthread_mutex_unlock(&lock);
	return err < 0 ? err : device_node(directory, partition, path);
}

int disk_info(int id, struct disk_info *info)
{
	struct disk *d;

	pthread_mutex_lock(&lock);
	d = find(id);
	if (d) {
		memcpy(info->name, d->name, sizeof(info->name));
		info->read_only = d->blk->image.read_only;
	}
	pthread_mutex_unlock(&lock);
	return d ? 0 : -ENODEV;
}

int disk_plug_all(void)
{
	struct disk *d;
	int err = 0;

	pthread_mutex_lock(&lock);
	for (d = disks; d && !err; d = d->next)
		err = plug(d);
	pthread_mutex_unlock(&lock);
	return err;
}

void disk_close_all(void)
{
	pthread_mutex_lock(&lock);
	while (disks)
		unlink_and_free(disks);
	pthread_mutex_unlock(&lock);
}
