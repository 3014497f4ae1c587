// SPDX-License-Identifier: GPL-2.0-only
/* Calls that take the name of a file, which may be in LKL's view (netview.h). */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include "boot.h"
#include "dispatch.h"
#include "fdtab.h"
#include "lkl_nr.h"
#include "netview.h"

static long open_on_host(const struct netview *view, long nr, const long *args)
{
	if (!view->barred)
		return host_call(nr, args);
	boot_ready();	/* It says why. */
	return -ENETDOWN;
}

/* openat(2) */
long call_openat(const long *args)
{
	struct netview view;
	long fd;

	if (!netview_find(args[0], (const char *)args[1], &view))
		return open_on_host(&view, SYS_openat, args);
	fd = lkl_do(__lkl__NR_openat, view.at, view.path, args[2], args[3]);
	return fd < 0 ? fd : fdtab_install(fd, 0, args[2] & O_CLOEXEC);
}

/* open(2) */
long call_open(const long *args)
{
	return call_openat((long[6]){ AT_FDCWD, args[0], args[1], args[2] });
}

/* creat(2) */
long call_creat(const long *args)
{
	return call_openat((long[6]){ AT_FDCWD, args[0],
				      O_CREAT | O_WRONLY | O_TRUNC, args[1] });
}

/* openat2(2): the flags are the first word of its structure */
long call_openat2(const long *args)
{
	const uint64_t *flags = (const uint64_t *)args[2];
	struct netview view;
	long fd;

	if (!flags)
		return host_call(SYS_openat2, args);
	if (!netview_find(args[0], (const char *)args[1], &view))
		return open_on_host(&view, SYS_openat2, args);
	fd = lkl_do(__lkl__NR_openat2, view.at, view.path, args[2], args[3]);
	return fd < 0 ? fd : fdtab_install(fd, 0, *flags & O_CLOEXEC);
}

/* faccessat2(2) */
long call_faccessat2(const long *args)
{
	struct netview view;

	if (!netview_find(args[0], (const char *)args[1], &view))
		return host_call(SYS_faccessat2, args);
	return lkl_do(__lkl__NR_faccessat2, view.at, view.path, args[2],
		      args[3]);
}

/* faccessat(2), which has no flags; hosts before Linux 5.8 have it alone */
long call_faccessat(const long *args)
{
	struct netview view;

	if (!netview_find(args[0], (const char *)args[1], &view))
		return host_call(SYS_faccessat, args);
	return lkl_do(__lkl__NR_faccessat, view.at, view.path, args[2]);
}

/* access(2) */
long call_access(const long *args)
{
	return call_faccessat((long[6]){ AT_FDCWD, args[0], args[1] });
}

/* readlinkat(2) */
long call_readlinkat(const long *args)
{
	struct netview view;

	if (!netview_find(args[0], (const char *)args[1], &view))
		return host_call(SYS_readlinkat, args);
	return lkl_do(__lkl__NR_readlinkat, view.at, view.path, args[2],
		      args[3]);
}

/* readlink(2) */
long call_readlink(const long *args)
{
	return call_readlinkat((long[6]){ AT_FDCWD, args[0], args[1],
					  args[2] });
}

/* statfs(2) */
long call_statfs(const long *args)
{
	struct netview view;

	if (!netview_find(AT_FDCWD, (const char *)args[0], &view))
		return host_call(SYS_statfs, args);
	return lkl_do(__lkl__NR_statfs, view.path, args[1]);
}

/*
 * chdir(2) and fchdir(2): the directory is the host's, which has most of LKL's
 * too. A relative path from there finds LKL's files again.
 */
long call_chdir(const long *args)
{
	long ret = host_call(SYS_chdir, args);

	if (!ret)
		netview_moved();
	return ret;
}

long call_fchdir(const long *args)
{
	long ret = host_call(SYS_fchdir, args);

	if (!ret)
		netview_moved();
	return ret;
}

/* As getdents64(2) fills it. */
struct entry {
	uint64_t ino;
	int64_t next;
	unsigned short length;
	unsigned char type;
	char name[];
};

/* getdents64(2), without what is hidden in /proc/self/fd */
long call_getdents64(const long *args)
{
	int lkl_fd = fdtab_lkl(args[0]);
	char *buf = (char *)args[1];
	const struct entry *entry;
	long ret, at, length, kept = 0;

	if (lkl_fd >= 0)
		return lkl_do(__lkl__NR_getdents64, lkl_fd, buf, args[2]);
	ret = host_call(SYS_getdents64, args);
	for (at = 0; at < ret; at += length) {
		entry = (const struct entry *)(buf + at);
		length = entry->length;
		if (netview_hides(args[0], entry->name))
			continue;
		if (kept < at)
			memmove(buf + kept, entry, length);
		kept += length;
	}
	return ret > 0 ? kept : ret;
}
