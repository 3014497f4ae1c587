/* SPDX-License-Identifier: GPL-2.0-only */
/* The keys of the configuration, each one row of a table (config_keys.c). */
#ifndef HIJACK_CONFIG_KEYS_H
#define HIJACK_CONFIG_KEYS_H

#include <stddef.h>
#include "config.h"

/**
 * struct config_key - one key
 * @name: in the file.
 * @variable: in the environment, NULL for none.
 * @offset: of its field, in struct config or struct config_interface.
 * @parse: sets the field from @text; the text lives as long as the process.
 *	Returns NULL, or what form is accepted.
 */
struct config_key {
	const char *name;
	const char *variable;
	size_t offset;
	const char *(*parse)(const char *text, void *field);
};

extern const struct config_key config_global_keys[];
extern const struct config_key config_interface_keys[];

/**
 * config_needed_param() - what an interface of a known type needs as "param"
 * Return: the remedy when it is missing; NULL when it may be.
 */
const char *config_needed_param(const char *type);

#endif
