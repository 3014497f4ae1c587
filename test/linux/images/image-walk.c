// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * image-walk [-r] IMAGE [TYPE]: mounts an image that may be damaged, looks at
 * everything in it, reads it, writes files (not with -r) and unmounts. Errors
 * are what is expected, and are counted; a crash or a hang is not, and ends the
 * program by a signal.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <lkl.h>

/* For all of it: a hang is what takes longer. */
#define SECONDS 60

/* A damaged directory may contain itself. */
#define DEPTH 12
#define ENTRIES 5000
#define FILE_BYTES (8UL << 20)

static unsigned long entries, bytes, errors;
static char data[65536];

static void count(long result)
{
	if (result < 0)
		errors++;
}

static void read_file(int dir, const char *name)
{
	long fd = lkl_sys_openat(dir, name, LKL_O_RDONLY | LKL_O_NONBLOCK |
				 LKL_O_NOFOLLOW, 0), n;
	unsigned long done = 0;

	count(fd);
	if (fd < 0)
		return;
	while ((n = lkl_sys_read(fd, data, sizeof(data))) > 0 &&
	       (done += n) < FILE_BYTES)
		;
	count(n);
	bytes += done;
	lkl_sys_close(fd);
}

static void walk(int dir, int depth);

static void look_at(int dir, const char *name, int depth)
{
	struct lkl_stat st;
	long err = lkl_sys_newfstatat(dir, name, &st, LKL_AT_SYMLINK_NOFOLLOW);

	entries++;
	count(err);
	if (err)
		return;
	switch (st.st_mode & LKL_S_IFMT) {
	case LKL_S_IFREG:
		read_file(dir, name);
		break;
	case LKL_S_IFLNK:
		count(lkl_sys_readlinkat(dir, name, data, sizeof(data)));
		break;
	case LKL_S_IFDIR:
		err = lkl_sys_openat(dir, name, LKL_O_RDONLY | LKL_O_DIRECTORY |
				     LKL_O_NOFOLLOW, 0);
		count(err);
		if (err >= 0)
			walk(err, depth + 1);
		break;
	}
}

/* Closes @dir. */
static void walk(int dir, int depth)
{
	struct lkl_linux_dirent64 *entry;
	char *list = malloc(32768);
	long n = 0, at;

	count(lkl_sys_flistxattr(dir, data, sizeof(data)));
	while (list && depth < DEPTH && entries < ENTRIES &&
	       (n = lkl_sys_getdents64(dir, (void *)list, 32768)) > 0)
		for (at = 0; at < n && entries < ENTRIES;
		     at += entry->d_reclen) {
			entry = (void *)(list + at);
			if (strcmp(entry->d_name, ".") &&
			    strcmp(entry->d_name, ".."))
				look_at(dir, entry->d_name, depth);
		}
	count(n);
	free(list);
	lkl_sys_close(dir);
}

static void write_file(int dir, const char *name, int parts)
{
	long fd = lkl_sys_openat(dir, name, LKL_O_RDWR | LKL_O_CREAT, 0644);

	count(fd);
	if (fd < 0)
		return;
	memset(data, 'w', sizeof(data));
	while (parts--)
		count(lkl_sys_write(fd, data, sizeof(data)));
	count(lkl_sys_fsync(fd));
	lkl_sys_close(fd);
}

/* Most of it stays: there may have been nothing else in the image. */
static void change(int root)
{
	char name[32];
	long dir;
	int i;

	count(lkl_sys_mkdirat(root, "made", 0755));
	dir = lkl_sys_openat(root, "made", LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	count(dir);
	if (dir < 0)
		return;
	for (i = 0; i < 30; i++) {
		snprintf(name, sizeof(name), "file-%d", i);
		write_file(dir, name, i % 4);
	}
	count(lkl_sys_symlinkat("file-1", dir, "link"));
	count(lkl_sys_renameat(dir, "file-2", root, "renamed"));
	count(lkl_sys_unlinkat(dir, "file-3", 0));
	lkl_sys_close(dir);
}

int main(int argc, char **argv)
{
	const bool read_only = argc > 1 && !strcmp(argv[1], "-r");
	struct lkl_disk_args disk = {
		.flags = read_only ? LKL_DISK_READ_ONLY : 0,
	};
	struct lkl_mount_args args = { 0 };
	struct lkl_mount mount;
	char error[1024];
	long root;

	argv += read_only;
	argc -= read_only;
	if (argc < 2) {
		fputs("usage: image-walk [-r] IMAGE [TYPE]\n", stderr);
		return 2;
	}
	disk.path = argv[1];
	args.type = argv[2];
	alarm(SECONDS);
	args.disk = lkl_disk_add(&disk, error, sizeof(error));
	if (args.disk < 0) {
		puts(error);
		return 1;
	}
	if (lkl_start_kernel("mem=128M loglevel=0"))
		return 1;
	if (lkl_disk_mount(&args, &mount, error, sizeof(error))) {
		puts(error);
		lkl_halt();
		return 1;
	}
	root = lkl_sys_openat(LKL_AT_FDCWD, mount.path, LKL_O_RDONLY |
			      LKL_O_DIRECTORY, 0);
	count(root);
	if (root >= 0)
		walk(lkl_sys_dup(root), 0);
	if (root >= 0 && !read_only)
		change(root);
	if (root >= 0)
		lkl_sys_close(root);
	count(lkl_disk_umount(mount.path));
	printf("%s: %lu entries, %lu bytes, %lu errors\n", mount.type, entries,
	       bytes, errors);
	count(lkl_halt());
	return 0;
}
