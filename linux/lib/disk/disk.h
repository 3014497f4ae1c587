/* SPDX-License-Identifier: GPL-2.0-only */
/* The disks of this process, and what is found on them. */
#ifndef LKL_LIB_DISK_DISK_H
#define LKL_LIB_DISK_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include "../failure.h"

/** disk_plug_all() - adds those that were there before the kernel */
int disk_plug_all(void);

/** disk_close_all() - ends all disks, after the kernel has */
void disk_close_all(void);

/**
 * struct disk_info - what others need to know of a disk
 * @name: the end of its image's name.
 * @read_only: its image is open for reading alone.
 */
struct disk_info {
	char name[64];
	bool read_only;
};

/** disk_info() - fills @info for the disk @id. Return: 0 or -ENODEV. */
int disk_info(int id, struct disk_info *info);

/**
 * device_find() - the kernel's name of a disk, such as "vda"
 * @platform_id: of its device.
 * @directory: filled with its directory in sysfs.
 *
 * Return: its length, or a negative errno.
 */
int device_find(int platform_id, char *directory, size_t size);

/**
 * device_node() - makes a node for a disk or a partition of it
 * @directory: of the disk in sysfs.
 * @partition: 0 for the disk.
 * @path: of the node to be made.
 *
 * Return: 0 or a negative errno: -ENXIO when there is no such partition.
 */
int device_node(const char *directory, unsigned int partition,
		const char *path);

/**
 * struct fs_type - how a file system is known, and treated
 * @name: the kernel's.
 * @offset, @magic, @len: what its images have where.
 * @no_replay: option that leaves its journal alone, or NULL.
 * @remedy: for what cannot be mounted: what to do instead, else NULL.
 */
struct fs_type {
	const char *name;
	unsigned long offset;
	const char *magic;
	unsigned int len;
	const char *no_replay;
	const char *remedy;
};

/**
 * detect_type() - looks which file system is on a device
 * @device: of which the start is read.
 *
 * Return: its row, or NULL.
 */
const struct fs_type *detect_type(const char *device);

/** detect_row() - the row of the type @name, or NULL */
const struct fs_type *detect_row(const char *name);

/* What mount(2) reads of options, whatever their length. */
#define MOUNT_OPTIONS_SIZE 4096

/**
 * options_split() - tells mount(8)'s options of every type from the others
 * @options: separated by commas.
 * @flags: LKL_MS_* bits, changed as they say.
 * @rest: filled with the others, which are the file system's own.
 *
 * Return: 0, or -E2BIG when those do not fit.
 */
int options_split(const char *options, unsigned long *flags,
		  char rest[MOUNT_OPTIONS_SIZE]);

#endif
