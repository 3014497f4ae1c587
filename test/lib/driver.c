// SPDX-License-Identifier: GPL-2.0-or-later
/* The driver's side of a virtio device: see driver.h. */
#include <stdlib.h>
#include <string.h>
#include "../../linux/lib/iomem.h"
#include "../../linux/lib/posix.h"
#include "check.h"
#include "driver.h"
#include <lkl_host.h>

#define RAM_SIZE (8 << 20)

_Atomic unsigned int interrupts;
_Atomic unsigned int bulks;
_Atomic unsigned int left_events;
_Atomic enum lkl_events left_when;
unsigned int hostfd_calls;
void *hostfd_handles[16];

static char *ram;
static size_t ram_used;

/* What the kernel would do; here the test looks on. */
int lkl_kernel_irq_get(void)
{
	return 5;
}

void lkl_kernel_irq_put(int irq)
{
	CHECK_EQ(irq, 5);
}

void lkl_kernel_irq(int irq)
{
	CHECK_EQ(irq, 5);
	interrupts++;
}

void lkl_kernel_bulk(void)
{
	bulks++;
}

void lkl_kernel_more_events(enum lkl_events when)
{
	left_events++;
	left_when = when;
}

void lkl_kernel_hostfd_ready(void *handle)
{
	hostfd_handles[hostfd_calls++ % 16] = handle;
}

void ram_reset(void)
{
	ram_used = 0;
}

void *ram_get(size_t size)
{
	void *p;

	if (!ram) {
		ram = aligned_alloc(4096, RAM_SIZE);
		CHECK(ram);
		memset(ram, 0, RAM_SIZE);
		kernel_ram.start = (uintptr_t)ram;
		kernel_ram.end = kernel_ram.start + RAM_SIZE;
	}
	CHECK(ram_used + size <= RAM_SIZE);
	p = ram + ram_used;
	ram_used += (size + 15) & ~15UL;
	memset(p, 0, size);
	return p;
}

uint32_t mmio_get(struct virtio_device *dev, unsigned int reg)
{
	return iomem_read(dev->base + reg, 4);
}

void mmio_set(struct virtio_device *dev, unsigned int reg, uint32_t value)
{
	iomem_write(dev->base + reg, value, 4);
}

uint64_t driver_offered(struct virtio_device *dev)
{
	uint64_t high;

	mmio_set(dev, MMIO_FEATURES_SEL, 1);
	high = mmio_get(dev, MMIO_FEATURES);
	mmio_set(dev, MMIO_FEATURES_SEL, 0);
	return high << 32 | mmio_get(dev, MMIO_FEATURES);
}

bool driver_accept(struct virtio_device *dev, uint64_t features)
{
	uint32_t status = S_ACKNOWLEDGE | S_DRIVER;

	mmio_set(dev, MMIO_STATUS, 0);
	mmio_set(dev, MMIO_STATUS, status);
	mmio_set(dev, MMIO_ACCEPT_SEL, 0);
	mmio_set(dev, MMIO_ACCEPT, features);
	mmio_set(dev, MMIO_ACCEPT_SEL, 1);
	mmio_set(dev, MMIO_ACCEPT, features >> 32);
	mmio_set(dev, MMIO_STATUS, status | S_FEATURES_OK);
	return mmio_get(dev, MMIO_STATUS) & S_FEATURES_OK;
}

static void set_address(struct virtio_device *dev, unsigned int reg,
			const void *p)
{
	mmio_set(dev, reg, (uintptr_t)p);
	mmio_set(dev, reg + 4, (uint64_t)(uintptr_t)p >> 32);
}

void driver_queue(struct virtio_device *dev, struct queue *q,
		  unsigned int index, unsigned int size)
{
	*q = (struct queue){ .dev = dev, .index = index, .size = size };
	q->desc = ram_get(16 * size);
	q->avail = ram_get(6 + 2 * size);
	q->used = ram_get(6 + 8 * size);

	mmio_set(dev, MMIO_QUEUE_SEL, index);
	mmio_set(dev, MMIO_QUEUE_NUM, size);
	set_address(dev, MMIO_DESC, q->desc);
	set_address(dev, MMIO_AVAIL, q->avail);
	set_address(dev, MMIO_USED, q->used);
	mmio_set(dev, MMIO_QUEUE_READY, 1);
}

void driver_start(struct virtio_device *dev, uint64_t features,
		  struct queue *queues, unsigned int n, unsigned int size)
{
	unsigned int i;

	CHECK(driver_accept(dev, features));
	for (i = 0; i < n; i++) {
		driver_queue(dev, &queues[i], i, size);
		CHECK_EQ(mmio_get(dev, MMIO_QUEUE_READY), 1);
	}
	mmio_set(dev, MMIO_STATUS, mmio_get(dev, MMIO_STATUS) | S_DRIVER_OK);
}

static void fill(struct virtq_desc *d, const struct buffer *b, bool last,
		 uint16_t next)
{
	d->addr = (uintptr_t)b->addr;
	d->len = b->len;
	d->flags = (b->in ? VIRTQ_DESC_F_WRITE : 0) |
		   (last ? 0 : VIRTQ_DESC_F_NEXT);
	d->next = next;
}

static void make_available(struct queue *q, uint16_t head)
{
	uint16_t idx = atomic_load(&q->avail->idx);

	q->avail->ring[idx % q->size] = head;
	atomic_store(&q->avail->idx, idx + 1);
}

uint16_t queue_add(struct queue *q, const struct buffer *buffers,
		   unsigned int n)
{
	uint16_t head = q->free, i;

	for (i = 0; i < n; i++)
		fill(&q->desc[(head + i) % q->size], &buffers[i], i + 1U == n,
		     (head + i + 1) % q->size);
	q->free = (head + n) % q->size;
	make_available(q, head);
	return head;
}

uint16_t queue_add_indirect(struct queue *q, const struct buffer *buffers,
			    unsigned int n)
{
	struct virtq_desc *table = ram_get(n * sizeof(*table));
	uint16_t head = q->free, i;

	for (i = 0; i < n; i++)
		fill(&table[i], &buffers[i], i + 1U == n, i + 1);
	q->desc[head] = (struct virtq_desc){
		.addr = (uintptr_t)table,
		.len = n * sizeof(*table),
		.flags = VIRTQ_DESC_F_INDIRECT,
	};
	q->free = (head + 1) % q->size;
	make_available(q, head);
	return head;
}

bool queue_kick(struct queue *q)
{
	uint16_t old = q->kicked, new = atomic_load(&q->avail->idx), event;

	memcpy(&event, &q->used->ring[q->size], sizeof(event));
	q->kicked = new;
	if (q->dev->accepted & VIRTIO_F_EVENT_IDX) {
		if ((uint16_t)(new - event - 1) >= (uint16_t)(new - old))
			return false;
	} else if (q->used->flags & VIRTQ_USED_F_NO_NOTIFY) {
		return false;
	}
	mmio_set(q->dev, MMIO_NOTIFY, q->index);
	return true;
}

bool queue_take(struct queue *q, struct virtq_used_elem *elem)
{
	if (atomic_load(&q->used->idx) == q->seen)
		return false;
	*elem = q->used->ring[q->seen++ % q->size];
	return true;
}

void queue_want_interrupt(struct queue *q)
{
	q->avail->ring[q->size] = q->seen;
}
