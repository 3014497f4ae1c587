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
#include <lkl.h>

/* struct virtio_net_hdr_v1: what stands before each packet (virtio 5.1.6). */
#define VNET_HDR_LEN 12

struct backend;
struct burst_write;

/**
 * struct backend_ops - what an open backend can do
 * @rx: reads one packet without waiting. Bytes read; -EAGAIN; or another
 *	negative errno when the link has ended for good. A packet that does not
 *	fit is cut off.
 * @tx: writes one packet without waiting. At least 0 when it is out of our
 *	hands, sent or dropped as a wire may; -EAGAIN, then it is called with
 *	the same packet again; or another negative errno when the link is broken
 *	for good.
 * @tx_burst: writes several packets in one host call. How many of them
 *	are out of our hands, at least 1; or a negative errno as of @tx for the
 *	first, and -ENOSYS where the host has no such call. NULL if it cannot.
 * @set_offload: the driver accepted @features (virtio-net's bits) and will
 *	take such packets. 0 or a negative errno. May be NULL.
 * @close: ends it, and frees @b.
 *
 * @rx, @tx and @set_offload are called by the carrier, @tx_burst by the service
 * thread; by the carrier where packets that are written together cost less
 * (@joins).
 */
struct backend_ops {
	ssize_t (*rx)(struct backend *b, const struct iovec *iov, int n);
	ssize_t (*tx)(struct backend *b, const struct iovec *iov, int n);
	int (*tx_burst)(struct backend *b, struct burst_write *packets,
			unsigned int n);
	int (*set_offload)(struct backend *b, uint64_t features);
	void (*close)(struct backend *b);
};

/**
 * struct backend - an open way out; the start of each backend's own struct
 * @ops: its operations.
 * @fd: becomes readable, and writable unless @other_events has EPOLLOUT; -1 when
 *	there is none to watch.
 * @other_fd: another descriptor to be watched, or -1: what becomes writable, or
 *	what tells of the link's end.
 * @other_events: of @other_fd, EPOLLIN or EPOLLOUT.
 * @features: virtio-net features it can do.
 * @always: those of them that the driver gets whatever the user asked for.
 * @concurrent: @ops->tx and @ops->tx_burst may be called by the service thread
 *	instead, while the carrier calls others.
 * @drained: @ops->rx has read less than there was room for, so that an event will
 *	tell of more; cleared at each event.
 * @joins: @ops->tx_burst is for the carrier.
 * @vnet_hdr: packets have a struct virtio_net_hdr_v1 at their start.
 * @mac: address that the interface must have, all zero for any.
 * @mtu_max: bytes; 0 for no limit.
 * @network: the addresses on it that are for LKL, or NULL.
 */
struct backend {
	const struct backend_ops *ops;
	int fd;
	int other_fd;
	uint32_t other_events;
	uint64_t features;
	uint64_t always;
	bool concurrent;
	bool drained;
	bool joins;
	bool vnet_hdr;
	uint8_t mac[6];
	unsigned int mtu_max;
	const struct lkl_netdev_network *network;
};

/**
 * backend_new() - allocates a backend's struct
 * @size: of the struct that begins with the struct backend, in bytes.
 * @ops: its operations.
 * @fd: its descriptor.
 *
 * All else is zero: plain packets, merged buffers as the only feature.
 *
 * Return: NULL when there is no memory; @fd is the caller's still.
 */
void *backend_new(size_t size, const struct backend_ops *ops, int fd);

/** backend_close() - closes the descriptors and frees the struct */
void backend_close(struct backend *b);

/**
 * struct backend_error - the message for the user
 *
 * Complete: what was asked for, the reason, the remedy.
 */
struct backend_error {
	char *text;
	size_t size;
};

/* A packet on a wire that carries no struct virtio_net_hdr_v1, at most. */
#define BACKEND_FRAME_MAX (65536 + 14 + 4)

/** iov_length() - bytes that @n buffers hold together */
static inline size_t iov_length(const struct iovec *iov, int n)
{
	size_t len = 0;

	while (n--)
		len += iov++->iov_len;
	return len;
}

/**
 * iov_copy() - fills @n buffers with @len bytes, as far as they go
 * Return: bytes copied.
 */
ssize_t iov_copy(const struct iovec *iov, int n, const void *from, size_t len);

/**
 * backend_fail() - fills @error as printf(3) does
 * Return: @err, which is a negative errno.
 */
int backend_fail(struct backend_error *error, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

typedef int backend_open(const struct lkl_netdev_args *args,
			 struct backend **backend, struct backend_error *error);

/**
 * struct backend_type - a row of the table
 * @name: as in lkl_netdev_args.type.
 * @open: makes a backend of @args, of which only the parameter (may be NULL) and
 *	what the interface will be known by matter: its MAC address, which is
 *	never zero, and those of IP. Returns 0, or a negative errno with @error
 *	filled.
 */
struct backend_type {
	const char *name;
	backend_open *open;
};

/**
 * backend_find() - the type called @name
 * Return: NULL, with @error filled, when there is none.
 */
const struct backend_type *backend_find(const char *name,
					struct backend_error *error);

/* Kinds of wires that several backends have. */

/**
 * tun_backend() - a backend of a tun/tap descriptor (tap, macvtap)
 * @fd: attached to its device with IFF_VNET_HDR; taken over on success.
 *
 * Return: 0 or a negative errno, of the ioctl(2) that failed.
 */
int tun_backend(int fd, struct backend **backend);

/**
 * datagram_backend() - each message of a socket is a packet
 * @fd: connected socket; taken over on success.
 *
 * Return: 0 or -ENOMEM.
 */
int datagram_backend(int fd, struct backend **backend);

/**
 * stream_backend() - packets on a stream, each behind its length in 4 bytes
 * @fd: connected socket; taken over on success. The length is big-endian, as
 *	QEMU's and passt's.
 *
 * Return: 0 or -ENOMEM.
 */
int stream_backend(int fd, struct backend **backend);

/* One file each, in the order of the table. */
backend_open tap_open;
backend_open macvtap_open;
backend_open raw_open;
backend_open pipe_open;
backend_open fd_open;
backend_open vde_open;
backend_open dpdk_open;
backend_open user_open;
backend_open passt_open;
backend_open slirp_open;
backend_open loop_open;

#endif
