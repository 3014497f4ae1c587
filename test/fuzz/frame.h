/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames that are nearly right, for the fuzzer of network devices (frames.c). */
#ifndef TEST_FUZZ_FRAME_H
#define TEST_FUZZ_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VNET_LEN 12
#define FRAME_MAX 70000

/* TCP connections, from ports CLIENT_PORT and up to SERVER_PORT. */
#define CONNECTIONS 4
#define CLIENT_PORT 4000
#define SERVER_PORT 7

/* Last byte of the addresses, 10.0.N.x and fd00:N::x of network N. */
#define SELF 1
#define PEER 9

/**
 * struct frame - a frame, behind a struct virtio_net_hdr_v1
 * @len: of the frame without that header.
 */
struct frame {
	size_t len;
	uint8_t vnet[VNET_LEN];
	uint8_t data[FRAME_MAX];
};

/**
 * struct wire - what the frames go to
 * @net: number of the network.
 * @mac: the device's address.
 * @seq, @ack: for each connection, what the device awaits and has sent.
 */
struct wire {
	unsigned int net;
	uint8_t mac[6];
	uint32_t seq[CONNECTIONS];
	uint32_t ack[CONNECTIONS];
};

/** random_below() - the next of a sequence of numbers, at least 0, below @n */
uint32_t random_below(uint64_t *state, uint32_t n);

/** frame_make() - makes the next frame of the sequence of @state */
void frame_make(struct frame *f, const struct wire *wire, uint64_t *state);

/** frame_ping() - makes an ICMP echo request that has to be answered */
void frame_ping(struct frame *f, const struct wire *wire, uint16_t number);

/**
 * frame_tcp() - makes a segment of a connection that is as it should be
 * @c: number of the connection.
 * @flags: SYN or ACK (RFC 9293, 3.1).
 */
void frame_tcp(struct frame *f, const struct wire *wire, unsigned int c,
	       unsigned int flags);

/** frame_learn() - looks at what the device has sent: its side of TCP */
void frame_learn(const uint8_t *data, size_t len, struct wire *wire);

/** frame_is_pong() - whether it is the answer to frame_ping() */
bool frame_is_pong(const uint8_t *data, size_t len, uint16_t number);

#endif
