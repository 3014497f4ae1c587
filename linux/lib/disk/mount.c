// SPDX-License-Identifier: GPL-2.0-only
/* Mounting what is on a disk, and saying why it cannot be. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../log.h"
#include "disk.h"
#include <lkl.h>

/* Partitions that a message looks for. */
#define PARTITIONS_SHOWN 16

/*
 * The last line that the kernel said, which is its reason, without time stamp;
 * NULL if there is none.
 */
static const char *kernel_said(size_t position, char *log, size_t size)
{
	const char *last = NULL;
	char *line, *end;

	log_since(position, log, size);
	for (line = log; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		if (*line == '[' && strstr(line, "] "))
			line = strstr(line, "] ") + 2;
		if (*line)
			last = line;
	}
	return last;
}

struct attempt {
	const char *device;
	const char *path;
	const char *type;
	unsigned long flags;
	const char *options;
};

static int try(const struct attempt *a)
{
	/* All of it is read, and a string may be at the end of our memory. */
	char options[MOUNT_OPTIONS_SIZE] = "";

	memcpy(options, a->options, strlen(a->options));
	return lkl_sys_mount((char *)a->device, (char *)a->path,
			     (char *)a->type, a->flags, options);
}

/*
 * A journal that is to be replayed keeps the file system from being mounted
 * when the disk is read-only: then it is left alone.
 */
static int try_without_replay(struct attempt *a, struct lkl_mount *mount)
{
	const struct fs_type *row = detect_row(a->type);
	const char *before = a->options;
	char options[MOUNT_OPTIONS_SIZE];
	int err;

	if (!row || !row->no_replay)
		return -EROFS;
	if (snprintf(options, sizeof(options), "%s%s%s", row->no_replay,
		     *before ? "," : "", before) >= (int)sizeof(options))
		return -E2BIG;
	a->options = options;
	err = try(a);
	a->options = before;
	if (!err)
		snprintf(mount->warning, sizeof(mount->warning),
			"the journal was not replayed, since the image is read-only: what was written last may be missing; a mount for writing replays it");
	return err;
}

/*
 * F2FS gathers up to 16 MiB of changed nodes and 8 MiB of other metadata before
 * it writes any of them. Whoever writes waits while a fifth of the memory is to
 * be written: in a small kernel for ever, unless it may be more.
 */
#define F2FS_LEAST_MIB 48
#define F2FS_SMALL_MIB 256
#define F2FS_DIRTY_BYTES "50331648"
#define F2FS_DIRTY_BACKGROUND_BYTES "25165824"

static unsigned long ram_mib(void)
{
	struct lkl_sysinfo info;

	return lkl_sys_sysinfo(&info) ? 0 :
	       info.totalram * info.mem_unit >> 20;
}

/*
 * XFS keeps what is in its log in memory until it is 30 seconds old, or the log
 * is full: 3 KiB for each new file, with which a small kernel runs out of memory.
 */
#define XFS_SMALL_MIB 512
#define XFS_SYNC_CENTISECONDS "100"

static bool is_written(const struct attempt *a, const char *type)
{
	return !strcmp(a->type, type) && !(a->flags & LKL_MS_RDONLY);
}

static int mount_type(struct attempt *a, struct lkl_mount *mount,
		      bool disk_read_only)
{
	struct lkl_statfs st;
	int err = try(a);

	/* A type that cannot be written (ISO 9660) says so. */
	if (err == -EACCES && !(a->flags & LKL_MS_RDONLY)) {
		a->flags |= LKL_MS_RDONLY;
		err = try(a);
	}
	if (err == -EROFS && disk_read_only)
		err = try_without_replay(a, mount);
	if (err)
		return err;
	snprintf(mount->type, sizeof(mount->type), "%s", a->type);
	mount->flags = a->flags;
	/* Another (squashfs) does not, and is. */
	if (!lkl_sys_statfs(a->path, &st))
		mount->flags |= st.f_flags & LKL_MS_RDONLY;
	if (is_written(a, "f2fs") && ram_mib() < F2FS_SMALL_MIB) {
		lkl_sysctl_write("vm.dirty_bytes", F2FS_DIRTY_BYTES);
		lkl_sysctl_write("vm.dirty_background_bytes",
				 F2FS_DIRTY_BACKGROUND_BYTES);
	}
	return 0;
}

