// SPDX-License-Identifier: GPL-2.0-only
/* The kinds of interfaces. Adding one is one file and one row here. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../host.h"
#include "../virtio_net.h"
#include "../own_fds.h"
#include "backend.h"

static const struct backend_type types[] = {
	{ "tap", tap_open },
	{ "macvtap", macvtap_open },
	{ "raw", raw_open },
	{ "pipe", pipe_open },
	{ "fd", fd_open },
	{ "vde", vde_open },
	{ "dpdk", dpdk_open },
	{ "user", user_open },
	{ "passt", passt_open },
	{ "slirp", slirp_open },
	{ "loop", loop_open },
};

#define TYPES (sizeof(types) / sizeof(types[0]))

int backend_fail(struct backend_error *error, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (error->size)
		vsnprintf(error->text, error->size, format, args);
	va_end(args);
	return err;
}

ssize_t iov_copy(const struct iovec *iov, int n, const void *from, size_t len)
{
	size_t done = 0, part;

	for (; n-- && done < len; iov++) {
		part = len - done < iov->iov_len ? len - done : iov->iov_len;
		memcpy(iov->iov_base, (const char *)from + done, part);
		done += part;
	}
	return done;
}

void *backend_new(size_t size, const struct backend_ops *ops, int fd)
{
	struct backend *b = calloc(1, size);

	if (!b)
		return NULL;
	b->ops = ops;
	b->fd = fd;
	b->other_fd = -1;
	b->features = VIRTIO_NET_F_MRG_RXBUF;
	return b;
}

void backend_close(struct backend *b)
{
	if (b->fd >= 0)
		own_fd_close(b->fd);
	if (b->other_fd >= 0)
		own_fd_close(b->other_fd);
	free(b);
}

const struct backend_type *backend_find(const char *name,
					struct backend_error *error)
{
	char known[256];
	size_t i, len = 0;

	for (i = 0; i < TYPES; i++)
		if (name && !strcmp(types[i].name, name))
			return &types[i];

	for (i = 0; i < TYPES && len < sizeof(known); i++)
		len += snprintf(known + len, sizeof(known) - len, "%s%s",
				i ? ", " : "", types[i].name);
	backend_fail(error, -EINVAL,
		     "'%s' is not a type of interface: use one of: %s",
		     name ? name : "", known);
	return NULL;
}
