/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files that describe one end of a tunnel, in the form of wg(8), with what
 * wg-quick(8) adds to it. docs/vpn.md has the keys.
 */
#ifndef HIJACK_WIREGUARD_FILE_H
#define HIJACK_WIREGUARD_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include "lkl.h"

/** WG_FILE_MAX - bytes of the longest file */
#define WG_FILE_MAX (1 << 20)

/** struct wg_prefixes - ranges of addresses, in order */
struct wg_prefixes {
	unsigned int count;
	struct lkl_prefix *prefix;
};

/**
 * struct wg_peer - one section [Peer]
 * @line: where it begins.
 * @host: name or address of its endpoint; NULL for none.
 */
struct wg_peer {
	unsigned int line;
	unsigned char public_key[LKL_WG_KEY];
	unsigned char preshared_key[LKL_WG_KEY];
	bool has_preshared_key;
	char *host;
	unsigned short port;
	unsigned int endpoint_line;
	unsigned short keepalive;
	struct wg_prefixes allowed;
};

/** enum wg_routing - where the routes to AllowedIPs go */
enum wg_routing { WG_ROUTES_AUTO, WG_ROUTES_OFF, WG_ROUTES_TABLE };

/**
 * struct wg_file - all of it
 * @mark: 0 for none.
 * @mtu: 0 where it is not given.
 * @addresses: of the interface, with their prefix lengths.
 * @resolver: its name servers as lines of resolv.conf(5); NULL for none.
 * @domains: the names to search in, each behind a blank; NULL for none.
 */
struct wg_file {
	unsigned char private_key[LKL_WG_KEY];
	unsigned short port;
	unsigned int mark;
	unsigned int mtu;
	enum wg_routing routing;
	unsigned int table;
	struct wg_prefixes addresses;
	char *resolver;
	char *domains;
	unsigned int peers;
	struct wg_peer *peer;
};

/** wg_error_fn - is told what is wrong, in one line that ends with a remedy */
typedef void wg_error_fn(void *arg, unsigned int line, const char *text);

/**
 * wg_file_parse() - understands a text, all of it or nothing
 * @file: filled; to be given to wg_file_forget() in any case.
 * @text: @len bytes.
 * @wrong: told the first thing that is wrong. Keys are never quoted.
 *
 * Return: whether it is sound.
 */
bool wg_file_parse(struct wg_file *file, const char *text, size_t len,
		   wg_error_fn *wrong, void *arg);

/** wg_file_forget() - frees it and leaves no key in memory */
void wg_file_forget(struct wg_file *file);

#endif
