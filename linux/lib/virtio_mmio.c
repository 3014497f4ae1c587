// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtio over memory-mapped registers, version 2: OASIS virtio 1.2, section
 * 4.2.2. Registers are 32 bits wide; the configuration space behind them may
 * be accessed in any width.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include "iomem.h"
#include "irq.h"
#include "virtio.h"
#include <lkl_host.h>

#define MAGIC_VALUE	0x74726976	/* "virt" */
#define VERSION		2
#define VENDOR_ID	0x4c4b4c	/* "LKL" */

/* Table 4.1: MMIO device register layout. */
enum reg {
	REG_MAGIC		= 0x000,
	REG_VERSION		= 0x004,
	REG_DEVICE_ID		= 0x008,
	REG_VENDOR_ID		= 0x00c,
	REG_DEVICE_FEATURES	= 0x010,
	REG_DEVICE_FEATURES_SEL	= 0x014,
	REG_DRIVER_FEATURES	= 0x020,
	REG_DRIVER_FEATURES_SEL	= 0x024,
	REG_QUEUE_SEL		= 0x030,
	REG_QUEUE_NUM_MAX	= 0x034,
	REG_QUEUE_NUM		= 0x038,
	REG_QUEUE_READY		= 0x044,
	REG_QUEUE_NOTIFY	= 0x050,
	REG_INTERRUPT_STATUS	= 0x060,
	REG_INTERRUPT_ACK	= 0x064,
	REG_STATUS		= 0x070,
	REG_QUEUE_DESC_LOW	= 0x080,
	REG_QUEUE_DESC_HIGH	= 0x084,
	REG_QUEUE_DRIVER_LOW	= 0x090,
	REG_QUEUE_DRIVER_HIGH	= 0x094,
	REG_QUEUE_DEVICE_LOW	= 0x0a0,
	REG_QUEUE_DEVICE_HIGH	= 0x0a4,
	REG_SHM_LEN_LOW		= 0x0b0,
	REG_SHM_LEN_HIGH	= 0x0b4,
	REG_SHM_BASE_LOW	= 0x0b8,
	REG_SHM_BASE_HIGH	= 0x0bc,
	REG_CONFIG_GENERATION	= 0x0fc,
	REG_CONFIG		= 0x100,
};

/* Bits of InterruptStatus. */
#define INT_USED_BUFFER	1
#define INT_CONFIG	2

static void interrupt(struct virtio_device *dev, uint32_t cause)
{
	__atomic_fetch_or(&dev->irq_status, cause, __ATOMIC_SEQ_CST);
	lkl_kernel_irq(dev->irq);
}

void virtio_interrupt(struct virtio_device *dev)
{
	interrupt(dev, INT_USED_BUFFER);
}

void virtio_flush(struct virtio_device *dev, struct virtq *q)
{
	if (virtq_publish(q))
		interrupt(dev, INT_USED_BUFFER);
	if (q->broken)
		virtio_fail(dev);
}

void virtio_config_update(struct virtio_device *dev)
{
	dev->generation++;
	if (dev->status & VIRTIO_STATUS_DRIVER_OK)
		interrupt(dev, INT_CONFIG);
}

void virtio_fail(struct virtio_device *dev)
{
	if (dev->status & VIRTIO_STATUS_NEEDS_RESET)
		return;
	dev->status |= VIRTIO_STATUS_NEEDS_RESET;
	virtio_config_update(dev);
}

static void reset(struct virtio_device *dev)
{
	unsigned int i;

	if (dev->started)
		dev->ops->stop(dev);
	dev->started = false;
	dev->status = 0;
	dev->irq_status = 0;
	dev->accepted = 0;
	for (i = 0; i < dev->queue_count; i++)
		virtq_reset(&dev->queues[i]);
}

static void write_status(struct virtio_device *dev, uint32_t status)
{
	unsigned int i;

	if (!status) {
		reset(dev);
		return;
	}

	/* What the driver took must be offered, and modern (2.2, 6.1). */
	if (dev->accepted & ~dev->features ||
	    !virtio_has(dev, VIRTIO_F_VERSION_1))
		status &= ~VIRTIO_STATUS_FEATURES_OK;
	dev->status |= status & 0xff;

	if (dev->started || !(dev->status & VIRTIO_STATUS_DRIVER_OK))
		return;
	if (!(dev->status & VIRTIO_STATUS_FEATURES_OK)) {
		virtio_fail(dev);
		return;
	}
	for (i = 0; i < dev->queue_count; i++) {
		dev->queues[i].event_idx = virtio_has(dev, VIRTIO_F_EVENT_IDX);
		dev->queues[i].indirect =
			virtio_has(dev, VIRTIO_F_INDIRECT_DESC);
	}
	dev->started = true;
	dev->ops->start(dev);
}

static void notify(struct virtio_device *dev, uint32_t n)
{
	if (n >= dev->queue_count || !dev->started || !dev->queues[n].ready)
		return;
	dev->ops->notify(dev, n);
}

static struct virtq *selected(struct virtio_device *dev)
{
	return dev->queue_sel < dev->queue_count ? &dev->queues[dev->queue_sel] :
						   NULL;
}

static void set_ready(struct virtio_device *dev, struct virtq *q,
		      uint32_t ready)
{
	if (!ready)
		q->ready = false;
	else if (virtq_enable(q))
		virtio_fail(dev);
}

