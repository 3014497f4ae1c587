// SPDX-License-Identifier: GPL-2.0-only
/* Keys about files of LKL: mount, sysctl, dump. See setup.h. */
#include <stdio.h>
#include "config_keys.h"
#include "lkl.h"
#include "message.h"
#include "setup/setup.h"

void setup_mounts(const struct config *c)
{
	unsigned int i;
	int err;

	for (i = 0; i < c->mount.count; i++) {
		err = lkl_mount_fs(c->mount.pair[i].first);
		/* It is there, as /proc is: netview.h. */
		if (err != -LKL_EBUSY)
			setup_must(c, err, -1, "mount", c->mount.pair[i].first);
	}
}

static void refuse_sysctl(const struct config *c,
			  const struct config_pair *pair, int err)
{
	switch (-err) {
	case LKL_ENOENT:
		config_wrong_at(c, -1, "sysctl",
				"\"%s\": this kernel has no such sysctl; correct the name, or remove it",
				pair->first);
		break;
	case LKL_EACCES:
	case LKL_EPERM:
		config_wrong_at(c, -1, "sysctl",
				"\"%s\": it can only be read; remove it",
				pair->first);
		break;
	default:
		config_wrong_at(c, -1, "sysctl",
				"\"%s\" does not take \"%s\": %s; correct the value",
				pair->first, pair->second, lkl_strerror(err));
	}
	setup_refuse();
}

void setup_sysctls(const struct config *c)
{
	unsigned int i;
	int err;

	for (i = 0; i < c->sysctl.count; i++) {
		err = lkl_sysctl_write(c->sysctl.pair[i].first,
				       c->sysctl.pair[i].second);
		if (err)
			refuse_sysctl(c, &c->sysctl.pair[i], err);
	}
}

/* Return: 0 or a negative errno. */
static long print_file(const char *path)
{
	long fd = lkl_sys_openat(LKL_AT_FDCWD, path,
				 LKL_O_RDONLY | LKL_O_CLOEXEC, 0), n;
	char buf[4096], last = '\n';

	if (fd < 0)
		return fd;
	while ((n = lkl_sys_read(fd, buf, sizeof(buf))) > 0) {
		message_text(buf, n);
		last = buf[n - 1];
	}
	if (last != '\n')
		message_text("\n", 1);
	lkl_sys_close(fd);
	return n;
}

void setup_dump(const struct config *c)
{
	unsigned int i;
	long err;

	for (i = 0; i < c->dump.count; i++) {
		message("%s:", c->dump.pair[i].first);
		err = print_file(c->dump.pair[i].first);
		if (err)
			config_wrong_at(c, -1, "dump",
					"\"%s\": %s; LKL has only what \"mount\" mounts in it",
					c->dump.pair[i].first,
					lkl_strerror(err));
	}
}
