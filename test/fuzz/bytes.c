// SPDX-License-Identifier: GPL-2.0-or-later
/* See bytes.h. */
#include <string.h>
#include "bytes.h"

uint32_t random_below(uint64_t *state, uint32_t n)
{
	/* Marsaglia's xorshift64*. */
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return n ? (*state * 0x2545f4914f6cdd1dULL >> 32) % n : 0;
}

bool one_in(uint64_t *state, uint32_t n)
{
	return !random_below(state, n);
}

uint32_t odd_number(uint64_t *state)
{
	static const uint32_t odd[] = {
		0, 1, 2, 7, 8, 13, 14, 20, 21, 40, 54, 60, 127, 128, 255, 256,
		536, 1448, 1500, 1514, 2047, 2048, 4096, 16384, 32767, 32768,
		65517, 65535,
	};

	return one_in(state, 3) ? random_below(state, 65536) :
	       odd[random_below(state, sizeof(odd) / sizeof(odd[0]))];
}

void put(struct frame *f, const void *bytes, size_t len)
{
	if (len > sizeof(f->data) - f->len)
		len = sizeof(f->data) - f->len;
	memcpy(f->data + f->len, bytes, len);
	f->len += len;
}

void put8(struct frame *f, unsigned int value)
{
	uint8_t byte = value;

	put(f, &byte, 1);
}

void put16(struct frame *f, unsigned int value)
{
	put8(f, value >> 8);
	put8(f, value);
}

void put32(struct frame *f, uint32_t value)
{
	put16(f, value >> 16);
	put16(f, value);
}

void put_noise(struct frame *f, uint64_t *state, size_t len)
{
	while (len--)
		put8(f, random_below(state, 256));
}

void set16(struct frame *f, size_t at, unsigned int value)
{
	if (at + 2 > f->len)
		return;
	f->data[at] = value >> 8;
	f->data[at + 1] = value;
}

unsigned int get16(const uint8_t *data, size_t at)
{
	return data[at] << 8 | data[at + 1];
}

uint32_t get32(const uint8_t *data, size_t at)
{
	return (uint32_t)get16(data, at) << 16 | get16(data, at + 2);
}
