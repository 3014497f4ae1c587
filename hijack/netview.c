// SPDX-License-Identifier: GPL-2.0-only
/* Which paths are LKL's, see netview.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include "boot.h"
#include "dispatch.h"
#include "fdtab.h"
#include "lkl_nr.h"
#include "netview.h"
#include "user.h"

/* The current directory is below /proc or /sys, where any name may be LKL's. */
static bool cwd_matters;

#define RESOLVER "/etc/resolv.conf"
#define TUN "/dev/net/tun"

/* Documentation/admin-guide/devices.txt */
#define TUN_DEVICE makedev(10, 200)

/* LKL has one, see netview_own_resolver(). */
static bool own_resolver;

static long make_directory(const char *path)
{
	long err = lkl_do(__lkl__NR_mkdirat, AT_FDCWD, path, 0755);

	return err == -EEXIST ? 0 : err;
}

static int mount(const char *type, const char *where)
{
	long err = make_directory(where);

	if (err < 0)
		return err;
	err = lkl_do(__lkl__NR_mount, type, where, type, 0, 0);
	return err == -EBUSY ? 0 : err;
}

static int make_tun(void)
{
	long err = make_directory("/dev");

	if (!err)
		err = make_directory("/dev/net");
	if (!err)
		err = lkl_do(__lkl__NR_mknodat, AT_FDCWD, TUN, S_IFCHR | 0666,
			     TUN_DEVICE);
	return err == -EEXIST ? 0 : err;
}

int netview_init(void)
{
	int err = mount("proc", "/proc");

	netview_moved();
	if (!err)
		err = mount("sysfs", "/sys");
	return err ? err : make_tun();
}

static bool starts(const char *path, const char *prefix)
{
	return !strncmp(path, prefix, strlen(prefix));
}

void netview_moved(void)
{
	char cwd[NETVIEW_PATH_MAX];

	if (host_syscall3(SYS_getcwd, (long)cwd, sizeof(cwd), 0) > 0)
		__atomic_store_n(&cwd_matters, starts(cwd, "/proc") ||
					       starts(cwd, "/sys"),
				 __ATOMIC_RELAXED);
}

void netview_own_resolver(void)
{
	own_resolver = true;
}

#define THREE(a, b, c) ((uint32_t)(a) << 16 | (b) << 8 | (c))

bool netview_maybe(int at, const char *path)
{
	uint32_t last = 0;	/* the last four characters */
	bool found = false, devices = false, resolver = false;
	size_t n;
	char c;

	/* To its end, so that it can be read later; if not, the host says so. */
	for (n = 0;; n++) {
		if (n == NETVIEW_PATH_MAX)
			return false;
		user_get(c, &path[n], bad);
		if (!c)
			break;
		last = last << 8 | (unsigned char)c;
		found |= (last & 0xffffff) == THREE('n', 'e', 't') ||
			 (last & 0xffff) == THREE(0, 'f', 'd');
		devices |= (last & 0xffffff) == THREE('s', 'y', 's');
		resolver |= (last & 0xffffff) == THREE('.', 'c', 'o');
	}
	if (found || (devices && strstr(path, "sys/devices")) ||
	    (resolver && strstr(path, "resolv.conf")))
		return true;
	if (__builtin_expect(at >= 0 && fdtab_entry(at), 0))
		return true;
	return at == AT_FDCWD && *path != '/' &&
	       __atomic_load_n(&cwd_matters, __ATOMIC_RELAXED);
bad:
	return false;
}

/* The path of the directory where a relative path starts. */
static bool start_of(int at, char *out)
{
	char link[32];
	long n;

	if (at == AT_FDCWD)
		return host_syscall3(SYS_getcwd, (long)out, NETVIEW_PATH_MAX,
				     0) > 0;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", at);
	n = host_syscall6(SYS_readlinkat, AT_FDCWD, (long)link, (long)out,
			  NETVIEW_PATH_MAX - 1, 0, 0);
	if (n <= 0)
		return false;
	out[n] = '\0';
	return *out == '/';
}

/* Appends the components of @path to the absolute path @out; false: too long. */
static bool append(char *out, size_t *len, const char *path)
{
	size_t n;

	while (*path) {
		path += strspn(path, "/");
		n = strcspn(path, "/");
		if (n == 2 && path[0] == '.' && path[1] == '.') {
			while (*len && out[--*len] != '/')
				;
		} else if (n && !(n == 1 && *path == '.')) {
			if (*len + n + 2 > NETVIEW_PATH_MAX)
				return false;
			out[(*len)++] = '/';
			memcpy(out + *len, path, n);
			*len += n;
		}
		path += n;
	}
	out[*len] = '\0';
	return true;
}

/*
 * The path from the root on, without "." and "..". Threads may have little
 * stack, so nothing is copied on the way: what it starts from is as it must be.
 */
static bool absolute(int at, const char *path, char *out)
{
	size_t len = 0, n = strlen(path);

	if (*path != '/') {
		if (!start_of(at, out))
			return false;
		len = strcmp(out, "/") ? strlen(out) : 0;
	}
	if (!append(out, &len, path))
		return false;
	/* "link/" is what the link leads to. */
	if (n && path[n - 1] == '/' && len && len + 2 < NETVIEW_PATH_MAX)
		strcpy(out + len, "/");
	return true;
}