/* Half of a 64-bit value: the lower for @high 0, the upper for 1. */
static void set_half(uint64_t *value, uint32_t high, uint32_t half)
{
	unsigned int shift = high ? 32 : 0;

	*value = (*value & ~(0xffffffffULL << shift)) |
		 (uint64_t)half << shift;
}

static uint32_t get_half(uint64_t value, uint32_t high)
{
	return high == 0 ? (uint32_t)value : high == 1 ? value >> 32 : 0;
}

static void write_queue_register(struct virtio_device *dev, enum reg reg,
				 uint32_t value)
{
	struct virtq *q = selected(dev);

	/* A queue in use stays as it is (4.2.2.2). */
	if (!q || (q->ready && reg != REG_QUEUE_READY))
		return;
	switch (reg) {
	case REG_QUEUE_NUM:
		q->size = value <= q->size_max ? value : 0;
		break;
	case REG_QUEUE_READY:
		set_ready(dev, q, value);
		break;
	case REG_QUEUE_DESC_LOW:
	case REG_QUEUE_DESC_HIGH:
		set_half(&q->desc_addr, reg - REG_QUEUE_DESC_LOW, value);
		break;
	case REG_QUEUE_DRIVER_LOW:
	case REG_QUEUE_DRIVER_HIGH:
		set_half(&q->avail_addr, reg - REG_QUEUE_DRIVER_LOW, value);
		break;
	case REG_QUEUE_DEVICE_LOW:
	case REG_QUEUE_DEVICE_HIGH:
		set_half(&q->used_addr, reg - REG_QUEUE_DEVICE_LOW, value);
		break;
	default:
		break;
	}
}

static void write_register(struct virtio_device *dev, enum reg reg,
			   uint32_t value)
{
	switch (reg) {
	case REG_QUEUE_NOTIFY:
		notify(dev, value);
		break;
	case REG_INTERRUPT_ACK:
		__atomic_fetch_and(&dev->irq_status, ~value, __ATOMIC_SEQ_CST);
		break;
	case REG_STATUS:
		write_status(dev, value);
		break;
	case REG_DEVICE_FEATURES_SEL:
		dev->features_sel = value;
		break;
	case REG_DRIVER_FEATURES_SEL:
		dev->accepted_sel = value;
		break;
	case REG_DRIVER_FEATURES:
		if (dev->accepted_sel <= 1 &&
		    !(dev->status & VIRTIO_STATUS_FEATURES_OK))
			set_half(&dev->accepted, dev->accepted_sel, value);
		break;
	case REG_QUEUE_SEL:
		dev->queue_sel = value;
		break;
	default:
		write_queue_register(dev, reg, value);
	}
}

static uint32_t read_register(struct virtio_device *dev, enum reg reg)
{
	const struct virtq *q = selected(dev);

	switch (reg) {
	case REG_MAGIC:
		return MAGIC_VALUE;
	case REG_VERSION:
		return VERSION;
	case REG_DEVICE_ID:
		return dev->type;
	case REG_VENDOR_ID:
		return VENDOR_ID;
	case REG_DEVICE_FEATURES:
		return get_half(dev->features, dev->features_sel);
	case REG_QUEUE_NUM_MAX:
		return q ? q->size_max : 0;
	case REG_QUEUE_READY:
		return q && q->ready;
	case REG_INTERRUPT_STATUS:
		return dev->irq_status;
	case REG_STATUS:
		return dev->status;
	case REG_SHM_LEN_LOW:
	case REG_SHM_LEN_HIGH:
	case REG_SHM_BASE_LOW:
	case REG_SHM_BASE_HIGH:
		return 0xffffffff;	/* no shared memory (4.2.2.1) */
	case REG_CONFIG_GENERATION:
		return dev->generation;
	default:
		return 0;
	}
}

static uint64_t mmio_read(void *device, unsigned int offset, int size)
{
	struct virtio_device *dev = device;
	uint64_t value = 0;

	if (offset < REG_CONFIG)
		return size == 4 && offset % 4 == 0 ?
		       read_register(dev, offset) : 0;
	offset -= REG_CONFIG;
	if (offset + size <= dev->config_len)
		memcpy(&value, (char *)dev->config + offset, size);
	return value;
}

static void mmio_write(void *device, unsigned int offset, uint64_t value,
		       int size)
{
	struct virtio_device *dev = device;

	if (offset < REG_CONFIG) {
		if (size == 4 && offset % 4 == 0)
			write_register(dev, offset, value);
		return;
	}
	offset -= REG_CONFIG;
	if (!dev->ops->config_changed || offset + size > dev->config_len)
		return;
	memcpy((char *)dev->config + offset, &value, size);
	dev->ops->config_changed(dev, offset, size);
}

static const struct iomem_ops mmio_ops = {
	.read = mmio_read,
	.write = mmio_write,
};

int virtio_add(struct virtio_device *dev)
{
	dev->features |= VIRTIO_F_VERSION_1 | VIRTIO_F_EVENT_IDX |
			 VIRTIO_F_INDIRECT_DESC;
	reset(dev);

	dev->irq = irq_get();
	if (dev->irq < 0)
		return dev->irq;
	dev->base = iomem_add(VIRTIO_MMIO_SIZE, &mmio_ops, dev);
	if (dev->base < 0) {
		irq_put(dev->irq);
		return dev->base;
	}
	return 0;
}

void virtio_remove(struct virtio_device *dev)
{
	reset(dev);
	iomem_remove(dev->base);
	irq_put(dev->irq);
}
