/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Virtio devices and their memory-mapped transport (OASIS virtio 1.2, chapters
 * 2 and 4.2).
 *
 * A kind of device is a struct virtio_ops and a struct that begins with, or
 * contains, a struct virtio_device. Its operations are called by the carrier,
 * so that devices take no locks.
 */
#ifndef LKL_LIB_VIRTIO_H
#define LKL_LIB_VIRTIO_H

#include <stdbool.h>
#include <stdint.h>
#include "virtq.h"

/* Device types (chapter 5). */
#define VIRTIO_ID_NET	1
#define VIRTIO_ID_BLOCK	2

/* Features of every device (chapter 6), added by virtio_add(). */
#define VIRTIO_F_INDIRECT_DESC	(1ULL << 28)
#define VIRTIO_F_EVENT_IDX	(1ULL << 29)
#define VIRTIO_F_VERSION_1	(1ULL << 32)

/* Bits of the status register (2.1). */
#define VIRTIO_STATUS_FEATURES_OK	8
#define VIRTIO_STATUS_DRIVER_OK		4
#define VIRTIO_STATUS_NEEDS_RESET	64

struct virtio_device;

/**
 * struct virtio_ops - a kind of device
 * @start: the driver is ready (DRIVER_OK); features and queues are settled.
 * @stop: the driver reset the device: it must touch the queues no more. Called
 *	after every @start.
 * @notify: the driver put something into queue @n.
 * @config_changed: the driver wrote @len bytes of the configuration at @offset;
 *	may be NULL, then it cannot.
 */
struct virtio_ops {
	void (*start)(struct virtio_device *dev);
	void (*stop)(struct virtio_device *dev);
	void (*notify)(struct virtio_device *dev, unsigned int n);
	void (*config_changed)(struct virtio_device *dev, unsigned int offset,
			       unsigned int len);
};

/**
 * struct virtio_device - one device
 *
 * Set by the device before virtio_add():
 * @ops, @type: what it is.
 * @features: those it offers, besides the general ones.
 * @queues, @queue_count: its queues, with size_max set.
 * @config, @config_len: its configuration space.
 *
 * Of the transport:
 * @accepted: features that the driver took.
 * @base, @irq: where it was added.
 * @started: between @ops->start and @ops->stop.
 * The rest: registers.
 */
struct virtio_device {
	const struct virtio_ops *ops;
	uint32_t type;
	uint64_t features;
	struct virtq *queues;
	unsigned int queue_count;
	void *config;
	unsigned int config_len;

	uint64_t accepted;
	long base;
	int irq;
	bool started;
	uint32_t status;
	uint32_t irq_status;
	uint32_t features_sel;
	uint32_t accepted_sel;
	uint32_t queue_sel;
	uint32_t generation;
};

/* Size of a device's registers, configuration included. */
#define VIRTIO_MMIO_SIZE 0x200U

/**
 * virtio_add() - gives a device addresses and an interrupt
 *
 * The kernel still has to be told of them. Any thread.
 *
 * Return: 0 or -ENOSPC.
 */
int virtio_add(struct virtio_device *dev);

/**
 * virtio_remove() - takes those back
 *
 * The kernel has let go of the device, or has ended.
 */
void virtio_remove(struct virtio_device *dev);

/** virtio_has() - whether the driver accepted @feature (a mask of one bit) */
static inline bool virtio_has(const struct virtio_device *dev,
			      uint64_t feature)
{
	return dev->accepted & feature;
}

/** virtio_interrupt() - the driver is to look at its queues; by any thread */
void virtio_interrupt(struct virtio_device *dev);

/** virtio_flush() - publishes what was put into @q, by an interrupt if wanted */
void virtio_flush(struct virtio_device *dev, struct virtq *q);

/** virtio_config_update() - tells the driver that the device changed @config */
void virtio_config_update(struct virtio_device *dev);

/** virtio_fail() - tells the driver that the device needs a reset (2.1.2) */
void virtio_fail(struct virtio_device *dev);

#endif
