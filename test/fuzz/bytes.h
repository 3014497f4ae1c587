/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes of frames, in network byte order, and what chance puts there. */
#ifndef TEST_FUZZ_BYTES_H
#define TEST_FUZZ_BYTES_H

#include "frame.h"

/** one_in() - true for one in @n of the sequence of @state */
bool one_in(uint64_t *state, uint32_t n);

/** odd_number() - a length below 65536 that somebody may have got wrong */
uint32_t odd_number(uint64_t *state);

/** put() - adds bytes to the end of a frame, as many as there is room for */
void put(struct frame *f, const void *bytes, size_t len);
void put8(struct frame *f, unsigned int value);
void put16(struct frame *f, unsigned int value);
void put32(struct frame *f, uint32_t value);
void put_noise(struct frame *f, uint64_t *state, size_t len);

/** set16() - changes two bytes of a frame, if it has them */
void set16(struct frame *f, size_t at, unsigned int value);

unsigned int get16(const uint8_t *data, size_t at);
uint32_t get32(const uint8_t *data, size_t at);

#endif
