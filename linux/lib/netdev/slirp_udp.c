// SPDX-License-Identifier: GPL-2.0-only
/* Datagrams in frames, see slirp_udp.h. */
#include <linux/if_ether.h>
#include <netinet/in.h>
#include "network_order.h"
#include "slirp_udp.h"

/* Of IPv4: more fragments follow, or it is not the first. */
#define FRAGMENT 6
#define FRAGMENT_BITS 0x3fff

#define UDP_LENGTH 4

static const struct slirp_network networks[] = {
	{ 4, ETH_P_IP, 0x45, 0xff, 20, 9, 8, 12, 4 },
	{ 6, ETH_P_IPV6, 0x60, 0xf0, 40, 6, 7, 8, 16 },
};

const struct slirp_network *slirp_udp_network(const uint8_t *frame, size_t len)
{
	const uint8_t *type = frame + 2 * ETH_ALEN, *ip = frame + ETH_HLEN;
	size_t i;

	for (i = 0; i < sizeof(networks) / sizeof(networks[0]); i++) {
		const struct slirp_network *n = &networks[i];

		if (len >= ETH_HLEN + (size_t)n->len + SLIRP_UDP_LEN &&
		    read16(type) == n->type &&
		    (ip[0] & n->mask) == n->first &&
		    ip[n->protocol] == IPPROTO_UDP)
			return n;
	}
	return NULL;
}

const struct slirp_network *slirp_udp_whole(const uint8_t *frame, size_t len,
					    size_t *size)
{
	const struct slirp_network *n = slirp_udp_network(frame, len);
	const uint8_t *ip = frame + ETH_HLEN;

	if (!n || (n->version == 4 && read16(ip + FRAGMENT) & FRAGMENT_BITS))
		return NULL;
	*size = len - ETH_HLEN - n->len - SLIRP_UDP_LEN;
	return read16(ip + n->len + UDP_LENGTH) == SLIRP_UDP_LEN + *size ?
	       n : NULL;
}
