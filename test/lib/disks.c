// SPDX-License-Identifier: GPL-2.0-or-later
/* Disks come and go, are mounted and written; what cannot be says why. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "check.h"
#include "stack.h"
#include <lkl.h>

#define MIB (1 << 20)

static char directory[] = "/tmp/lkl-test-XXXXXX";
static char error[1024];

static void expect_text(const char *part)
{
	if (strstr(error, part))
		return;
	fprintf(stderr, "'%s' is not in: %s\n", part, error);
	exit(1);
}

static void run(const char *command)
{
	if (system(command)) {
		fprintf(stderr, "failed: %s\n", command);
		exit(1);
	}
}

static void clean_up(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", directory);
	run(command);
}

static void make_file(const char *name, off_t size)
{
	int fd = open(name, O_CREAT | O_TRUNC | O_RDWR, 0644);

	CHECK(fd >= 0);
	CHECK_EQ(ftruncate(fd, size), 0);
	close(fd);
}

/* An MBR with one Linux partition (83h) of @size bytes from the first MiB on. */
static void make_partition(const char *name, uint32_t size)
{
	unsigned char sector[512] = { 0 };
	const uint32_t where[2] = { MIB / 512, size / 512 };
	int fd = open(name, O_RDWR);

	sector[446 + 16 + 4] = 0x83;	/* the second of the four entries */
	memcpy(sector + 446 + 16 + 8, where, sizeof(where));
	sector[510] = 0x55;
	sector[511] = 0xaa;
	CHECK_EQ(pwrite(fd, sector, sizeof(sector), 0), sizeof(sector));
	close(fd);
}

static int add(const char *path, unsigned int flags)
{
	const struct lkl_disk_args args = { .path = path, .flags = flags };

	return lkl_disk_add(&args, error, sizeof(error));
}

static int must_add(const char *path, unsigned int flags)
{
	int id = add(path, flags);

	if (id < 0) {
		fprintf(stderr, "%s\n", error);
		exit(1);
	}
	return id;
}

static int mount_it(int id, unsigned int partition, const char *type,
		    struct lkl_mount *mount)
{
	const struct lkl_mount_args args = {
		.disk = id, .partition = partition, .type = type,
	};

	return lkl_disk_mount(&args, mount, error, sizeof(error));
}

static void must_mount(int id, unsigned int partition, struct lkl_mount *mount)
{
	if (mount_it(id, partition, NULL, mount)) {
		fprintf(stderr, "%s\n", error);
		exit(1);
	}
}

static int open_in(const struct lkl_mount *mount, const char *name, int flags)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", mount->path, name);
	return lkl_sys_openat(LKL_AT_FDCWD, path, flags, 0644);
}

/* A file whose every block is another, so that none can be in the wrong place. */
static void fill(uint32_t *block, size_t bytes, uint32_t seed)
{
	size_t i;

	for (i = 0; i < bytes / sizeof(*block); i++)
		block[i] = seed * 0x9e3779b1u + i;
}

static void write_file(const struct lkl_mount *mount, const char *name,
		       unsigned int blocks)
{
	static uint32_t block[65536 / 4];
	unsigned int i;
	int fd = open_in(mount, name,
			 LKL_O_CREAT | LKL_O_TRUNC | LKL_O_RDWR);

	CHECK(fd >= 0);
	for (i = 0; i < blocks; i++) {
		fill(block, sizeof(block), i);
		CHECK_EQ(lkl_sys_write(fd, (void *)block, sizeof(block)),
			 sizeof(block));
	}
	CHECK_EQ(lkl_sys_close(fd), 0);
}

static void check_file(const struct lkl_mount *mount, const char *name,
		       unsigned int blocks)
{
	static uint32_t block[65536 / 4], wanted[65536 / 4];
	unsigned int i;
	int fd = open_in(mount, name, LKL_O_RDONLY);

	CHECK(fd >= 0);
	for (i = 0; i < blocks; i++) {
		fill(wanted, sizeof(wanted), i);
		CHECK_EQ(lkl_sys_read(fd, (void *)block, sizeof(block)),
			 sizeof(block));
		CHECK(!memcmp(block, wanted, sizeof(block)));
	}
	CHECK_EQ(lkl_sys_read(fd, (void *)block, 1), 0);
	CHECK_EQ(lkl_sys_close(fd), 0);
}

