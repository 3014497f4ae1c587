// SPDX-License-Identifier: GPL-2.0-only
/* Values in files of tunnels, see value.h. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "wireguard/value.h"

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* The 256 bits of a key are 43 digits, of which the last has two bits to spare. */
#define KEY_DIGITS 43

bool wg_key(const char *text, unsigned char key[LKL_WG_KEY])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned int bits = 0, n, out = 0;
	const char *digit;

	if (strlen(text) != KEY_DIGITS + 1 || text[KEY_DIGITS] != '=')
		return false;
	for (n = 0; n < KEY_DIGITS; n++) {
		digit = strchr(digits, text[n]);
		if (!digit)
			return false;
		bits = bits << 6 | (digit - digits);
		/* Digit n ends at bit 6n + 6 and byte m at 8m + 8. */
		if (6 * n + 6 >= 8 * out + 8) {
			key[out] = bits >> (6 * n + 6 - (8 * out + 8));
			out++;
		}
	}
	return !(bits & 3);
}

bool wg_number(const char *text, unsigned int min, unsigned int max,
	       unsigned int *value)
{
	int base = !strncmp(text, "0x", 2) ? 16 : 10;
	const char *digits = base == 16 ? text + 2 : text;
	unsigned long long number;

	if (!*digits || strspn(digits, base == 16 ? DIGITS "abcdefABCDEF" : DIGITS) !=
			strlen(digits))
		return false;
	errno = 0;
	number = strtoull(digits, NULL, base);
	if (errno || number < min || number > max)
		return false;
	*value = number;
	return true;
}

bool wg_prefix(const char *text, struct lkl_prefix *prefix)
{
	const char *slash = strchr(text, '/');
	char address[INET6_ADDRSTRLEN];
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	unsigned int most, bits;

	if (len >= sizeof(address))
		return false;
	memcpy(address, text, len);
	address[len] = '\0';
	*prefix = (struct lkl_prefix){
		.family = strchr(address, ':') ? AF_INET6 : AF_INET,
	};
	if (inet_pton(prefix->family, address, prefix->addr) != 1)
		return false;
	most = bits = prefix->family == AF_INET6 ? 128 : 32;
	if (slash && (strspn(slash + 1, DIGITS) != strlen(slash + 1) ||
		      !wg_number(slash + 1, 0, most, &bits)))
		return false;
	prefix->len = bits;
	return true;
}

bool wg_is_name(const char *text)
{
	size_t len = strlen(text);

	return len && len <= 253 && *text != '.' && *text != '-' &&
	       strspn(text, LETTERS DIGITS "-._") == len;
}

/* An IPv6 address with or without the zone that it is in (RFC 4007, 11). */
static bool is_ipv6(const char *text)
{
	size_t len = strcspn(text, "%");
	char address[INET6_ADDRSTRLEN];
	struct in6_addr in6;

	if (len >= sizeof(address) ||
	    (text[len] && !wg_is_name(text + len + 1)))
		return false;
	memcpy(address, text, len);
	address[len] = '\0';
	return inet_pton(AF_INET6, address, &in6) == 1;
}

bool wg_endpoint(char *text, char **host, unsigned short *port)
{
	char *colon = strrchr(text, ':');
	unsigned int number;

	if (!colon || strspn(colon + 1, DIGITS) != strlen(colon + 1) ||
	    !wg_number(colon + 1, 1, 65535, &number))
		return false;
	*colon = '\0';
	*port = number;
	*host = text;
	if (*text != '[')
		return wg_is_name(text);
	if (colon[-1] != ']')
		return false;
	colon[-1] = '\0';
	*host = text + 1;
	return is_ipv6(*host);
}
