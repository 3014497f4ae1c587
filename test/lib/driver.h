/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The driver's side of a virtio device, written from the specification (OASIS
 * virtio 1.2), for tests of the device's side. The test process has no kernel:
 * these functions stand where its driver would, and see the interrupts.
 */
#ifndef TEST_LIB_DRIVER_H
#define TEST_LIB_DRIVER_H

#include <stdbool.h>
#include <stdint.h>
#include "../../linux/lib/virtio.h"
#include "../../linux/lib/virtq.h"

/* Registers (table 4.1). */
enum {
	MMIO_MAGIC = 0x00,
	MMIO_VERSION = 0x04,
	MMIO_DEVICE_ID = 0x08,
	MMIO_FEATURES = 0x10,
	MMIO_FEATURES_SEL = 0x14,
	MMIO_ACCEPT = 0x20,
	MMIO_ACCEPT_SEL = 0x24,
	MMIO_QUEUE_SEL = 0x30,
	MMIO_QUEUE_MAX = 0x34,
	MMIO_QUEUE_NUM = 0x38,
	MMIO_QUEUE_READY = 0x44,
	MMIO_NOTIFY = 0x50,
	MMIO_IRQ_STATUS = 0x60,
	MMIO_IRQ_ACK = 0x64,
	MMIO_STATUS = 0x70,
	MMIO_DESC = 0x80,
	MMIO_AVAIL = 0x90,
	MMIO_USED = 0xa0,
	MMIO_GENERATION = 0xfc,
	MMIO_CONFIG = 0x100,
};

/* Status bits (2.1). */
#define S_ACKNOWLEDGE 1
#define S_DRIVER 2
#define S_DRIVER_OK 4
#define S_FEATURES_OK 8
#define S_NEEDS_RESET 64

/* A queue, as its driver has it. */
struct queue {
	struct virtio_device *dev;
	unsigned int index;
	unsigned int size;
	struct virtq_desc *desc;
	struct virtq_avail *avail;
	struct virtq_used *used;
	uint16_t free;		/* next descriptor to use, round robin */
	uint16_t kicked;	/* index at the last kick */
	uint16_t seen;		/* used entries taken */
};

extern _Atomic unsigned int interrupts;	/* seen so far */
extern _Atomic unsigned int bulks;	/* calls of lkl_kernel_bulk() */
extern _Atomic unsigned int left_events; /* calls of lkl_kernel_more_events() */
extern _Atomic enum lkl_events left_when; /* ... the last of which said */
extern unsigned int hostfd_calls;	/* of lkl_kernel_hostfd_ready(), ... */
extern void *hostfd_handles[16];	/* ... with these */

/* Memory that the device takes for the kernel's RAM; 16-byte aligned. */
void *ram_get(size_t size);
/* Forgets all of it. */
void ram_reset(void);

uint32_t mmio_get(struct virtio_device *dev, unsigned int reg);
void mmio_set(struct virtio_device *dev, unsigned int reg, uint32_t value);

/* All 64 feature bits that the device offers. */
uint64_t driver_offered(struct virtio_device *dev);
/* Up to FEATURES_OK. Whether the device took them. */
bool driver_accept(struct virtio_device *dev, uint64_t features);
/* Gives the device queue @index with @size entries. */
void driver_queue(struct virtio_device *dev, struct queue *q,
		  unsigned int index, unsigned int size);
/* Everything: accepts @features, makes @n queues of @size, DRIVER_OK. */
void driver_start(struct virtio_device *dev, uint64_t features,
		  struct queue *queues, unsigned int n, unsigned int size);

/* One buffer of a request. */
struct buffer {
	void *addr;
	uint32_t len;
	bool in;	/* the device writes it */
};

/* Puts a request into the available ring. Its head. */
uint16_t queue_add(struct queue *q, const struct buffer *buffers, unsigned int n);
/* The same by an indirect table. */
uint16_t queue_add_indirect(struct queue *q, const struct buffer *buffers,
			    unsigned int n);
/* Notifies the device if it asked for that. Whether it did. */
bool queue_kick(struct queue *q);
/* Takes a used entry. False when there is none. */
bool queue_take(struct queue *q, struct virtq_used_elem *elem);
/* Asks for an interrupt at the next used entry (used_event). */
void queue_want_interrupt(struct queue *q);

#endif