static void expect_error(const struct lkl_disk_args args, int err,
			 const char *part)
{
	error[0] = '\0';
	CHECK_EQ(lkl_disk_add(&args, error, sizeof(error)), err);
	expect_text(part);
}

static void test_errors(void)
{
	struct lkl_disk_args args = { .path = "missing.img" };
	int fd, id;
	pid_t child;

	expect_error(args, -ENOENT, "'missing.img' does not exist");
	args.path = NULL;
	expect_error(args, -EINVAL, "no image is named");
	args.path = ".";
	expect_error(args, -EISDIR, "'.' is a directory");
	args.flags = LKL_DISK_READ_ONLY;
	expect_error(args, -EISDIR, "'.' is a directory");
	args.path = "/dev/null";
	expect_error(args, -EINVAL, "character device");
	CHECK_EQ(mkfifo("pipe", 0600), 0);
	args.path = "pipe";
	expect_error(args, -EINVAL, "a pipe");
	CHECK_EQ(unlink("pipe"), 0);
	make_file("empty.img", 0);
	args.path = "empty.img";
	expect_error(args, -EINVAL, "empty");
	make_file("odd.img", MIB + 100);
	args.path = "odd.img";
	id = must_add("odd.img", LKL_DISK_READ_ONLY);
	CHECK_EQ(lkl_disk_remove(id), 0);
	args.flags = 0;
	expect_error(args, -EINVAL, "1048676 bytes");
	make_file("plain.img", MIB);
	args.path = "plain.img";
	args.block_size = 1000;
	expect_error(args, -EINVAL, "block size 1000");
	args.block_size = 0;
	args.flags = 64;
	expect_error(args, -EINVAL, "flags 0x40");
	args.flags = 0;
	args.serial = "a-serial-of-21-bytes.";
	expect_error(args, -EINVAL, "up to 20");
	args.serial = NULL;

	/* Locks: of this library, and of another program, which is named. */
	id = must_add("plain.img", 0);
	expect_error(args, -EBUSY, "is locked by");
	args.flags = LKL_DISK_READ_ONLY;
	expect_error(args, -EBUSY, "is locked by");
	CHECK_EQ(lkl_disk_remove(id), 0);
	fd = open("plain.img", O_RDONLY);
	CHECK_EQ(flock(fd, LOCK_SH), 0);
	CHECK_EQ(lkl_disk_remove(must_add("plain.img", LKL_DISK_READ_ONLY)), 0);
	args.flags = 0;
	snprintf(error, sizeof(error), "process %d (", getpid());
	char *who = strdup(error);

	expect_error(args, -EBUSY, who);
	free(who);
	close(fd);

	/* Root may write anything; so it is tried as somebody else. */
	CHECK_EQ(chmod("plain.img", 0444), 0);
	child = fork();
	if (!child) {
		if (!getuid())
			CHECK_EQ(setuid(65534), 0);
		expect_error(args, -EACCES, "read-only");
		_exit(0);
	}
	CHECK_EQ(waitpid(child, &fd, 0), child);
	CHECK_EQ(fd, 0);
	CHECK_EQ(chmod("plain.img", 0644), 0);

	CHECK(lkl_disk_add(&(struct lkl_disk_args){ .path = "." }, NULL, 0) < 0);
	CHECK_EQ(lkl_disk_remove(12345), -LKL_ENODEV);
	CHECK_EQ(lkl_disk_device(12345, 0, error, sizeof(error)), -LKL_ENODEV);
}

static void test_mount_errors(void)
{
	struct lkl_mount mount;
	int id;

	CHECK_EQ(mount_it(777, 0, NULL, &mount), -ENODEV);
	expect_text("no disk 777");

	id = must_add("plain.img", LKL_DISK_READ_ONLY);
	CHECK(mount_it(id, 0, NULL, &mount) < 0);
	expect_text("tried: ext3, ext2, ext4");
	CHECK(mount_it(id, 0, "nonsense", &mount) < 0);
	expect_text("no such file system");
	CHECK(mount_it(id, 0, "ext4", &mount) < 0);
	expect_text("the kernel says: ");
	CHECK_EQ(mount_it(id, 1, NULL, &mount), -ENXIO);
	expect_text("no partition table");
	CHECK_EQ(lkl_disk_remove(id), 0);

	run("printf 'QFI\\373' | dd of=plain.img conv=notrunc status=none");
	id = must_add("plain.img", LKL_DISK_READ_ONLY);
	CHECK(mount_it(id, 0, NULL, &mount) < 0);
	expect_text("qemu-img convert");
	CHECK_EQ(lkl_disk_remove(id), 0);

	/* An image that was cut off. */
	run("mkfs.ext4 -q cut.img 8M >log 2>&1 && truncate -s 4M cut.img");
	id = must_add("cut.img", LKL_DISK_READ_ONLY);
	CHECK(mount_it(id, 0, NULL, &mount) < 0);
	expect_text("exceeds size of device");
	CHECK_EQ(lkl_disk_remove(id), 0);
}

