// SPDX-License-Identifier: GPL-2.0-only
/* Checksums that the driver left open, see checksum.h. */
#include <string.h>
#include "backend.h"
#include "checksum.h"

/* Fields of struct virtio_net_hdr_v1, both 16 bits of the host's order. */
#define CSUM_START 6
#define CSUM_OFFSET 8

static uint16_t field(const uint8_t *packet, size_t offset)
{
	uint16_t value;

	memcpy(&value, packet + offset, sizeof(value));
	return value;
}

uint16_t checksum_sum(const uint8_t *data, size_t len)
{
	uint64_t a = 0, b = 0;
	uint32_t words[4];
	uint32_t last[4] = { 0 };

	for (; len >= sizeof(words); data += sizeof(words), len -= sizeof(words)) {
		memcpy(words, data, sizeof(words));
		a += (uint64_t)words[0] + words[1];
		b += (uint64_t)words[2] + words[3];
	}
	memcpy(last, data, len);
	a += (uint64_t)last[0] + last[1];
	b += (uint64_t)last[2] + last[3];
	a = (a & UINT32_MAX) + (a >> 32) + (b & UINT32_MAX) + (b >> 32);
	while (a >> 16)
		a = (a & UINT16_MAX) + (a >> 16);
	return a;
}

void checksum_complete(uint8_t *packet, size_t len)
{
	size_t start, at;
	uint16_t value;

	if (len < VNET_HDR_LEN || !(packet[0] & VNET_HDR_NEEDS_CSUM))
		return;
	start = VNET_HDR_LEN + (size_t)field(packet, CSUM_START);
	at = start + field(packet, CSUM_OFFSET);
	if (at + sizeof(value) > len)
		return;
	value = ~checksum_sum(packet + start, len - start);
	/* 0 means none in UDP; either is a right one of TCP. */
	if (!value)
		value = UINT16_MAX;
	memcpy(packet + at, &value, sizeof(value));
}
