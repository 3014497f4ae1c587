/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers of headers: in network byte order, and not aligned. */
#ifndef LKL_LIB_NETDEV_NETWORK_ORDER_H
#define LKL_LIB_NETDEV_NETWORK_ORDER_H

#include <stdint.h>

static inline uint16_t read16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

static inline void write16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value;
}

#endif
