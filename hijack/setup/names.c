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

static long make_directory(void)
{
	long err = lkl_sys_mkdirat(LKL_AT_FDCWD, "/etc", 0755);

	return err == -LKL_EEXIST ? 0 : err;
}

/* Return: 0 or a negative errno. */
static long write_file(const char *text)
{
	long fd, n;

	fd = lkl_sys_openat(LKL_AT_FDCWD, FILE_NAME,
			    LKL_O_WRONLY | LKL_O_CREAT | LKL_O_TRUNC |
			    LKL_O_CLOEXEC, 0644);
	if (fd < 0)
		return fd;
	n = lkl_sys_write(fd, text, strlen(text));
	lkl_sys_close(fd);
	return n < 0 ? n : 0;
}

/* More than one resolver looks at (MAXNS of <resolv.h>) may not fit. */
static long write_servers(const struct config *c)
{
	char text[1024] = "";
	unsigned int i;

	for (i = 0; i < c->nameserver.count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "nameserver %s\n", c->nameserver.pair[i].first);
	return write_file(text);
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

/* Whatever else has been there. */
void setup_resolver(const struct config *c, const char *text)
{
	long err = make_directory();

	/* It may be a link to what the network has told. */
	if (!err)
		err = lkl_sys_unlinkat(LKL_AT_FDCWD, FILE_NAME, 0);
	if (!err || err == -LKL_ENOENT)
		err = write_file(text);
	if (setup_must(c, err, -1, "nameserver", NULL))
		netview_own_resolver();
}

void setup_nameservers(const struct config *c)
{
	long err = make_directory();

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
