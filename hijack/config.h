/* SPDX-License-Identifier: GPL-2.0-only */
/* The configuration: what the environment and the file say (docs/config.md). */
#ifndef HIJACK_CONFIG_H
#define HIJACK_CONFIG_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

#define CONFIG_CMDLINE 3072

/** struct config_address - an address of either family; @text is as given, NULL for none */
struct config_address {
	const char *text;
	union {
		struct in_addr v4;
		struct in6_addr v6;
	};
};

/** struct config_pair - what a piece of a list holds; @second is NULL where that is one thing */
struct config_pair {
	const char *first;
	const char *second;
};

/** struct config_list - the pieces of a list, in order */
struct config_list {
	unsigned int count;
	struct config_pair *pair;
};

/** DELAY_AUTO - of delay_main: until every address is usable */
#define DELAY_AUTO (~0UL)

/** struct config_interface - one interface; strings belong to the file */
struct config_interface {
	const char *type;
	const char *param;
	unsigned char mac[6];		/* zero for a random one */
	unsigned int mtu;
	struct config_address ip, ipv6;
	unsigned int masklen, masklen6;
	struct config_address ifgateway, ifgateway6;
	struct config_list neigh;	/* address and MAC address */
	struct config_list qdisc;	/* parent and kind */
	bool has_offload;
	unsigned long long offload;
};

/** config_is_tunnel() - whether it is made inside LKL, over other interfaces */
bool config_is_tunnel(const struct config_interface *interface);

/** struct config - all of it */
struct config {
	const char *file;		/* where it comes from, NULL for none */
	unsigned int in_file;		/* bits of config_global_keys that it has */
	bool interfaces_in_file;	/* else they are those of variables */
	unsigned long debug;
	unsigned int singlecpu;
	unsigned long delay_main;	/* microseconds, or DELAY_AUTO */
	const char *boot_cmdline;
	struct config_list sysctl;	/* name and value */
	struct config_list mount, dump;
	struct config_list nameserver;
	struct config_address gateway, gateway6;
	unsigned int interfaces;	/* so many are there */
	struct config_interface *interface;
};

/**
 * config_read() - reads the environment and then the file
 * @config: filled.
 *
 * The file is the one that LKL_HIJACK_CONFIG_FILE names; a value that begins
 * with a brace is the configuration itself, as the launcher hands it on with
 * LKL_HIJACK_CONFIG_NAME, which says what the user calls it.
 *
 * The first thing that is wrong is told on standard error, with the remedy.
 *
 * Return: whether everything was right.
 */
bool config_read(struct config *config);

/**
 * config_parse() - reads the text of a file alone
 * @name: of the file, for messages; @shown: as 'lkl-config lint' takes it.
 * @text: @len bytes.
 *
 * What values do not tell one by one is not looked at: config_keys.h.
 *
 * Return: whether it was right, else the user has been told.
 */
bool config_parse(struct config *config, const char *name, const char *shown,
		  const char *text, size_t len);

/**
 * config_read_text() - reads a file
 * @len: filled with its length.
 *
 * Return: all of it, to be freed, or NULL with errno.
 */
char *config_read_text(const char *file, size_t *len);

/** config_forget() - frees what config_read() has kept in @config */
void config_forget(struct config *config);

#endif