/* Lines of /proc/filesystems: "nodev\tproc" or "\text4". */
static int read_types(char *text, size_t size)
{
	long fd, n;
	int err;

	err = lkl_mount_fs("proc");
	if (err && err != -EBUSY)
		return err;
	fd = lkl_sys_openat(LKL_AT_FDCWD, "/proc/filesystems", LKL_O_RDONLY, 0);
	if (fd < 0)
		return fd;
	n = lkl_sys_read(fd, text, size - 1);
	lkl_sys_close(fd);
	text[n > 0 ? n : 0] = '\0';
	return 0;
}

/* Whether a type of the kernel's has nothing to do with disks. */
static bool is_without_device(const char *type)
{
	char text[2048], line[64];

	snprintf(line, sizeof(line), "nodev\t%s\n", type);
	return !read_types(text, sizeof(text)) && strstr(text, line);
}

/* Every type that the kernel has for devices, one after the other. */
static int mount_any(struct attempt *a, struct lkl_mount *mount,
		     bool disk_read_only, char *tried, size_t size)
{
	char text[2048], *line, *end;
	size_t used = 0;
	int err;

	err = read_types(text, sizeof(text));
	if (err)
		return err;
	for (line = text; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		if (*line++ != '\t')
			continue;
		a->type = line;
		if (!mount_type(a, mount, disk_read_only))
			return 0;
		if (used < size)
			used += snprintf(tried + used, size - used, "%s%s",
					 used ? ", " : "", line);
	}
	return -EINVAL;
}

/* Those that there are, for a message. */
static size_t list_partitions(int disk, char *text, size_t size)
{
	const struct fs_type *type;
	char device[32];
	size_t used = 0;
	unsigned int i;

	*text = '\0';
	for (i = 1; i <= PARTITIONS_SHOWN && used < size; i++) {
		if (lkl_disk_device(disk, i, device, sizeof(device)))
			continue;
		type = detect_type(device);
		used += snprintf(text + used, size - used, "%s%u (%s)",
				 used ? ", " : "", i,
				 type ? type->name : "unknown");
	}
	return used;
}

static int not_found(const struct lkl_mount_args *args, const char *what,
		     const char *tried, const struct failure *failure)
{
	char partitions[256];

	if (!args->partition &&
	    list_partitions(args->disk, partitions, sizeof(partitions)))
		return fail(failure, -EINVAL,
			"%s has a partition table: choose one of its partitions: %s",
			what, partitions);
	return fail(failure, -EINVAL,
		"%s has no file system that this kernel knows (tried: %s): check that it is an image, or name its type",
		what, tried);
}

static int no_device(int err, const struct lkl_mount_args *args,
		     const char *what, const struct failure *failure)
{
	char partitions[256];

	if (err != -ENXIO)
		return fail(failure, err, "%s: %s", what,
			    err == -ENODEV ? "the kernel has no such disk" :
			    lkl_strerror(err));
	if (list_partitions(args->disk, partitions, sizeof(partitions)))
		return fail(failure, err,
			"%s does not exist: there are %s", what, partitions);
	return fail(failure, err,
		"%s does not exist: the image has no partition table; leave the partition out",
		what);
}

