// SPDX-License-Identifier: GPL-2.0-or-later
/* The virtio-mmio transport: registers, negotiation, queue set-up and reset. */
#include <string.h>
#include "../../linux/lib/iomem.h"
#include "check.h"
#include "driver.h"

static unsigned int starts, stops, notified, config_writes;

static void start(struct virtio_device *dev)
{
	(void)dev;
	starts++;
}

static void stop(struct virtio_device *dev)
{
	(void)dev;
	stops++;
}

static void notify(struct virtio_device *dev, unsigned int n)
{
	(void)dev;
	notified |= 1U << n;
}

static void config_changed(struct virtio_device *dev, unsigned int offset,
			   unsigned int len)
{
	(void)dev;
	CHECK_EQ(offset, 4);
	CHECK_EQ(len, 2);
	config_writes++;
}

static const struct virtio_ops ops = {
	.start = start,
	.stop = stop,
	.notify = notify,
	.config_changed = config_changed,
};

static struct virtq queues[2];
static unsigned char config[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
static struct virtio_device dev = {
	.ops = &ops,
	.type = VIRTIO_ID_NET,
	.features = 1 << 5 | 1ULL << 40,
	.queues = queues,
	.queue_count = 2,
	.config = config,
	.config_len = sizeof(config),
};

static void test_identity(void)
{
	CHECK_EQ(mmio_get(&dev, MMIO_MAGIC), 0x74726976);
	CHECK_EQ(mmio_get(&dev, MMIO_VERSION), 2);
	CHECK_EQ(mmio_get(&dev, MMIO_DEVICE_ID), 1);
	CHECK_EQ(iomem_read(dev.base, 2), 0);	/* only 32 bits wide */
	CHECK_EQ(mmio_get(&dev, 0x0b0), 0xffffffff);	/* no shared memory */
	CHECK_EQ(iomem_read(dev.base + VIRTIO_MMIO_SIZE, 4), -1);
	CHECK_EQ(iomem_read(77UL << 24, 4), -1);
}

static void test_config(void)
{
	CHECK_EQ(iomem_read(dev.base + MMIO_CONFIG, 1), 1);
	CHECK_EQ(iomem_read(dev.base + MMIO_CONFIG + 2, 2), 0x0403);
	CHECK_EQ(iomem_read(dev.base + MMIO_CONFIG + 4, 4), 0x08070605);
	CHECK_EQ(iomem_read(dev.base + MMIO_CONFIG + 6, 4), 0);	/* beyond */
	iomem_write(dev.base + MMIO_CONFIG + 4, 0xabcd, 2);
	iomem_write(dev.base + MMIO_CONFIG + 7, 0xffff, 2);
	CHECK_EQ(config_writes, 1);
	CHECK_EQ(config[4], 0xcd);
	CHECK_EQ(config[7], 8);
}

static void test_negotiation(void)
{
	uint64_t offered = driver_offered(&dev);

	CHECK_EQ(offered, 1 << 5 | 1ULL << 40 | VIRTIO_F_VERSION_1 |
			  VIRTIO_F_EVENT_IDX | VIRTIO_F_INDIRECT_DESC);
	mmio_set(&dev, MMIO_FEATURES_SEL, 2);
	CHECK_EQ(mmio_get(&dev, MMIO_FEATURES), 0);

	CHECK(!driver_accept(&dev, 1 << 5));	/* without VERSION_1 */
	CHECK(!driver_accept(&dev, VIRTIO_F_VERSION_1 | 1 << 6));
	CHECK(driver_accept(&dev, VIRTIO_F_VERSION_1));
	CHECK(driver_accept(&dev, offered));
	/* Too late to change one's mind. */
	mmio_set(&dev, MMIO_ACCEPT_SEL, 0);
	mmio_set(&dev, MMIO_ACCEPT, 0);
	CHECK_EQ(dev.accepted, offered);
}

static void test_driver_ok_without_features(void)
{
	mmio_set(&dev, MMIO_STATUS, 0);
	mmio_set(&dev, MMIO_STATUS, S_ACKNOWLEDGE | S_DRIVER | S_DRIVER_OK);
	CHECK_EQ(starts, 0);
	CHECK(mmio_get(&dev, MMIO_STATUS) & S_NEEDS_RESET);
}

static void test_bad_queues(void)
{
	static const struct {
		unsigned int size, desc, avail, used;
	} bad[] = {
		{ 3, 0, 0, 0 },		/* no power of two */
		{ 512, 0, 0, 0 },	/* more than there may be */
		{ 0, 0, 0, 0 },
		{ 16, 8, 0, 0 },	/* misaligned */
		{ 16, 0, 1, 0 },
		{ 16, 0, 0, 2 },
	};
	char *p = ram_get(65536), *good = p;
	struct queue q;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK(driver_accept(&dev, VIRTIO_F_VERSION_1));
		mmio_set(&dev, MMIO_QUEUE_SEL, 0);
		CHECK_EQ(mmio_get(&dev, MMIO_QUEUE_MAX), 256);
		mmio_set(&dev, MMIO_QUEUE_NUM, bad[i].size);
		p = good + bad[i].desc;
		mmio_set(&dev, MMIO_DESC, (uintptr_t)p);
		mmio_set(&dev, MMIO_DESC + 4, (uintptr_t)p >> 32);
		p = good + 8192 + bad[i].avail;
		mmio_set(&dev, MMIO_AVAIL, (uintptr_t)p);
		mmio_set(&dev, MMIO_AVAIL + 4, (uintptr_t)p >> 32);
		p = good + 16384 + bad[i].used;
		mmio_set(&dev, MMIO_USED, (uintptr_t)p);
		mmio_set(&dev, MMIO_USED + 4, (uintptr_t)p >> 32);
		mmio_set(&dev, MMIO_QUEUE_READY, 1);
		CHECK_EQ(mmio_get(&dev, MMIO_QUEUE_READY), 0);
		CHECK(mmio_get(&dev, MMIO_STATUS) & S_NEEDS_RESET);
	}

	/* Outside of RAM: on the stack. */
	CHECK(driver_accept(&dev, VIRTIO_F_VERSION_1));
	mmio_set(&dev, MMIO_QUEUE_SEL, 1);
	mmio_set(&dev, MMIO_QUEUE_NUM, 16);
	mmio_set(&dev, MMIO_DESC, (uintptr_t)&q & ~15U);
	mmio_set(&dev, MMIO_QUEUE_READY, 1);
	CHECK_EQ(mmio_get(&dev, MMIO_QUEUE_READY), 0);

	/* A queue that does not exist. */
	mmio_set(&dev, MMIO_QUEUE_SEL, 2);
	CHECK_EQ(mmio_get(&dev, MMIO_QUEUE_MAX), 0);
	mmio_set(&dev, MMIO_QUEUE_READY, 1);
	CHECK_EQ(mmio_get(&dev, MMIO_QUEUE_READY), 0);
}

