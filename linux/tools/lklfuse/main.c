// SPDX-License-Identifier: GPL-2.0-only
/* lklfuse: mounts the file system of a disk image. */
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>
#include <lkl/linux/mount.h>
#include <lkl/linux/resource.h>
#include "../image/standard_fds.h"
#include "background.h"
#include "node.h"
#include "options.h"

/* Memory of the kernel for each inode that is kept, in bytes. */
#define NODE_BYTES 8192
#define DEFAULT_MIB 256

/* Most descriptors inside: what the kernel lets root have. */
#define DESCRIPTORS (1UL << 20)

/* In which names that differ in case alone are one. */
static const char *const case_insensitive[] = { "vfat", "msdos", "exfat" };

struct mount_state mounted;

/* On the terminal while there is one. */
static void complain(const char *what, const char *why)
{
	fprintf(stderr, "lklfuse: %s%s%s\n", what, why ? ": " : "",
		why ? why : "");
	syslog(LOG_ERR, "%s%s%s", what, why ? ": " : "", why ? why : "");
}

static void print_kernel(const char *text, unsigned int len)
{
	if (write(STDERR_FILENO, text, len) < 0)
		return;	/* nobody is left to be told */
}

static void complain_memory(unsigned int mib)
{
	char what[32];

	snprintf(what, sizeof(what), "mb=%u", mib);
	complain(what, "so many MiB are more than this host has, or than this process may have (ulimit -v): give the kernel less");
}

static bool start_kernel(const struct options *options, int *disk)
{
	unsigned int mib = options->mib ? options->mib : DEFAULT_MIB;
	struct lkl_disk_args args = {
		.path = options->image,
		.flags = options->read_only ? LKL_DISK_READ_ONLY : 0,
	};
	struct lkl_rlimit64 limit = { DESCRIPTORS, DESCRIPTORS };
	char error[1024];
	int err;

	*disk = lkl_disk_add(&args, error, sizeof(error));
	if (*disk < 0) {
		complain(error, NULL);
		return false;
	}
	if (options->debug)
		lkl_set_print(print_kernel);
	/*
	 * Nobody reads the log but who is told why nothing is mounted. While
	 * the kernel waits, the disk's threads need the processors.
	 */
	err = lkl_start_kernel("mem=%uM loglevel=%d idle=halt", mib,
			       options->debug ? 8 : 7);
	if (err == -LKL_ENOMEM) {
		complain_memory(mib);
		return false;
	}
	if (!err)
		err = lkl_mount_fs("proc");
	if (!err)
		err = lkl_sys_prlimit64(0, LKL_RLIMIT_NOFILE, &limit, NULL);
	if (err)
		complain("the kernel does not start", lkl_strerror(err));
	return !err;
}

static bool mount_image(const struct options *options, int disk,
			struct lkl_mount *mount)
{
	struct lkl_mount_args args = {
		.disk = disk,
		.partition = options->partition,
		.type = options->type,
		.flags = options->read_only ? LKL_MS_RDONLY : 0,
		.options = options->fs_options,
	};
	char error[1024];
	size_t i;

	if (lkl_disk_mount(&args, mount, error, sizeof(error))) {
		complain(error, NULL);
		return false;
	}
	if (mount->warning[0])
		fprintf(stderr, "lklfuse: %s\n", mount->warning);
	mounted.read_only = mount->flags & LKL_MS_RDONLY;
	/* For ever, as far as anybody can wait. */
	mounted.timeout = 86400;
	for (i = 0; i < sizeof(case_insensitive) / sizeof(char *); i++)
		if (!mounted.read_only &&
		    !strcmp(mount->type, case_insensitive[i]))
			mounted.timeout = 0;
	return true;
}

/* Shows what is mounted to the host until somebody ends it. */
static bool run(struct options *options, const struct lkl_mount *mount)
{
	unsigned long mib = options->mib ? options->mib : DEFAULT_MIB;
	bool good = false;
	int err;

	err = nodes_start(mount->path, mib * (1UL << 20) / NODE_BYTES);
	if (err) {
		complain("the root of the file system", lkl_strerror(err));
		return false;
	}
	if (mounted.read_only)
		fuse_opt_add_arg(&options->fuse, "-oro");
	/* libfuse says itself what fails. */
	mounted.session = fuse_session_new(&options->fuse, &operations,
					   sizeof(operations), NULL);
	if (!mounted.session)
		goto no_session;
	if (fuse_set_signal_handlers(mounted.session))
		goto no_handlers;
	if (fuse_session_mount(mounted.session, options->mountpoint))
		goto no_mount;
	background_ready();
	if (housekeeping_start()) {
		complain("no thread can be made", NULL);
		goto no_thread;
	}
	err = serve_requests(options->single ? 1 : options->max_threads);
	if (err)
		complain("requests of the host", lkl_strerror(err));
	good = !err;
	housekeeping_end();
no_thread:
	fuse_session_unmount(mounted.session);
no_mount:
	fuse_remove_signal_handlers(mounted.session);
no_handlers:
	fuse_session_destroy(mounted.session);
no_session:
	nodes_end();
	/* Of files that the host had not said yet were closed. */
	lkl_sys_close_range(0, ~0U, 0);
	return good;
}

int main(int argc, char **argv)
{
	struct options options;
	struct lkl_mount mount;
	bool good;
	int disk, err;

	standard_fds_occupy();
	options_read(&options, argc, argv);
	/* Buffers for requests are reused, not given back to the host. */
	mallopt(M_MMAP_THRESHOLD, 2 * IO_BYTES);
	mallopt(M_TRIM_THRESHOLD, 16 * IO_BYTES);
	mounted.fakeroot = options.fakeroot;
	mounted.writeback = options.writeback;
	openlog("lklfuse", LOG_PID, LOG_DAEMON);
	/* Before there is a kernel, whose threads a child would not have. */
	if (!options.foreground)
		background_start();
	if (!start_kernel(&options, &disk) ||
	    !mount_image(&options, disk, &mount))
		return 1;
	good = run(&options, &mount);
	err = lkl_disk_umount(mount.path);
	if (err) {
		complain("the file system is not unmounted cleanly",
			 lkl_strerror(err));
		good = false;
	}
	err = lkl_halt();
	if (err) {
		complain("the kernel does not halt", lkl_strerror(err));
		good = false;
	}
	return good ? 0 : 1;
}