static void test_partition(int id)
{
	struct lkl_mount mount;

	CHECK(mount_it(id, 0, NULL, &mount) < 0);
	expect_text("2 (ext4)");
	CHECK_EQ(mount_it(id, 1, NULL, &mount), -ENXIO);
	expect_text("there are 2 (ext4)");
	must_mount(id, 2, &mount);
	write_file(&mount, "file", 16);
	CHECK_EQ(lkl_disk_umount(mount.path), 0);
	must_mount(id, 2, &mount);
	check_file(&mount, "file", 16);
	CHECK_EQ(lkl_disk_umount(mount.path), 0);
}

static void test_write_and_read(int id)
{
	struct lkl_mount mount;
	int fd;

	must_mount(id, 0, &mount);
	CHECK(!strcmp(mount.type, "ext4"));
	CHECK(!*mount.warning);
	write_file(&mount, "big", 400);		/* 25 MiB */
	CHECK_EQ(lkl_disk_remove(id), -EBUSY);
	fd = open_in(&mount, "big", LKL_O_RDONLY);
	CHECK_EQ(lkl_disk_umount(mount.path), -EBUSY);
	CHECK_EQ(open_in(&mount, "new", LKL_O_CREAT | LKL_O_RDWR),
		 -LKL_EROFS);
	CHECK_EQ(lkl_sys_close(fd), 0);
	CHECK_EQ(lkl_disk_umount(mount.path), 0);

	must_mount(id, 0, &mount);
	check_file(&mount, "big", 400);
	CHECK_EQ(lkl_disk_umount(mount.path), 0);
	CHECK_EQ(lkl_disk_remove(id), 0);
	run("e2fsck -fn ext4.img >log 2>&1 || { cat log >&2; exit 1; }");
}

/* Blocks that the file system does not use become holes of the image. */
static void test_discard(void)
{
	struct lkl_fstrim_range range = { .len = ~0ULL };
	const int id = must_add("ext4.img", 0);
	struct lkl_mount mount;
	struct stat before, after;
	char path[64];
	int fd;

	stat("ext4.img", &before);
	must_mount(id, 0, &mount);
	snprintf(path, sizeof(path), "%s/big", mount.path);
	CHECK_EQ(lkl_sys_unlinkat(LKL_AT_FDCWD, path, 0), 0);
	fd = open_in(&mount, ".", LKL_O_RDONLY);
	CHECK_EQ(lkl_sys_syncfs(fd), 0);
	CHECK_EQ(lkl_sys_ioctl(fd, LKL_FITRIM, (long)&range), 0);
	CHECK(range.len > 25 * MIB);
	CHECK_EQ(lkl_sys_close(fd), 0);
	CHECK_EQ(lkl_disk_umount(mount.path), 0);
	CHECK_EQ(lkl_disk_remove(id), 0);
	stat("ext4.img", &after);
	CHECK(before.st_blocks - after.st_blocks > 20 * MIB / 512);
	CHECK_EQ(before.st_size, after.st_size);
	run("e2fsck -fn ext4.img >log 2>&1 || { cat log >&2; exit 1; }");
}

