// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel calls a disk, found in sysfs, and nodes for its devices. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "disk.h"
#include <lkl.h>

#define DEVICES "/sysfs/devices/platform"

typedef bool match_fn(const char *name, const void *arg);

/* The first entry of @directory that matches, or -ENOENT. */
static int find_entry(const char *directory, match_fn *match, const void *arg,
		      char *found, size_t size)
{
	char buf[1024] __attribute__((aligned(8)));
	struct lkl_linux_dirent64 *entry;
	long n = 0, pos, err = -ENOENT;
	int fd;

	fd = lkl_sys_openat(LKL_AT_FDCWD, directory,
			    LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	if (fd < 0)
		return fd;
	while (err && (n = lkl_sys_getdents64(fd, (void *)buf,
					      sizeof(buf))) > 0)
		for (pos = 0; err && pos < n; pos += entry->d_reclen) {
			entry = (struct lkl_linux_dirent64 *)(buf + pos);
			if (!match(entry->d_name, arg))
				continue;
			snprintf(found, size, "%s", entry->d_name);
			err = 0;
		}
	lkl_sys_close(fd);
	return n < 0 ? n : err;
}

static bool is_device(const char *name, const void *arg)
{
	int id = *(const int *)arg, found;
	int end = 0;

	return sscanf(name, "virtio-mmio.%d.auto%n", &found, &end) == 1 &&
	       end && !name[end] && found == id;
}

static bool is_virtio(const char *name, const void *arg)
{
	(void)arg;
	return !strncmp(name, "virtio", 6) && name[6] >= '0' && name[6] <= '9';
}

static bool is_name(const char *name, const void *arg)
{
	(void)arg;
	return name[0] != '.';
}

int device_find(int platform_id, char *directory, size_t size)
{
	static const struct {
		const char *below;
		match_fn *match;
	} steps[] = {
		{ "", is_device },
		{ "", is_virtio },
		{ "/block", is_name },
	};
	size_t i, len, room;
	int err;

	err = lkl_mount_fs("sysfs");
	if (err && err != -EBUSY)
		return err;
	len = snprintf(directory, size, "%s", DEVICES);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		room = size - len;
		len += snprintf(directory + len, room, "%s/", steps[i].below);
		/* Slash or no slash, it is the same directory. */
		err = find_entry(directory, steps[i].match, &platform_id,
				 directory + len, size - len);
		if (err)
			return err == -ENOENT ? -ENODEV : err;
		len += strlen(directory + len);
	}
	return len;
}

/* Reads a number, or two with a colon between them, from a file of sysfs. */
static int read_numbers(const char *path, unsigned int *a, unsigned int *b)
{
	char text[32];
	long n;
	int fd;

	fd = lkl_sys_openat(LKL_AT_FDCWD, path, LKL_O_RDONLY, 0);
	if (fd < 0)
		return fd;
	n = lkl_sys_read(fd, text, sizeof(text) - 1);
	lkl_sys_close(fd);
	if (n < 0)
		return n;
	text[n] = '\0';
	return sscanf(text, "%u:%u", a, b) >= 1 ? 0 : -EIO;
}

/* The kernel's encoding: twelve bits of the major number, twenty of the minor. */
static unsigned int device_number(unsigned int major, unsigned int minor)
{
	return (minor & 0xff) | major << 8 | (minor & ~0xffU) << 12;
}

int device_node(const char *directory, unsigned int partition,
		const char *path)
{
	const char *name = strrchr(directory, '/') + 1;
	char file[256];
	unsigned int major, minor;
	int err;

	if (partition)
		snprintf(file, sizeof(file), "%s/%s%u/dev", directory, name,
			 partition);
	else
		snprintf(file, sizeof(file), "%s/dev", directory);
	err = read_numbers(file, &major, &minor);
	if (err)
		return err == -ENOENT ? -ENXIO : err;
	/* The device of that name may have been another. */
	lkl_sys_unlinkat(LKL_AT_FDCWD, path, 0);
	return lkl_sys_mknodat(LKL_AT_FDCWD, path, LKL_S_IFBLK | 0600,
			       device_number(major, minor));
}
