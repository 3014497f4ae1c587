// SPDX-License-Identifier: GPL-2.0-only
/* From a value, as it stands in the environment or in a file, to its field. */
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config_value.h"
#include "message.h"

/* A text that is kept until config_forget(). */
struct text {
	struct text *next;
	char text[];
};

static struct text *texts;

char *config_keep(const char *text, size_t len)
{
	struct text *new = calloc(1, sizeof(*new) + len + 1);

	if (!new)
		message_die("there is no memory for the configuration");
	memcpy(new->text, text, strnlen(text, len));
	new->next = texts;
	texts = new;
	return new->text;
}

static void forget_lists(const struct config_key *key, void *base)
{
	for (; key->name; key++)
		if (key->separator)
			free(((struct config_list *)((char *)base +
						     key->offset))->pair);
}

void config_make_interfaces(struct config *config, unsigned int count)
{
	unsigned int n;

	for (n = 0; n < config->interfaces; n++)
		forget_lists(config_interface_keys, &config->interface[n]);
	free(config->interface);
	config->interfaces = count;
	config->interface = count ? calloc(count, sizeof(*config->interface)) :
				    NULL;
	if (count && !config->interface)
		message_die("there is no memory for the configuration");
}

void config_forget(struct config *config)
{
	struct text *next;

	config_make_interfaces(config, 0);
	forget_lists(config_global_keys, config);
	for (; texts; texts = next) {
		next = texts->next;
		free(texts);
	}
	memset(config, 0, sizeof(*config));
}

static bool wrong(const struct config_place *at, const char *format, va_list ap)
{
	char text[800];

	vsnprintf(text, sizeof(text), format, ap);
	message("%s%s%s%s: %s", at->file ? at->file : "",
		at->file ? ": " : "", at->where, at->name, text);
	return false;
}

bool config_wrong(const struct config_place *at, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	wrong(at, format, ap);
	va_end(ap);
	return false;
}

/* The variable that has set a key, NULL when it was the file, or nobody. */
static const char *variable_of(const struct config *c, int interface,
			       const char *name)
{
	static const char tap[] = "LKL_HIJACK_NET_TAP";
	const struct config_key *keys = interface < 0 ? config_global_keys :
							config_interface_keys;
	const struct config_key *key = keys;

	while (key->name && strcmp(key->name, name))
		key++;
	if (!key->variable)
		return NULL;
	if (interface < 0)
		return !(c->in_file & 1U << (key - keys)) &&
		       getenv(key->variable) ? key->variable : NULL;
	if (c->interfaces_in_file)
		return NULL;
	/* The oldest form is of these two. */
	if ((!strcmp(name, "type") || !strcmp(name, "param")) &&
	    !getenv(key->variable) && getenv(tap))
		return tap;
	return key->variable;
}

bool config_wrong_at(const struct config *c, int interface, const char *key,
		     const char *format, ...)
{
	struct config_place at = { NULL, "", variable_of(c, interface, key) };
	char where[40];
	va_list ap;

	if (!at.name) {
		at.file = c->file ? c->file : "environment";
		at.name = key;
		snprintf(where, sizeof(where), "interfaces[%d].", interface);
		at.where = interface < 0 ? "" : where;
	}
	va_start(ap, format);
	wrong(&at, format, ap);
	va_end(ap);
	return false;
}

static void *field_of(const struct config_key *key, void *base)
{
	return (char *)base + key->offset;
}

/* A copy of the first @len bytes without the blanks at both ends. */
static const char *trimmed(const char *text, size_t len)
{
	size_t blanks = strspn(text, " 	");

	if (blanks > len)
		blanks = len;
	text += blanks;
	len -= blanks;
	while (len && (text[len - 1] == ' ' || text[len - 1] == '	'))
		len--;
	return config_keep(text, len);
}

static void empty(const struct config_key *key, void *base)
{
	struct config_list *list = field_of(key, base);

	free(list->pair);
	*list = (struct config_list){ 0 };
}

static bool set_piece(const struct config_place *at, const struct config_key *key,
		      const char *text, void *base)
{
	const char *form = key->parse(text, field_of(key, base));

	return !form || config_wrong(at, "\"" CONFIG_CUT "\" is not %s",
				     CONFIG_CUT_ARGS(text), form);
}

/* One value, or a list of them, as a text. */
bool config_set_text(const struct config_place *at, const struct config_key *key,
		     const char *text, void *base)
{
	const char separator[2] = { key->separator };
	const char *piece;
	size_t len;

	if (!key->separator)
		return set_piece(at, key, config_keep(text, strlen(text)), base);
	empty(key, base);
	for (;; text += len + 1) {
		len = strcspn(text, separator);
		piece = trimmed(text, len);
		if (*piece && !set_piece(at, key, piece, base))
			return false;
		if (!text[len])
			return true;
	}
}

/* The greatest integer that every reader of JSON tells from its neighbours. */
#define INTEGER_MAX 9007199254740991LL

/* The text of a scalar in @buf, or its own; NULL when it is none. */
static const char *scalar_text(const json_t *value, char buf[32])
{
	double number;

	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_boolean(value))
		return json_is_true(value) ? "1" : "0";
	if (!json_is_number(value))
		return NULL;
	/* 1e3 and 1.0 are integers, too. */
	number = json_number_value(value);
	if (number < -INTEGER_MAX || number > INTEGER_MAX ||
	    number != (double)(long long)number)
		return NULL;
	snprintf(buf, 32, "%lld", (long long)number);
	return buf;
}

static bool set_array(const struct config_place *at, const struct config_key *key,
		      const json_t *array, void *base)
{
	const char *text;
	json_t *value;
	char buf[32];
	size_t i;

	empty(key, base);
	json_array_foreach(array, i, value) {
		text = scalar_text(value, buf);
		if (!text)
			return config_wrong(at, "[%zu] is no string: write it in quotes",
				     i);
		if (!set_piece(at, key, config_keep(text, strlen(text)), base))
			return false;
	}
	return true;
}

static const char *member_text(const char *name, char sign, const char *value)
{
	size_t len = strlen(name) + 1 + strlen(value);
	char *text = config_keep("", len);

	sprintf(text, "%s%c%s", name, sign, value);
	return text;
}

static bool set_members(const struct config_place *at, const struct config_key *key,
			json_t *object, void *base)
{
	const char *name, *text;
	json_t *value;
	char buf[32];

	empty(key, base);
	json_object_foreach(object, name, value) {
		text = scalar_text(value, buf);
		if (!text)
			return config_wrong(at, "%s is no string and no integer: write it in quotes",
				     name);
		if (!set_piece(at, key, member_text(name, key->members, text),
			       base))
			return false;
	}
	return true;
}

bool config_set_value(const struct config_place *at, const struct config_key *key,
		      json_t *value, void *base)
{
	char buf[32];
	const char *text = scalar_text(value, buf);

	if (text)
		return config_set_text(at, key, text, base);
	if (key->separator && json_is_array(value))
		return set_array(at, key, value, base);
	if (key->members && json_is_object(value))
		return set_members(at, key, value, base);
	return config_wrong(at, key->members ?
		     "the value is no string, no array of strings and no object: write it in quotes" :
		     key->separator ?
		     "the value is no string and no array of strings: write it in quotes" :
		     "the value is no string and no integer: write it in quotes");
}
