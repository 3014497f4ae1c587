/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A network device whose wire ends in the test: a pair of sockets. */
#ifndef TEST_LIB_NETPAIR_H
#define TEST_LIB_NETPAIR_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "../../linux/lib/virtio_net.h"
#include "driver.h"

#define HDR VNET_HDR_LEN

/* General features that every driver here accepts. */
#define GENERAL (VIRTIO_F_VERSION_1 | VIRTIO_F_EVENT_IDX | VIRTIO_F_INDIRECT_DESC)

struct netpair {
	struct virtio_net *net;
	struct queue queues[VIRTIO_NET_QUEUES];
	int peer;	/* the test's end of the wire, non-blocking */
	uint64_t offloads;	/* what the backend was told last */
	unsigned int closed;
};

/* Makes the device; @vnet_hdr: packets on the wire have headers. */
void netpair_open(struct netpair *pair, int vnet_hdr, uint64_t offloads,
		  unsigned int queue_size);
/* Its driver starts with @features (besides GENERAL). */
void netpair_start(struct netpair *pair, uint64_t features,
		   unsigned int queue_size);
void netpair_close(struct netpair *pair);

/* Sends @len bytes of a pattern made from @seed, behind @header bytes of 0. */
void netpair_send(struct netpair *pair, size_t header, size_t len,
		  unsigned int seed);
/* The pattern's byte at @i. */
uint8_t pattern(unsigned int seed, size_t i);

/* Waits for events on the wire, and handles them as the carrier would. */
void netpair_run(void);
/* Handles what there is, without waiting. */
void netpair_poll(void);

#endif
