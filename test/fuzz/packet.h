/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets put together of headers that fit, for frame.c to change. */
#ifndef TEST_FUZZ_PACKET_H
#define TEST_FUZZ_PACKET_H

#include "frame.h"

/** put_packet() - makes a frame of the next packet of the sequence of @state */
void put_packet(struct frame *f, const struct wire *w, uint64_t *state);

/** put_ip4() - adds an IPv4 address of @w's network that ends with @last */
void put_ip4(struct frame *f, const struct wire *w, unsigned int last);

#endif
