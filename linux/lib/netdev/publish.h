/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ports of the host that lead to a port of LKL, each "[ADDRESS:]HOST:GUEST" with
 * "/tcp" or "/udp" behind it: "8080:80,127.0.0.1:5353:53/udp,[::1]:2222:22".
 */
#ifndef LKL_LIB_NETDEV_PUBLISH_H
#define LKL_LIB_NETDEV_PUBLISH_H

#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#define PUBLISH_MAX 64

struct backend_error;

/**
 * struct published_port - @host on the host is @guest in LKL
 * @address: of the host, as text; empty for all.
 */
struct published_port {
	char address[INET6_ADDRSTRLEN];
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
