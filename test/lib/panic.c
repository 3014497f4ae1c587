// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A kernel that panics shows its last messages and ends the process; memory of
 * which no kernel can start is refused before.
 */
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "aborts.h"
#include "check.h"
#include "stack.h"
#include <lkl.h>

/* What the process that panicked has written. */
static char shown[65536];

static void *wait_inside(void *unused)
{
	char byte;
	long fd = open_socket(&lkl_stack, AF_INET, SOCK_DGRAM, 0);

	lkl_stack.recv(fd, &byte, 1);
	return unused;
}

static void write_text(const char *path, const char *text)
{
	long fd = lkl_sys_openat(LKL_AT_FDCWD, (char *)path, LKL_O_WRONLY, 0);

	CHECK(fd >= 0);
	lkl_sys_write(fd, (char *)text, strlen(text));
}

/* An image in memory, by the name that it has in all processes. */
static char image[64];

/* ext4 is told to panic when it finds an error, and then that it has found one. */
static void panic_in_ext4(void)
{
	struct lkl_disk_args disk = { .path = image };
	struct lkl_mount_args args = { .options = "errors=panic" };
	char error[512];
	struct lkl_mount mount;
	pthread_t thread;

	CHECK_EQ(lkl_start_kernel("mem=64M loglevel=4"), 0);
	CHECK_EQ(pthread_create(&thread, NULL, wait_inside, NULL), 0);
	CHECK_EQ(lkl_mount_fs("sysfs"), 0);
	args.disk = lkl_disk_add(&disk, error, sizeof(error));
	CHECK(args.disk >= 0);
	CHECK_EQ(lkl_disk_mount(&args, &mount, error, sizeof(error)), 0);
	write_text("/sysfs/fs/ext4/vda/trigger_fs_error", "of a test");
}

static void test_panic(void)
{
	aborts(panic_in_ext4, shown, sizeof(shown));
	CHECK(strstr(shown, "the kernel inside this process panicked"));
	CHECK(strstr(shown, "Kernel panic - not syncing: EXT4-fs "));
}

static void print(const char *text, unsigned int len)
{
	while (len) {
		ssize_t n = write(2, text, len);

		CHECK(n > 0);
		text += n;
		len -= n;
	}
}

static void panic_and_print(void)
{
	lkl_set_print(print);
	panic_in_ext4();
}

/* A program that takes the messages is given all, and they are shown once. */
static void test_hook(void)
{
	const char *panic;

	aborts(panic_and_print, shown, sizeof(shown));
	panic = strstr(shown, "Kernel panic - not syncing: EXT4-fs ");
	CHECK(panic);
	CHECK(!strstr(panic + 1, "Kernel panic - not syncing: "));
	CHECK(!strstr(shown, "the kernel inside this process panicked"));
}

/* More than the process may have is refused, by the kernel, which had begun. */
static void test_limit(void)
{
	struct rlimit limit = { 512UL << 20, 512UL << 20 };
	pid_t pid = fork();
	int status;

	CHECK(pid >= 0);
	if (!pid) {
		alarm(60);
		CHECK_EQ(setrlimit(RLIMIT_AS, &limit), 0);
		CHECK_EQ(lkl_start_kernel("mem=1G"), -LKL_ENOMEM);
		CHECK_EQ(lkl_start_kernel("mem=64M"), -LKL_EBUSY);
		_exit(0);
	}
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_EQ(status, 0);
}

static void test_too_little(void)
{
	static const char *const none[] = { "0", "2M", "5M", "7M", "1000000T" };
	static const char *const no_size[] = { "", "x", "-1", "64MB" };
	struct lkl_netdev_args args = {
		.type = "loop", .offload = LKL_OFFLOAD_DEFAULT,
	};
	char error[128];
	size_t i;

	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		CHECK_EQ(lkl_start_kernel("mem=64M mem=%s quiet", none[i]),
			 -LKL_ENOMEM);
	for (i = 0; i < sizeof(no_size) / sizeof(no_size[0]); i++)
		CHECK_EQ(lkl_start_kernel("mem=%s", no_size[i]), -LKL_EINVAL);
	CHECK(lkl_netdev_add(&args, error, sizeof(error)) >= 0);
	CHECK_EQ(lkl_start_kernel("mem=8M"), -LKL_ENOMEM);
	/* It has not been started. */
	CHECK_EQ(lkl_start_kernel("mem=9M"), 0);
	CHECK_EQ(lkl_halt(), 0);
}

int main(void)
{
	char command[128];
	int fd = memfd_create("image", 0);

	alarm(120);
	CHECK(fd >= 0);
	snprintf(image, sizeof(image), "/proc/%d/fd/%d", getpid(), fd);
	snprintf(command, sizeof(command), "mkfs.ext4 -q %s 8M", image);
	CHECK_EQ(system(command), 0);
	test_panic();
	test_hook();
	test_limit();
	test_too_little();
	return 0;
}
