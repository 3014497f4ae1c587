// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints a file of a disk image: read-file IMAGE /PATH. Needs no rights. */
#include <lkl.h>
#include <stdio.h>
#include <unistd.h>

static char text[1 << 16];

static int fail(const char *what, long error)
{
	fprintf(stderr, "%s: %s\n", what, lkl_strerror(error));
	return 1;
}

int main(int argc, char **argv)
{
	struct lkl_disk_args disk = { .path = argv[1],
				      .flags = LKL_DISK_READ_ONLY };
	struct lkl_mount_args args = { .type = "ext4" };
	struct lkl_mount mount;
	char path[4096], error[512];
	long n, fd;

	if (argc != 3) {
		fprintf(stderr, "usage: read-file IMAGE /PATH\n");
		return 2;
	}
	args.disk = lkl_disk_add(&disk, error, sizeof(error));
	if (args.disk < 0) {
		fprintf(stderr, "%s\n", error);
		return 1;
	}
	n = lkl_start_kernel("%s", "mem=64M");
	if (n)
		return fail("kernel", n);
	if (lkl_disk_mount(&args, &mount, error, sizeof(error))) {
		fprintf(stderr, "%s\n", error);
		return 1;
	}

	snprintf(path, sizeof(path), "%s%s", mount.path, argv[2]);
	fd = lkl_sys_openat(LKL_AT_FDCWD, path, LKL_O_RDONLY, 0);
	if (fd < 0)
		return fail(argv[2], fd);
	while ((n = lkl_sys_read(fd, text, sizeof(text))) > 0)
		if (write(STDOUT_FILENO, text, n) != n)
			return 1;
	if (n)
		return fail(argv[2], n);
	lkl_sys_close(fd);
	return lkl_disk_umount(mount.path) || lkl_halt() ? 1 : 0;
}
