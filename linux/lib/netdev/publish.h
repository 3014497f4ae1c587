/* SPDX-License-Identifier: GPL-2.0-only */
/* Ports of the host that lead to a port of LKL: "8080:80,5353:53/udp". */
#ifndef LKL_LIB_NETDEV_PUBLISH_H
#define LKL_LIB_NETDEV_PUBLISH_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#define PUBLISH_MAX 64

struct backend_error;

/** struct published_port - @host on the host is @guest in LKL */
struct published_port {
	uint16_t host;
	uint16_t guest;
	bool udp;
};

/**
 * publish_parse() - reads a list of published ports
 * @param: the list; none when it is NULL or empty.
 * @ports: room for PUBLISH_MAX.
 *
 * Return: how many there are, or a negative errno with @error filled.
 */
int publish_parse(const char *param, struct published_port *ports,
		  struct backend_error *error);

#endif
