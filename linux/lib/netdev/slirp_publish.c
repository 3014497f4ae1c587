// SPDX-License-Identifier: GPL-2.0-only
/* Published ports of libslirp, see slirp_publish.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include "slirp_publish.h"

/* Publishes a port of an address. Return: 0 or a negative errno. */
static int publish_v4(Slirp *library, typeof(slirp_add_hostxfwd) *add,
		      const struct published_port *p, const char *address,
		      const char *ip)
{
	struct sockaddr_in host = {
		.sin_family = AF_INET,
		.sin_port = htons(p->host),
	}, guest = {
		.sin_family = AF_INET,
		.sin_port = htons(p->guest),
	};

	inet_pton(AF_INET, address, &host.sin_addr);
	inet_pton(AF_INET, ip, &guest.sin_addr);
	return add(library, (struct sockaddr *)&host, sizeof(host),
		   (struct sockaddr *)&guest, sizeof(guest),
		   p->udp ? SLIRP_HOSTFWD_UDP : 0) ? -errno : 0;
}

static int publish_v6(Slirp *library, typeof(slirp_add_hostxfwd) *add,
		      const struct published_port *p, const char *address,
		      const char *ipv6)
{
	struct sockaddr_in6 host = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(p->host),
	}, guest = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(p->guest),
	};

	inet_pton(AF_INET6, address, &host.sin6_addr);
	inet_pton(AF_INET6, ipv6, &guest.sin6_addr);
	return add(library, (struct sockaddr *)&host, sizeof(host),
		   (struct sockaddr *)&guest, sizeof(guest),
		   SLIRP_HOSTFWD_V6ONLY |
		   (p->udp ? SLIRP_HOSTFWD_UDP : 0)) ? -errno : 0;
}

int slirp_publish(Slirp *library, typeof(slirp_add_hostxfwd) *add,
		  const struct published_port *p, const char *ip,
		  const char *ipv6)
{
	int err;

	if (strchr(p->address, ':'))
		return publish_v6(library, add, p, p->address, ipv6);
	err = publish_v4(library, add, p, *p->address ? p->address : "0.0.0.0",
			 ip);
	if (err || *p->address)
		return err;
	err = publish_v6(library, add, p, "::", ipv6);
	/* A host without IPv6 lacks nothing. */
	return err == -EAFNOSUPPORT || err == -EADDRNOTAVAIL ? 0 : err;
}

int slirp_explain_port(const struct published_port *p, int err,
		       struct backend_error *error)
{
	const char *address = *p->address ? p->address : "any address";

	if (err == -EADDRINUSE)
		return backend_fail(error, -EBUSY,
			"type 'slirp': port %u of %s cannot be published: another program of the host has it: choose another one",
			p->host, address);
	if (err == -EACCES)
		return backend_fail(error, err,
			"type 'slirp': port %u of %s cannot be published: ports below 1024 need CAP_NET_BIND_SERVICE: choose another one, or lower net.ipv4.ip_unprivileged_port_start",
			p->host, address);
	return backend_fail(error, err,
		"type 'slirp': port %u of %s cannot be published: %s: choose an address of this host",
		p->host, address, strerror(-err));
}
