// SPDX-License-Identifier: GPL-2.0-only
/* Pings by IPv6, which libslirp does not forward, see slirp_ping6.h. */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/icmp6.h>
#include <netinet/ip6.h>
#include <stdbool.h>
#include <string.h>
#include "checksum.h"
#include "slirp_ping6.h"
#include "user_net.h"

#define HEADERS (ETH_HLEN + sizeof(struct ip6_hdr))
#define ERROR_HEADERS (HEADERS + sizeof(struct icmp6_hdr))

/* The first 64 bits are those of the library's network. */
static bool is_inside(const struct in6_addr *address)
{
	struct in6_addr prefix;

	inet_pton(AF_INET6, USER_NET_PREFIX6, &prefix);
	return !memcmp(address, &prefix, USER_NET_MASKLEN6 / 8);
}

static bool is_refused(const uint8_t *packet, size_t len, struct ip6_hdr *ip)
{
	static const uint8_t ipv6[2] = { 0x86, 0xdd };

	if (len < ERROR_HEADERS || memcmp(packet + 12, ipv6, sizeof(ipv6)))
		return false;
	memcpy(ip, packet + ETH_HLEN, sizeof(*ip));
	return ip->ip6_nxt == IPPROTO_ICMPV6 &&
	       packet[HEADERS] == ICMP6_ECHO_REQUEST &&
	       is_inside(&ip->ip6_src) && !is_inside(&ip->ip6_dst) &&
	       !IN6_IS_ADDR_MULTICAST(&ip->ip6_dst) &&
	       !IN6_IS_ADDR_LINKLOCAL(&ip->ip6_dst);
}

size_t slirp_ping6_refuse(const uint8_t *packet, size_t len,
			  uint8_t answer[PING6_ANSWER_MAX])
{
	struct icmp6_hdr icmp = {
		.icmp6_type = ICMP6_DST_UNREACH,
		.icmp6_code = ICMP6_DST_UNREACH_ADMIN,
	};
	struct ip6_hdr ip;
	size_t quoted = len - ETH_HLEN;
	uint32_t sum;

	if (!is_refused(packet, len, &ip))
		return 0;
	if (quoted > PING6_ANSWER_MAX - ERROR_HEADERS)
		quoted = PING6_ANSWER_MAX - ERROR_HEADERS;
	memcpy(answer, packet + ETH_ALEN, ETH_ALEN);
	memcpy(answer + ETH_ALEN, packet, ETH_ALEN);
	memcpy(answer + 12, packet + 12, 2);
	memcpy(answer + ERROR_HEADERS, packet + ETH_HLEN, quoted);

	ip.ip6_dst = ip.ip6_src;
	inet_pton(AF_INET6, USER_NET_GATEWAY6, &ip.ip6_src);
	ip.ip6_plen = htons(sizeof(icmp) + quoted);
	ip.ip6_hlim = 255;
	memcpy(answer + HEADERS, &icmp, sizeof(icmp));
	memcpy(answer + ETH_HLEN, &ip, sizeof(ip));
	/* With the pseudo-header: addresses, length, protocol (RFC 8200, 8.1). */
	sum = checksum_sum(answer + ETH_HLEN + 8,
			   2 * sizeof(ip.ip6_src) + sizeof(icmp) + quoted) +
	      ip.ip6_plen + htons(IPPROTO_ICMPV6);
	sum = (sum & UINT16_MAX) + (sum >> 16);
	icmp.icmp6_cksum = ~((sum & UINT16_MAX) + (sum >> 16));
	memcpy(answer + HEADERS, &icmp, sizeof(icmp));
	return ERROR_HEADERS + quoted;
}
