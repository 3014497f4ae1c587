// SPDX-License-Identifier: GPL-2.0-only
/* Writing sysctls: through a mount of proc that nobody else can see. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <lkl.h>

#define PATH_SIZE 256

/* sysctl(8): what separates the parts is whichever of the two comes first. */
static bool path_of(const char *name, char path[PATH_SIZE])
{
	size_t len = strlen(name), first = strcspn(name, "./"), i;

	if (!len || len >= PATH_SIZE)
		return false;
	for (i = 0; i <= len; i++) {
		path[i] = name[i];
		if (name[first] == '.' && name[i] == '.')
			path[i] = '/';
		else if (name[first] == '.' && name[i] == '/')
			path[i] = '.';
	}
	return true;
}

/* fsopen(2) and its kin. Return: a descriptor of a detached mount of proc. */
static long mount_proc(void)
{
	long fs = lkl_sys_fsopen((char *)"proc", LKL_FSOPEN_CLOEXEC);
	long err, mount;

	if (fs < 0)
		return fs;
	err = lkl_sys_fsconfig(fs, LKL_FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	mount = err ? err : lkl_sys_fsmount(fs, LKL_FSMOUNT_CLOEXEC, 0);
	lkl_sys_close(fs);
	return mount;
}

/* Return: a descriptor of the file at @path below proc's sys. */
static long open_below(long proc, const char *path)
{
	struct lkl_open_how how = {
		.flags = LKL_O_PATH | LKL_O_DIRECTORY,
		.resolve = LKL_RESOLVE_BENEATH | LKL_RESOLVE_NO_SYMLINKS,
	};
	long sys = lkl_sys_openat2(proc, (char *)"sys", &how, sizeof(how)), fd;

	if (sys < 0)
		return sys;
	how.flags = LKL_O_WRONLY | LKL_O_CLOEXEC;
	fd = lkl_sys_openat2(sys, path, &how, sizeof(how));
	lkl_sys_close(sys);
	return fd;
}

int lkl_sysctl_write(const char *name, const char *value)
{
	char path[PATH_SIZE];
	size_t len = strlen(value);
	long proc, fd, n;

	if (!path_of(name, path))
		return -LKL_ENOENT;
	proc = mount_proc();
	if (proc < 0)
		return proc;
	fd = open_below(proc, path);
	lkl_sys_close(proc);
	/* A way out, or a directory, is no sysctl. */
	if (fd == -LKL_EXDEV || fd == -LKL_EISDIR || fd == -LKL_ENOTDIR)
		return -LKL_ENOENT;
	if (fd < 0)
		return fd;
	n = lkl_sys_write(fd, (char *)value, len);
	lkl_sys_close(fd);
	if (n < 0)
		return n;
	/* Of "1 x" a number takes but the 1. */
	return (size_t)n == len ? 0 : -LKL_EINVAL;
}
