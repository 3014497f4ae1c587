/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The files that show the network: /proc/net, /proc/sys/net, /sys/class/net and
 * the devices that it leads to are LKL's, under the names they have in LKL; so
 * are LKL's descriptors in /proc/self/fd, /dev/net/tun, and /etc/resolv.conf
 * where LKL has name servers of its own. All other files are the host's.
 */
#ifndef HIJACK_NETVIEW_H
#define HIJACK_NETVIEW_H

#include <stdbool.h>

#define NETVIEW_PATH_MAX 4096

/**
 * struct netview - a file of LKL's
 * @at: LKL's descriptor of a directory, or AT_FDCWD.
 * @path: path there, below @at or from LKL's root.
 * @barred: it is not, for want of a kernel, and the host's would lead to the
 *	host's network.
 */
struct netview {
	int at;
	const char *path;
	bool barred;
	char buf[NETVIEW_PATH_MAX];
};

/**
 * netview_init() - mounts LKL's proc and sysfs, and makes /dev/net/tun
 *
 * Return: 0 or a negative errno.
 */
int netview_init(void);

/**
 * netview_maybe() - whether netview_find() is to be asked about a path
 *
 * Cheap, and true for few paths that are not LKL's.
 */
bool netview_maybe(int at, const char *path);

/**
 * netview_find() - where a path leads
 * @at: descriptor of a directory or AT_FDCWD, as openat(2) takes it.
 * @view: filled when it is LKL's; refers to @path.
 *
 * Decided by the path's text and the place where it starts, without following
 * symbolic links of the host. Async-signal-safe.
 *
 * Return: whether it is LKL's.
 */
bool netview_find(int at, const char *path, struct netview *view);

/** netview_has() - whether the host is not to be asked about a path: LKL's or barred */
bool netview_has(int at, const char *path);

/** netview_own_resolver() - /etc/resolv.conf is LKL's from now on */
void netview_own_resolver(void);

/**
 * netview_hides() - whether a name in a directory is not for the program
 * @dir: descriptor of the directory, of the host.
 *
 * Those of this library's descriptors, in /proc/self/fd.
 */
bool netview_hides(int dir, const char *name);

/** netview_moved() - the current directory may have changed */
void netview_moved(void);

#endif
