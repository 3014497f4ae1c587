/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way from a network device to the outside: one backend per kind of
 * interface, each a file here and a row in table.c.
 */
#ifndef LKL_LIB_NETDEV_BACKEND_H
#define LKL_LIB_NETDEV_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

/* struct virtio_net_hdr_v1: what stands before each packet (virtio 5.1.6). */
#define VNET_HDR_LEN 12

struct backend;

/**
 * struct backend_ops - what an open backend can do
 * @rx: reads one packet without waiting. Bytes read; -EAGAIN; or another
 *	negative errno when the link has ended for good. A packet that does not
 *	fit is cut off.
 * @tx: writes one packet without waiting. At least 0 when it is out of our
 *	hands, sent or dropped as a wire may; -EAGAIN; or another negative
 *	errno when the link is broken for good.
 * @set_offload: the driver accepted @features (virtio-net's bits) and will
 *	take such packets. 0 or a negative errno. May be NULL.
 * @close: ends it, and frees @b.
 *
 * @rx, @tx and @set_offload are called by the carrier.
 */
struct backend_ops {
	ssize_t (*rx)(struct backend *b, const struct iovec *iov, int n);
	ssize_t (*tx)(struct backend *b, const struct iovec *iov, int n);
	int (*set_offload)(struct backend *b, uint64_t features);
	void (*close)(struct backend *b);
};

/**
 * struct backend - an open way out; the start of each backend's own struct
 * @ops: its operations.
 * @fd: becomes readable and writable; -1 when there is none to watch.
 * @features: virtio-net features it can do.
 * @vnet_hdr: packets have a struct virtio_net_hdr_v1 at their start.
 */
struct backend {
	const struct backend_ops *ops;
	int fd;
	uint64_t features;
	bool vnet_hdr;
};

/**
 * struct backend_error - the message for the user
 *
 * Complete: what was asked for, the reason, the remedy.
 */
struct backend_error {
	char *text;
	size_t size;
};

/**
 * backend_fail() - fills @error as printf(3) does
 * Return: @err, which is a negative errno.
 */
int backend_fail(struct backend_error *error, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * struct backend_type - a row of the table
 * @name: as in lkl_netdev_args.type.
 * @open: makes a backend of @param (may be NULL). Returns 0, or a negative
 *	errno with @error filled.
 */
struct backend_type {
	const char *name;
	int (*open)(const char *param, struct backend **backend,
		    struct backend_error *error);
};

/**
 * backend_find() - the type called @name
 * Return: NULL, with @error filled, when there is none.
 */
const struct backend_type *backend_find(const char *name,
					struct backend_error *error);

int tap_open(const char *param, struct backend **backend,
	     struct backend_error *error);

#endif