static void test_life(void)
{
	struct queue q[2];

	driver_start(&dev, driver_offered(&dev), q, 2, 64);
	CHECK_EQ(starts, 1);
	mmio_set(&dev, MMIO_STATUS, mmio_get(&dev, MMIO_STATUS));
	CHECK_EQ(starts, 1);
	CHECK(queues[0].event_idx && queues[1].indirect);

	/* A queue in use cannot be moved. */
	mmio_set(&dev, MMIO_QUEUE_SEL, 1);
	mmio_set(&dev, MMIO_QUEUE_NUM, 8);
	CHECK_EQ(queues[1].size, 64);

	mmio_set(&dev, MMIO_NOTIFY, 1);
	mmio_set(&dev, MMIO_NOTIFY, 2);
	mmio_set(&dev, MMIO_NOTIFY, 0xffffffff);
	CHECK_EQ(notified, 1 << 1);

	interrupts = 0;
	virtio_config_update(&dev);
	CHECK_EQ(interrupts, 1);
	CHECK_EQ(mmio_get(&dev, MMIO_IRQ_STATUS), 2);
	mmio_set(&dev, MMIO_IRQ_ACK, 2);
	CHECK_EQ(mmio_get(&dev, MMIO_IRQ_STATUS), 0);

	mmio_set(&dev, MMIO_STATUS, 0);
	CHECK_EQ(stops, 1);
	CHECK_EQ(mmio_get(&dev, MMIO_STATUS), 0);
	CHECK_EQ(mmio_get(&dev, MMIO_QUEUE_READY), 0);
	mmio_set(&dev, MMIO_NOTIFY, 0);
	CHECK_EQ(notified, 1 << 1);
}

int main(void)
{
	queues[0].size_max = 256;
	queues[1].size_max = 256;
	CHECK_EQ(virtio_add(&dev), 0);
	ram_get(16);

	test_identity();
	test_config();
	test_negotiation();
	test_driver_ok_without_features();
	test_bad_queues();
	test_life();

	virtio_remove(&dev);
	CHECK_EQ(iomem_read(dev.base, 4), -1);
	return 0;
}
