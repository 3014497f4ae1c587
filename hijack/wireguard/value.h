/* SPDX-License-Identifier: GPL-2.0-only */
/* Values in files of tunnels: each function takes the whole text or none of it. */
#ifndef HIJACK_WIREGUARD_VALUE_H
#define HIJACK_WIREGUARD_VALUE_H

#include <stdbool.h>
#include "lkl.h"

/** wg_key() - 32 bytes in base64 (RFC 4648, 4), as wg genkey prints them */
bool wg_key(const char *text, unsigned char key[LKL_WG_KEY]);

/** wg_number() - a decimal or, behind 0x, hexadecimal number of @min to @max */
bool wg_number(const char *text, unsigned int min, unsigned int max,
	       unsigned int *value);

/** wg_prefix() - an address, with or without a prefix length behind a slash */
bool wg_prefix(const char *text, struct lkl_prefix *prefix);

/** wg_is_name() - whether a text can be the name of a host or of a domain */
bool wg_is_name(const char *text);

/**
 * wg_endpoint() - a host and its port, which is cut off
 * @text: becomes the host, without the brackets of an IPv6 address.
 */
bool wg_endpoint(char *text, char **host, unsigned short *port);

#endif