static int mount_on(struct attempt *a, const struct lkl_mount_args *args,
		    struct lkl_mount *mount, bool disk_read_only,
		    const char *what, const struct failure *failure)
{
	size_t position = log_position();
	const struct fs_type *found;
	char tried[256] = "", log[2048];
	const char *said;
	int err;

	if (!a->type) {
		found = detect_type(a->device);
		if (!found) {
			err = mount_any(a, mount, disk_read_only, tried,
					sizeof(tried));
			return err ? not_found(args, what, tried, failure) : 0;
		}
		if (found->remedy)
			return fail(failure, -EINVAL, "%s is %s: %s", what,
				    found->name, found->remedy);
		a->type = found->name;
	} else if (is_without_device(a->type)) {
		return fail(failure, -EINVAL,
			"type '%s' is not for images: name that of the image, or leave it out",
			a->type);
	}
	if (is_written(a, "f2fs") && ram_mib() < F2FS_LEAST_MIB)
		return fail(failure, -ENOMEM,
			"%s cannot be written as f2fs with %lu MiB of memory: give the kernel inside 64 or more, or open it read-only",
			what, ram_mib());
	if (is_written(a, "xfs") && ram_mib() < XFS_SMALL_MIB)
		lkl_sysctl_write("fs.xfs.xfssyncd_centisecs",
				 XFS_SYNC_CENTISECONDS);
	err = mount_type(a, mount, disk_read_only);
	if (!err)
		return 0;
	if (err == -ENODEV && !detect_row(a->type))
		return fail(failure, err,
			"type '%s': this kernel has no such file system",
			a->type);
	said = kernel_said(position, log, sizeof(log));
	return fail(failure, err, "%s cannot be mounted as %s: %s%s%s", what,
		    a->type, lkl_strerror(err),
		    said ? "; the kernel says: " : "", said ? said : "");
}

static int make_mount_point(const struct lkl_mount_args *args, char *path,
			    size_t size)
{
	int err;

	err = lkl_sys_mkdirat(LKL_AT_FDCWD, "/mnt", 0755);
	if (err && err != -LKL_EEXIST)
		return err;
	snprintf(path, size, "/mnt/%dp%u", args->disk, args->partition);
	err = lkl_sys_mkdirat(LKL_AT_FDCWD, path, 0755);
	return err == -LKL_EEXIST ? 0 : err;
}

int lkl_disk_mount(const struct lkl_mount_args *args, struct lkl_mount *mount,
		   char *text, size_t size)
{
	const struct failure failure = { text, size };
	struct disk_info info;
	char device[32], what[128], options[MOUNT_OPTIONS_SIZE];
	struct attempt a = {
		.device = device,
		.path = mount->path,
		.type = args->type,
		.flags = args->flags | LKL_MS_SILENT,
		.options = options,
	};
	int err;

	memset(mount, 0, sizeof(*mount));
	err = disk_info(args->disk, &info);
	if (err)
		return fail(&failure, err, "there is no disk %d", args->disk);
	if (args->partition)
		snprintf(what, sizeof(what), "partition %u of '%s'",
			 args->partition, info.name);
	else
		snprintf(what, sizeof(what), "'%s'", info.name);
	err = lkl_disk_device(args->disk, args->partition, device,
			      sizeof(device));
	if (err)
		return no_device(err, args, what, &failure);
	err = options_split(args->options ? args->options : "", &a.flags,
			    options);
	if (err)
		return fail(&failure, err,
			"the options of the mount are longer than %d bytes",
			MOUNT_OPTIONS_SIZE - 1);
	if (info.read_only)
		a.flags |= LKL_MS_RDONLY;
	/* Only a search is silent: else the kernel is to give its reasons. */
	if (args->type || detect_type(device))
		a.flags &= ~LKL_MS_SILENT;
	err = make_mount_point(args, mount->path, sizeof(mount->path));
	if (err)
		return fail(&failure, err, "%s: %s: %s", what, mount->path,
			    lkl_strerror(err));
	err = mount_on(&a, args, mount, info.read_only, what, &failure);
	if (err)
		lkl_sys_unlinkat(LKL_AT_FDCWD, mount->path,
				 LKL_AT_REMOVEDIR);
	return err;
}

int lkl_disk_umount(const char *path)
{
	int fd, synced, err;

	fd = lkl_sys_openat(LKL_AT_FDCWD, path,
			    LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	if (fd < 0)
		return fd;
	/* umount(2) does not say whether all could be written. */
	synced = lkl_sys_syncfs(fd);
	lkl_sys_close(fd);
	err = lkl_sys_umount2((char *)path, 0);
	if (err == -LKL_EBUSY)
		lkl_sys_mount(NULL, (char *)path, NULL,
			      LKL_MS_REMOUNT | LKL_MS_RDONLY, NULL);
	if (!err)
		lkl_sys_unlinkat(LKL_AT_FDCWD, path, LKL_AT_REMOVEDIR);
	return err ? err : synced;
}
