// SPDX-License-Identifier: GPL-2.0-only
/* Datagrams of the host's localhost, see slirp_local.h. */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include "checksum.h"
#include "slirp_local.h"
#include "slirp_udp.h"
#include "user_net.h"

#define IP_FRAGMENT 6		/* flags, and 13 bits of the offset */
#define IP_SUM 10

/* What stands in place of localhost. Return: whether @source is that. */
static bool replace(const struct slirp_network *n, const uint8_t *source,
		    uint8_t gateway[16])
{
	const in_addr_t loopback = htonl(INADDR_LOOPBACK);

	if (n->version == 4)
		return !memcmp(source, &loopback, sizeof(loopback)) &&
		       inet_pton(AF_INET, USER_NET_GATEWAY, gateway) > 0;
	return !memcmp(source, &in6addr_loopback, sizeof(in6addr_loopback)) &&
	       inet_pton(AF_INET6, USER_NET_GATEWAY6, gateway) > 0;
}

/* As the change of an address of @len bytes has it (RFC 1624). */
static void change_sum(uint8_t *at, const uint8_t *from, const uint8_t *to,
		       size_t len)
{
	uint16_t sum;
	uint32_t changed;

	memcpy(&sum, at, sizeof(sum));
	changed = (uint16_t)~sum + (uint16_t)~checksum_sum(from, len) +
		  checksum_sum(to, len);
	changed = (changed & UINT16_MAX) + (changed >> 16);
	sum = ~((changed & UINT16_MAX) + (changed >> 16));
	memcpy(at, &sum, sizeof(sum));
}

size_t slirp_local_headers(const uint8_t *frame, size_t len,
			   uint8_t headers[SLIRP_HEADERS_MAX])
{
	const struct slirp_network *n = slirp_udp_network(frame, len);
	const uint8_t *source = n ? frame + ETH_HLEN + n->source : NULL;
	uint8_t gateway[16], *ip = headers + ETH_HLEN, *sum;
	bool v4;

	if (!n || !replace(n, source, gateway))
		return 0;
	v4 = n->version == 4;
	sum = ip + n->len + SLIRP_UDP_SUM;
	memcpy(headers, frame, ETH_HLEN + n->len + SLIRP_UDP_LEN);
	memcpy(ip + n->source, gateway, n->address_len);
	if (v4)
		change_sum(ip + IP_SUM, source, gateway, n->address_len);
	/* A later fragment has no header of UDP, and 0 is no checksum. */
	if (!(v4 && ((ip[IP_FRAGMENT] & 0x1f) || ip[IP_FRAGMENT + 1])) &&
	    (sum[0] || sum[1])) {
		change_sum(sum, source, gateway, n->address_len);
		if (!sum[0] && !sum[1])
			memset(sum, 0xff, 2);
	}
	return ETH_HLEN + n->len + SLIRP_UDP_LEN;
}
