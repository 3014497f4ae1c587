// SPDX-License-Identifier: GPL-2.0-only
/* Mounting an image, and leaving it clean. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include "program.h"
#include "session.h"
#include "vfs.h"

/* One for each level of a deep tree. */
#define DESCRIPTORS (1 << 16)

static void print_log(const char *text, unsigned int len)
{
	fwrite(text, 1, len, stderr);
}

static void raise_limits(void)
{
	const struct lkl_rlimit64 inside = { DESCRIPTORS, DESCRIPTORS };
	struct rlimit limit;

	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	lkl_sys_prlimit64(0, LKL_RLIMIT_NOFILE, &inside, NULL);
}

/* From here on the image's root is the root. */
static int go_inside(struct session *session)
{
	int err;

	session->outside = lkl_sys_openat(LKL_AT_FDCWD, "/",
					  LKL_O_RDONLY | LKL_O_DIRECTORY, 0);
	if (session->outside < 0)
		return session->outside;
	err = lkl_sys_chdir(session->mount.path);
	return err ? err : lkl_sys_chroot(".");
}

static void go_outside(struct session *session)
{
	lkl_sys_fchdir(session->outside);
	lkl_sys_chroot(".");
	lkl_sys_close(session->outside);
}

static bool asked_for_reading(void)
{
	const char *options = image_options.mount_options, *o = options;

	for (; o && (o = strstr(o, "ro")); o += 2)
		if ((o == options || o[-1] == ',') && (!o[2] || o[2] == ','))
			return true;
	return false;
}

bool session_start(struct session *session, bool read_only)
{
	const struct lkl_disk_args disk = {
		.path = image_options.image,
		.flags = read_only ? LKL_DISK_READ_ONLY : 0,
	};
	struct lkl_mount_args args = {
		.partition = image_options.partition,
		.type = image_options.type,
		.options = image_options.mount_options,
		.flags = LKL_MS_NOATIME,
	};
	char error[2048];
	int err;

	if (image_options.kernel_log)
		lkl_set_print(print_log);
	args.disk = lkl_disk_add(&disk, error, sizeof(error));
	if (args.disk < 0) {
		say_error("%s", error);
		return false;
	}
	/* It is open: nobody has to be told why it cannot be looked at. */
	memset(&session->image, 0, sizeof(session->image));
	statx(AT_FDCWD, disk.path, 0, STATX_BASIC_STATS, &session->image);
	/* While the kernel waits, the disk's threads need the processors. */
	err = lkl_start_kernel("mem=%uM idle=halt", image_options.memory);
	if (err == -LKL_ENOMEM) {
		say_error("-m '%u': so many MiB are more than this host has, or than this process may have (ulimit -v): give the kernel less",
			  image_options.memory);
		return false;
	}
	if (err) {
		say_error("the kernel does not start: %s", lkl_strerror(err));
		return false;
	}
	raise_limits();
	if (lkl_disk_mount(&args, &session->mount, error, sizeof(error))) {
		say_error("%s", error);
		lkl_halt();
		return false;
	}
	if (*session->mount.warning)
		say_error("'%s': %s", disk.path, session->mount.warning);
	if (!read_only && session->mount.flags & LKL_MS_RDONLY) {
		if (asked_for_reading())
			say_error("-o 'ro': what is only read takes no files: leave it out");
		else
			say_error("'%s': %s can only be read", disk.path,
				  session->mount.type);
		lkl_disk_umount(session->mount.path);
		lkl_halt();
		return false;
	}
	err = go_inside(session);
	if (err) {
		say_error("'%s': its root cannot be entered: %s", disk.path,
			  lkl_strerror(err));
		session_end(session);
		return false;
	}
	return true;
}

bool session_is_image(const struct session *session, const struct statx *st)
{
	const struct statx *image = &session->image;

	if (S_ISBLK(image->stx_mode) && S_ISBLK(st->stx_mode))
		return st->stx_rdev_major == image->stx_rdev_major &&
		       st->stx_rdev_minor == image->stx_rdev_minor;
	return st->stx_ino == image->stx_ino &&
	       st->stx_dev_major == image->stx_dev_major &&
	       st->stx_dev_minor == image->stx_dev_minor;
}

bool session_end(struct session *session)
{
	int err;

	vfs_lkl_end();
	go_outside(session);
	err = lkl_disk_umount(session->mount.path);
	if (err)
		say_error("'%s' may be incomplete: %s", image_options.image,
			  lkl_strerror(err));
	lkl_halt();
	return !err;
}
