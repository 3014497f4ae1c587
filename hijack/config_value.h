/* SPDX-License-Identifier: GPL-2.0-only */
/* From a value, as it stands in the environment or in a file, to its field. */
#ifndef HIJACK_CONFIG_VALUE_H
#define HIJACK_CONFIG_VALUE_H

#include <jansson.h>
#include "config_keys.h"

/**
 * struct config_place - where a value comes from, for messages
 * @file: NULL for a variable.
 * @where: the object that it is in, as "interfaces[0].", or empty.
 * @name: of its key or variable.
 */
struct config_place {
	const char *file;
	const char *where;
	const char *name;
};

/* A text in a message: of a long one, the start. */
#define CONFIG_CUT "%.100s%s"
#define CONFIG_CUT_ARGS(text) text, strlen(text) > 100 ? "..." : ""

/** config_wrong() - tells what is wrong with a value. Return: false */
bool config_wrong(const struct config_place *at, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** config_keep() - a copy of @text, at most @len bytes and room for as many */
char *config_keep(const char *text, size_t len);

/** config_make_interfaces() - there are @count from then on, of which nothing is known */
void config_make_interfaces(struct config *config, unsigned int count);

/**
 * config_set_text() - sets a key to what a text says
 * @base: the struct config or struct config_interface.
 *
 * Return: whether it is right, else the user has been told.
 */
bool config_set_text(const struct config_place *at,
		     const struct config_key *key, const char *text,
		     void *base);

/** config_set_value() - the same, of a value of a file */
bool config_set_value(const struct config_place *at,
		      const struct config_key *key, json_t *value, void *base);

#endif
