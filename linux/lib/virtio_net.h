/* SPDX-License-Identifier: GPL-2.0-only */
/* A network device: OASIS virtio 1.2, section 5.1. */
#ifndef LKL_LIB_VIRTIO_NET_H
#define LKL_LIB_VIRTIO_NET_H

#include <stdint.h>
#include "burst.h"
#include "chores.h"
#include "netdev/backend.h"
#include "virtio.h"

/* Feature bits (5.1.3), as masks. "Guest" is the driver, "host" the device. */
#define VIRTIO_NET_F_CSUM		(1ULL << 0)
#define VIRTIO_NET_F_GUEST_CSUM		(1ULL << 1)
#define VIRTIO_NET_F_CTRL_GUEST_OFFLOADS (1ULL << 2)
#define VIRTIO_NET_F_MTU		(1ULL << 3)
#define VIRTIO_NET_F_MAC		(1ULL << 5)
#define VIRTIO_NET_F_GUEST_TSO4		(1ULL << 7)
#define VIRTIO_NET_F_GUEST_TSO6		(1ULL << 8)
#define VIRTIO_NET_F_GUEST_ECN		(1ULL << 9)
#define VIRTIO_NET_F_GUEST_UFO		(1ULL << 10)
#define VIRTIO_NET_F_HOST_TSO4		(1ULL << 11)
#define VIRTIO_NET_F_HOST_TSO6		(1ULL << 12)
#define VIRTIO_NET_F_HOST_ECN		(1ULL << 13)
#define VIRTIO_NET_F_HOST_UFO		(1ULL << 14)
#define VIRTIO_NET_F_MRG_RXBUF		(1ULL << 15)
#define VIRTIO_NET_F_STATUS		(1ULL << 16)
#define VIRTIO_NET_F_CTRL_VQ		(1ULL << 17)
#define VIRTIO_NET_F_CTRL_MAC_ADDR	(1ULL << 23)
#define VIRTIO_NET_F_GUEST_USO4		(1ULL << 54)
#define VIRTIO_NET_F_GUEST_USO6		(1ULL << 55)
#define VIRTIO_NET_F_HOST_USO		(1ULL << 56)

/* Those that let packets be bigger, or checksums open, on the way in. */
#define VIRTIO_NET_GUEST_OFFLOADS					\
	(VIRTIO_NET_F_GUEST_CSUM | VIRTIO_NET_F_GUEST_TSO4 |		\
	 VIRTIO_NET_F_GUEST_TSO6 | VIRTIO_NET_F_GUEST_ECN |		\
	 VIRTIO_NET_F_GUEST_UFO | VIRTIO_NET_F_GUEST_USO4 |		\
	 VIRTIO_NET_F_GUEST_USO6)

/* The same on the way out. */
#define VIRTIO_NET_HOST_OFFLOADS					\
	(VIRTIO_NET_F_CSUM | VIRTIO_NET_F_HOST_TSO4 |			\
	 VIRTIO_NET_F_HOST_TSO6 | VIRTIO_NET_F_HOST_ECN |		\
	 VIRTIO_NET_F_HOST_UFO | VIRTIO_NET_F_HOST_USO)

/* All that an offload mask may ask for. */
#define VIRTIO_NET_OFFLOADS						\
	(VIRTIO_NET_GUEST_OFFLOADS | VIRTIO_NET_HOST_OFFLOADS |		\
	 VIRTIO_NET_F_CTRL_GUEST_OFFLOADS | VIRTIO_NET_F_MRG_RXBUF)

/* Bit of virtio_net_config.status (5.1.4). */
#define VIRTIO_NET_S_LINK_UP 1

/* struct virtio_net_config (5.1.4), as far as it is used. */
struct virtio_net_config {
	uint8_t mac[6];
	uint16_t status;
	uint16_t max_virtqueue_pairs;
	uint16_t mtu;
} __attribute__((packed));

enum {
	VIRTIO_NET_RXQ,
	VIRTIO_NET_TXQ,
	VIRTIO_NET_CTRLQ,
	VIRTIO_NET_QUEUES
};

/* The longest packet with its headers (5.1.6.3.1). */
#define RX_PACKET_MAX (65536 + 14 + 4 + VNET_HDR_LEN)

/*
 * The receive window: buffers taken from the driver into which the next packet
 * is read, in two arrays of which the used parts move up and are moved back
 * down at the end.
 */
#define RX_WINDOW 512

/* One buffer, or chain of buffers, of the driver. */
struct rx_buffer {
	uint16_t head;
	uint16_t iovs;
	uint32_t len;
};

/* So much between two waits is a stream of data (lkl_kernel_bulk()). */
#define BULK_BYTES (16 << 10)

