/* SPDX-License-Identifier: GPL-2.0-only */
/* The keys of the configuration, each one row of a table (config_keys.c). */
#ifndef HIJACK_CONFIG_KEYS_H
#define HIJACK_CONFIG_KEYS_H

#include <stddef.h>
#include "../linux/lib/memory.h"
#include "config.h"

/**
 * struct config_key - one key
 * @name: in the file.
 * @variable: in the environment, NULL for none.
 * @offset: of its field, in struct config or struct config_interface.
 * @parse: sets the field from @text; the text lives as long as the process.
 *	Returns NULL, or what form is accepted.
 * @separator: 0, or the key is a list: the field is a struct config_list,
 *	@parse adds one piece to it, and this stands between pieces where they
 *	are packed in one text. In a file, an array may hold them.
 * @members: an object may hold them, too: each member is a piece, in which
 *	this stands between name and value. 0 for none.
 */
struct config_key {
	const char *name;
	const char *variable;
	size_t offset;
	const char *(*parse)(const char *text, void *field);
	char separator;
	char members;
};

extern const struct config_key config_global_keys[];
extern const struct config_key config_interface_keys[];

/**
 * config_needed_param() - what an interface of a known type needs as "param"
 * Return: the remedy when it is missing; NULL when it may be.
 */
const char *config_needed_param(const char *type);

/**
 * config_mac() - understands a unicast MAC address, "12:34:56:78:9a:bc"
 * Return: whether it is one.
 */
bool config_mac(const char *text, unsigned char mac[6]);

/**
 * config_wrong_at() - tells what is wrong with a key, and where it was set
 * @interface: number of the interface, or -1 for a key of the whole.
 *
 * Return: false
 */
bool config_wrong_at(const struct config *config, int interface,
		     const char *key, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/**
 * config_check_memory() - whether that is enough for the kernel and its interfaces
 * @memory: filled with what it says.
 *
 * If not, the user has been told.
 */
bool config_check_memory(const struct config *config, struct memory *memory);

/**
 * config_check() - whether values that are right by themselves go together
 *
 * If not, the user has been told.
 */
bool config_check(const struct config *config);

#endif