/* Neither mounting nor reading changes a read-only image, nor does a replay. */
static void test_read_only(void)
{
	struct lkl_mount mount;
	int id, fd;

	/* A journal that is to be replayed: as if its machine had failed. */
	run("cp --sparse=always ext4.img dirty.img && debugfs -w -R 'feature +needs_recovery' dirty.img >/dev/null 2>&1");
	run("sha256sum ext4.img dirty.img >sums");

	id = must_add("ext4.img", LKL_DISK_READ_ONLY);
	must_mount(id, 0, &mount);
	CHECK(mount.flags & LKL_MS_RDONLY);
	CHECK(!*mount.warning);
	CHECK_EQ(open_in(&mount, "new", LKL_O_CREAT | LKL_O_RDWR),
		 -LKL_EROFS);
	fd = open_in(&mount, "lost+found", LKL_O_RDONLY);
	CHECK(fd >= 0);
	CHECK_EQ(lkl_sys_close(fd), 0);
	CHECK_EQ(lkl_disk_umount(mount.path), 0);
	CHECK_EQ(lkl_disk_remove(id), 0);

	id = must_add("dirty.img", LKL_DISK_READ_ONLY);
	must_mount(id, 0, &mount);
	CHECK(strstr(mount.warning, "not replayed"));
	CHECK_EQ(lkl_disk_umount(mount.path), 0);
	CHECK_EQ(lkl_disk_remove(id), 0);
	run("sha256sum --quiet -c sums");
}

/* The device: its size beyond 4 GiB, its name, and its far end. */
static void test_device(void)
{
	const struct lkl_disk_args args = {
		.path = "huge.img", .block_size = 4096, .serial = "number one",
	};
	unsigned long long size = 0;
	char device[64], block[4096], back[4096];
	unsigned int unit = 0;
	int id, fd;

	make_file("huge.img", 3LL << 40);
	id = lkl_disk_add(&args, error, sizeof(error));
	CHECK(id >= 0);
	CHECK_EQ(lkl_disk_device(id, 3, device, sizeof(device)), -ENXIO);
	CHECK_EQ(lkl_disk_device(id, 0, device, sizeof(device)), 0);
	fd = lkl_sys_openat(LKL_AT_FDCWD, device, LKL_O_RDWR, 0);
	CHECK(fd >= 0);
	CHECK_EQ(lkl_sys_ioctl(fd, LKL_BLKGETSIZE64, (long)&size), 0);
	CHECK_EQ(size, 3LL << 40);
	CHECK_EQ(lkl_sys_ioctl(fd, LKL_BLKSSZGET, (long)&unit), 0);
	CHECK_EQ(unit, 4096);
	memset(block, 'x', sizeof(block));
	CHECK_EQ(lkl_sys_pwrite64(fd, block, sizeof(block),
				  size - sizeof(block)), sizeof(block));
	CHECK_EQ(lkl_sys_fsync(fd), 0);
	CHECK_EQ(lkl_sys_close(fd), 0);
	fd = open("huge.img", O_RDONLY);
	CHECK_EQ(pread(fd, back, sizeof(back), size - sizeof(back)),
		 sizeof(back));
	CHECK(!memcmp(block, back, sizeof(back)));
	close(fd);

	/* The host has cut it off behind our back: errors, not zeroes. */
	CHECK_EQ(truncate("huge.img", MIB), 0);
	fd = lkl_sys_openat(LKL_AT_FDCWD, device, LKL_O_RDONLY, 0);
	CHECK_EQ(lkl_sys_pread64(fd, back, sizeof(back), 2 * MIB), -LKL_EIO);
	CHECK_EQ(lkl_sys_close(fd), 0);
	CHECK_EQ(lkl_disk_remove(id), 0);
}

int main(void)
{
	int whole, parts, i;

	CHECK(mkdtemp(directory));
	CHECK_EQ(chdir(directory), 0);
	atexit(clean_up);
	run("mkfs.ext4 -q ext4.img 64M >log 2>&1");
	make_file("parts.img", 17 * MIB);
	make_partition("parts.img", 16 * MIB);
	run("mkfs.ext4 -q -F -E offset=1048576 parts.img 16M >log 2>&1");

	/* Before the kernel boots: two, one of which goes again. */
	test_errors();
	CHECK_EQ(lkl_disk_remove(must_add("ext4.img", 0)), 0);
	whole = must_add("ext4.img", 0);
	parts = must_add("parts.img", 0);
	CHECK_EQ(lkl_start_kernel("mem=64M"), 0);

	test_partition(parts);
	test_write_and_read(whole);
	test_discard();
	test_read_only();
	test_errors();
	test_mount_errors();
	test_device();
	for (i = 0; i < 100; i++)
		CHECK_EQ(lkl_disk_remove(must_add("ext4.img", 0)), 0);
	check_log();
	/* One that is still there. */
	CHECK_EQ(lkl_halt(), 0);
	CHECK_EQ(lkl_disk_remove(parts), -LKL_ENODEV);
	run("e2fsck -fn ext4.img >log 2>&1 || { cat log >&2; exit 1; }");
	return 0;
}