/* What follows @dir in @path: "", "/..." or NULL if it is elsewhere. */
static const char *below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	if (strncmp(path, dir, n) || (path[n] && path[n] != '/'))
		return NULL;
	return path + n;
}

/* Skips a component that is "self", or the number of this process or thread. */
static const char *own_process(const char *path)
{
	const char *rest;
	char *end;
	long id;

	rest = below(path, "/self");
	if (!rest)
		rest = below(path, "/thread-self");
	if (rest)
		return rest;
	id = strtol(path + (*path == '/'), &end, 10);
	if (*path != '/' || end == path + 1 || *end != '/')
		return NULL;
	return id == host_syscall3(SYS_getpid, 0, 0, 0) ||
	       id == host_syscall3(SYS_gettid, 0, 0, 0) ? end : NULL;
}

/* @path is "/NUMBER", with nothing after: the LKL descriptor, or -1. */
static int lkl_fd_of(const char *path)
{
	char *end;
	long fd;

	if (path[0] != '/' || path[1] < '0' || path[1] > '9')
		return -1;
	fd = strtol(path + 1, &end, 10);
	return *end || fd > INT32_MAX ? -1 : fdtab_lkl(fd);
}

/* One of /proc/self's, @rest of the path. */
static bool find_in_process(const char *rest, char *out)
{
	const char *task = below(rest, "/task"), *tail;
	int fd;

	if (task && *task == '/') {
		tail = strchr(task + 1, '/');
		rest = tail ? tail : rest;
	}
	tail = below(rest, "/net");
	if (tail) {
		/* It may overlap with what is copied. */
		memmove(out + strlen("/proc/self/net"), tail, strlen(tail) + 1);
		memcpy(out, "/proc/self/net", strlen("/proc/self/net"));
		return true;
	}
	tail = below(rest, "/fd");
	fd = tail ? lkl_fd_of(tail) : -1;
	if (fd >= 0)
		sprintf(out, "/proc/self/fd/%d", fd);
	tail = below(rest, "/fdinfo");
	if (tail && (fd = lkl_fd_of(tail)) >= 0)
		sprintf(out, "/proc/self/fdinfo/%d", fd);
	return fd >= 0;
}

/*
 * Devices of interfaces are below directories called "net"; the others of LKL
 * are those that the host does not have.
 */
static bool find_device(const char *path, const char *rest)
{
	const char *net = strstr(rest, "/net");
	char nothing;

	if (net && (!net[4] || net[4] == '/'))
		return true;
	return *rest &&
	       host_syscall6(SYS_readlinkat, AT_FDCWD, (long)path,
			     (long)&nothing, 1, 0, 0) == -ENOENT &&
	       lkl_do(__lkl__NR_readlinkat, AT_FDCWD, path, &nothing, 1) !=
		       -ENOENT;
}

/* Whether the absolute path @path is LKL's; changed to the name there. */
static bool find(char *path)
{
	const char *rest = below(path, "/proc"), *own;
	int fd;

	if (rest) {
		if (below(rest, "/net") || below(rest, "/sys/net"))
			return true;
		own = own_process(rest);
		return own && find_in_process(own, path);
	}
	rest = below(path, "/sys");
	if (rest) {
		own = below(rest, "/devices");
		return below(rest, "/class/net") ||
		       (own && find_device(path, own));
	}
	if (!strcmp(path, RESOLVER))
		return own_resolver;
	if (!strcmp(path, TUN))
		return true;
	rest = below(path, "/dev/fd");
	fd = rest ? lkl_fd_of(rest) : -1;
	if (fd >= 0)
		sprintf(path, "/proc/self/fd/%d", fd);
	return fd >= 0;
}

bool netview_find(int at, const char *path, struct netview *view)
{
	int lkl_fd = at >= 0 ? fdtab_lkl(at) : -1;

	view->barred = false;
	if (!netview_maybe(at, path))
		return false;
	if (lkl_fd >= 0 && *path != '/') {
		view->at = lkl_fd;
		view->path = path;
		return true;
	}
	view->at = AT_FDCWD;
	view->path = view->buf;
	if (!absolute(at, path, view->buf) || !find(view->buf))
		return false;
	if (!boot_foreign() && boot_ready() == 0)
		return true;
	view->barred = !strcmp(view->buf, TUN);
	return false;
}

bool netview_has(int at, const char *path)
{
	struct netview view;

	return netview_find(at, path, &view) || view.barred;
}

bool netview_hides(int dir, const char *name)
{
	char link[32], path[64];
	const char *rest;
	char *end;
	long fd, n;

	if (*name < '0' || *name > '9')
		return false;
	fd = strtol(name, &end, 10);
	if (*end || fd > INT32_MAX || !fdtab_hidden(fd))
		return false;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", dir);
	n = host_syscall6(SYS_readlinkat, AT_FDCWD, (long)link, (long)path,
			  sizeof(path) - 1, 0, 0);
	path[n < 0 ? 0 : n] = '\0';
	rest = below(path, "/proc");
	rest = rest ? own_process(rest) : NULL;
	if (rest && starts(rest, "/task/"))
		rest = strchr(rest + strlen("/task/"), '/');
	return rest && (!strcmp(rest, "/fd") || !strcmp(rest, "/fdinfo"));
}