/**
 * struct virtio_net - a network device
 * @dev: what it is for the transport.
 * @queues, @config: of @dev.
 * @backend: its way out; NULL once that has ended.
 * @source, @other_source: of events of the backend's descriptors, or negative.
 * @merge: packets may take several receive buffers.
 * @held: nothing is received yet.
 * @tx_blocked: the backend takes no more; its writability is watched.
 * @tx_chore: the service thread's part of transmission.
 * @tx_owner: who takes packets from the queue, in virtio_net_tx.c.
 * @tx_run: bytes sent since a thread last waited inside, at @tx_waits.
 * @tx_single: the host has no call for several packets.
 * @tx_iov: of the packets that the service thread sends together.
 * @rx_buffers, @rx_iov: the receive window: from @rx_first and @rx_iov_first,
 *	@rx_count buffers with @rx_iovs iovecs and @rx_bytes bytes.
 * @rx_want: bytes that it should have for the next packet.
 * @rx_short_run: packets in a row that would have fitted into less.
 * @rx_overflow: where the end of a packet goes that does not fit.
 * @rx_spilled: length of such a packet while there are no buffers for it, or 0;
 *	from @rx_spilled_from on it is in @rx_overflow.
 * @rx_packets, @rx_tcp, @rx_portion: packets read since the backend's event, those
 *	of TCP, and bytes.
 */
struct virtio_net {
	struct virtio_device dev;
	struct virtq queues[VIRTIO_NET_QUEUES];
	struct virtio_net_config config;
	struct backend *backend;
	int source;
	int other_source;
	bool merge;
	_Atomic bool held;
	bool tx_blocked;

	struct chore tx_chore;
	_Atomic unsigned int tx_owner;
	unsigned int tx_waits;
	uint32_t tx_run;
	bool tx_single;
	struct iovec tx_iov[BURST_MAX][VIRTQ_MAX_CHAIN];

	unsigned int rx_first;
	unsigned int rx_count;
	unsigned int rx_iov_first;
	unsigned int rx_iovs;
	uint32_t rx_bytes;
	uint32_t rx_want;
	unsigned int rx_short_run;
	uint32_t rx_spilled;
	uint32_t rx_spilled_from;
	unsigned int rx_packets;
	unsigned int rx_tcp;
	uint32_t rx_portion;
	struct rx_buffer rx_buffers[RX_WINDOW];
	struct iovec rx_iov[RX_WINDOW];
	char rx_overflow[RX_PACKET_MAX];
};

/**
 * struct virtio_net_args - what virtio_net_create() makes
 * @backend: its way out, owned by the device from then on.
 * @mac: address.
 * @mtu: 0 for none in particular.
 * @offloads: VIRTIO_NET_OFFLOADS to be offered; a bit without those it needs
 *	(5.1.3.1) is not.
 * @queue_size: entries per queue, a power of two up to VIRTQ_MAX_SIZE.
 * @held: it receives from virtio_net_release() on.
 */
struct virtio_net_args {
	struct backend *backend;
	const uint8_t *mac;
	unsigned int mtu;
	uint64_t offloads;
	unsigned int queue_size;
	bool held;
};

/**
 * virtio_net_create() - makes a network device and adds it to the transport
 *
 * Return: 0, or a negative errno; @args->backend is the caller's still then.
 */
int virtio_net_create(const struct virtio_net_args *args,
		      struct virtio_net **net);

/**
 * virtio_net_destroy() - ends it, and closes its backend
 *
 * The kernel has let go of the device, or has ended.
 */
void virtio_net_destroy(struct virtio_net *net);

/** virtio_net_release() - lets it receive; on any thread of the program */
void virtio_net_release(struct virtio_net *net);

/** virtio_net_set_offloads() - tells the backend what the driver takes now */
int virtio_net_set_offloads(struct virtio_net *net, uint64_t features);

/** virtio_net_link_is_up() - whether the backend still works */
static inline bool virtio_net_link_is_up(const struct virtio_net *net)
{
	return net->config.status & VIRTIO_NET_S_LINK_UP;
}

/**
 * virtio_net_link_lost() - the backend has ended for good
 *
 * The driver sees what it would of a pulled cable.
 */
void virtio_net_link_lost(struct virtio_net *net);

/**
 * virtio_net_skip_header() - the packet behind a header
 * @to: filled with @iov less its first VNET_HDR_LEN bytes; as long as @iov.
 *
 * Return: how many were filled.
 */
int virtio_net_skip_header(struct iovec *to, const struct iovec *iov, int n);

/** virtio_net_tx_start() - the driver is ready */
void virtio_net_tx_start(struct virtio_net *net);

/** virtio_net_tx_reset() - the driver is not, or the link has ended */
void virtio_net_tx_reset(struct virtio_net *net);

/** virtio_net_transmit() - sends what the driver has put in, or has it sent */
void virtio_net_transmit(struct virtio_net *net);

/** virtio_net_rx_reset() - forgets the driver's receive buffers */
void virtio_net_rx_reset(struct virtio_net *net);

/**
 * virtio_net_receive() - reads a portion of packets, for an event of the backend
 *
 * Out of buffers, it asks for the driver's notification; when there are more
 * packets, for another event.
 */
void virtio_net_receive(struct virtio_net *net);

/**
 * virtio_net_receive_on() - goes on with the portion, for a notification
 *
 * The driver may never stop putting in buffers while more comes: not a new one.
 */
void virtio_net_receive_on(struct virtio_net *net);

/** virtio_net_control() - handles the control queue (5.1.6.5) */
void virtio_net_control(struct virtio_net *net);

#endif
