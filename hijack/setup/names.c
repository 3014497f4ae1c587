// SPDX-License-Identifier: GPL-2.0-only
/*
 * nameserver: a file /etc/resolv.conf inside LKL (resolv.conf(5)), which the
 * program sees in place of the host's: netview.h. What DHCP has brought is used
 * where nothing is configured.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "lkl.h"
#include "netview.h"
#include "setup/setup.h"

#define FILE_NAME "/etc/resolv.conf"

/* Written by the kernel's autoconfiguration, in the form of resolv.conf. */
#define FROM_NETWORK "/proc/net/pnp"

/* Return: 0 or a negative errno. */
static long write_servers(const struct config *c)
{
	char line[64];
	unsigned int i;
	long fd, n = 0;

	fd = lkl_sys_openat(LKL_AT_FDCWD, FILE_NAME,
			    LKL_O_WRONLY | LKL_O_CREAT | LKL_O_TRUNC |
			    LKL_O_CLOEXEC, 0644);
	if (fd < 0)
		return fd;
	for (i = 0; i < c->nameserver.count && n >= 0; i++) {
		snprintf(line, sizeof(line), "nameserver %s\n",
			 c->nameserver.pair[i].first);
		n = lkl_sys_write(fd, line, strlen(line));
	}
	lkl_sys_close(fd);
	return n < 0 ? n : 0;
}

static bool network_has_servers(void)
{
	char text[1024];
	long fd = lkl_sys_openat(LKL_AT_FDCWD, FROM_NETWORK,
				 LKL_O_RDONLY | LKL_O_CLOEXEC, 0);
	long n = lkl_sys_read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		lkl_sys_close(fd);
	text[n < 0 ? 0 : n] = '\0';
	return strstr(text, "\nnameserver ");
}

void setup_nameservers(const struct config *c)
{
	long err = lkl_sys_mkdirat(LKL_AT_FDCWD, "/etc", 0755);

	if (err == -LKL_EEXIST)
		err = 0;
	if (c->nameserver.count) {
		if (!err)
			err = write_servers(c);
	} else if (setup_asks_network(c) && network_has_servers()) {
		if (!err)
			err = lkl_sys_symlinkat(FROM_NETWORK, LKL_AT_FDCWD,
						FILE_NAME);
	} else {
		return;
	}
	if (setup_must(c, err, -1, "nameserver", NULL))
		netview_own_resolver();
}
