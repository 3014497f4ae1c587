// SPDX-License-Identifier: GPL-2.0-only
/* Datagrams of the host's localhost, see slirp_local.h. */
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include "checksum.h"
#include "slirp_local.h"

#define UDP_LEN 8
#define UDP_SUM 6

/* Where headers of a family have what is looked at, and its two addresses. */
static const struct family {
	uint8_t type[2];	/* of Ethernet */
	uint8_t first;		/* byte of the header: version and the like */
	uint8_t mask;
	uint8_t protocol;
	uint8_t source;
	uint8_t address_len;
	uint8_t len;		/* of the header */
	uint8_t loopback[16];
	uint8_t gateway[16];	/* USER_NET_GATEWAY, USER_NET_GATEWAY6 */
} families[] = {
	{ { 0x08, 0x00 }, 0x45, 0xff, 9, 12, 4, 20,
	  { 127, 0, 0, 1 }, { 10, 0, 2, 2 } },
	{ { 0x86, 0xdd }, 0x60, 0xf0, 6, 8, 16, 40,
	  { [15] = 1 }, { 0xfe, 0xc0, [15] = 2 } },
};

#define IP_FRAGMENT 6		/* flags, and 13 bits of the offset */
#define IP_SUM 10

static const struct family *family_of(const uint8_t *frame, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		const struct family *f = &families[i];
		const uint8_t *ip = frame + ETH_HLEN;

		if (len >= ETH_HLEN + (size_t)f->len + UDP_LEN &&
		    !memcmp(frame + 2 * ETH_ALEN, f->type, sizeof(f->type)) &&
		    (ip[0] & f->mask) == f->first &&
		    ip[f->protocol] == IPPROTO_UDP &&
		    !memcmp(ip + f->source, f->loopback, f->address_len))
			return f;
	}
	return NULL;
}

/* As the change of the address has it (RFC 1624). */
static void change_sum(uint8_t *at, const struct family *f)
{
	uint16_t sum;
	uint32_t changed;

	memcpy(&sum, at, sizeof(sum));
	changed = (uint16_t)~sum +
		  (uint16_t)~checksum_sum(f->loopback, f->address_len) +
		  checksum_sum(f->gateway, f->address_len);
	changed = (changed & UINT16_MAX) + (changed >> 16);
	sum = ~((changed & UINT16_MAX) + (changed >> 16));
	memcpy(at, &sum, sizeof(sum));
}

size_t slirp_local_headers(const uint8_t *frame, size_t len,
			   uint8_t headers[SLIRP_HEADERS_MAX])
{
	const struct family *f = family_of(frame, len);
	uint8_t *ip = headers + ETH_HLEN, *sum;
	bool v4;

	if (!f)
		return 0;
	v4 = f->address_len == 4;
	sum = ip + f->len + UDP_SUM;
	memcpy(headers, frame, ETH_HLEN + f->len + UDP_LEN);
	memcpy(ip + f->source, f->gateway, f->address_len);
	if (v4)
		change_sum(ip + IP_SUM, f);
	/* A later fragment has no header of UDP, and 0 is no checksum. */
	if (!(v4 && ((ip[IP_FRAGMENT] & 0x1f) || ip[IP_FRAGMENT + 1])) &&
	    (sum[0] || sum[1])) {
		change_sum(sum, f);
		if (!sum[0] && !sum[1])
			memset(sum, 0xff, 2);
	}
	return ETH_HLEN + f->len + UDP_LEN;
}
