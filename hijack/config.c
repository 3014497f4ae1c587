// SPDX-License-Identifier: GPL-2.0-only
/* Reading the configuration (config.h). */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "config.h"
#include "config_value.h"
#include "message.h"

/* What jansson has instead of stdin, see CMakeLists.txt. */
FILE *config_no_stdin __attribute__((visibility("hidden")));

#define FILE_VARIABLE "LKL_HIJACK_CONFIG_FILE"
#define NAME_VARIABLE "LKL_HIJACK_CONFIG_NAME"
#define DEFAULT_FILE "lkl-hijack.json"

static const struct config_key *find_key(const struct config_key *keys,
					 const char *name)
{
	for (; keys->name; keys++)
		if (!strcmp(keys->name, name))
			return keys;
	return NULL;
}

/* Number of insertions, deletions and replacements from @a to @b (Levenshtein). */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[32], diagonal, above, i, j;
	size_t n = strlen(b);

	if (n >= 31)
		return 99;
	for (j = 0; j <= n; j++)
		row[j] = j;
	for (i = 1; *a; a++, i++) {
		diagonal = row[0];
		row[0] = i;
		for (j = 1; j <= n; j++) {
			above = row[j];
			row[j] = diagonal + (*a != b[j - 1]);
			if (above + 1 < row[j])
				row[j] = above + 1;
			if (row[j - 1] + 1 < row[j])
				row[j] = row[j - 1] + 1;
			diagonal = above;
		}
	}
	return row[n];
}

/* The name in @keys that is most like @name, NULL when none is. */
static const char *most_like(const struct config_key *keys, const char *name,
			     bool variables)
{
	const char *near = NULL, *candidate;
	unsigned int best = 3, d;

	for (; keys->name; keys++) {
		candidate = variables ? keys->variable : keys->name;
		if (!candidate)
			continue;
		d = distance(name, candidate);
		if (d < best && d * 3 <= strlen(name)) {
			best = d;
			near = candidate;
		}
	}
	return near;
}

static bool unknown_key(const struct config_place *at, const struct config_key *keys)
{
	const char *near = most_like(keys, at->name, false);

	if (near)
		return config_wrong(at, "there is no such key; did you mean \"%s\"?",
			     near);
	return config_wrong(at, "there is no such key; remove it, or see docs/config.md for the keys");
}

static bool read_object(const char *file, json_t *object,
			const struct config_key *keys, const char *where,
			void *base)
{
	struct config_place at = { .file = file, .where = where };
	const struct config_key *key;
	json_t *value;

	json_object_foreach(object, at.name, value) {
		if (keys == config_global_keys && !strcmp(at.name, "interfaces"))
			continue;
		key = find_key(keys, at.name);
		if (!key)
			return unknown_key(&at, keys);
		if (!config_set_value(&at, key, value, base))
			return false;
		if (keys == config_global_keys)
			((struct config *)base)->in_file |= 1U << (key - keys);
	}
	return true;
}

static bool read_interfaces(struct config *c, const char *file, json_t *root)
{
	json_t *list = json_object_get(root, "interfaces"), *object;
	char where[40];
	size_t i;

	if (!list)
		return true;
	if (!json_is_array(list)) {
		message("%s: interfaces: not an array of objects: write \"interfaces\": [{ ... }]",
			file);
		return false;
	}
	c->interfaces_in_file = true;
	config_make_interfaces(c, json_array_size(list));
	json_array_foreach(list, i, object) {
		snprintf(where, sizeof(where), "interfaces[%zu].", i);
		if (!json_is_object(object)) {
			message("%s: interfaces[%zu]: not an object: write { \"type\": \"tap\", ... }",
				file, i);
			return false;
		}
		if (!read_object(file, object, config_interface_keys, where,
				 &c->interface[i]))
			return false;
	}
	return true;
}

char *config_read_text(const char *file, size_t *len)
{
	char *text = NULL, *more;
	size_t room = 0, n;
	int err = 0;
	FILE *f = fopen(file, "re");

	if (!f)
		return NULL;
	*len = 0;
	do {
		room += 65536;
		more = realloc(text, room);
		if (!more) {
			err = ENOMEM;
			break;
		}
		text = more;
		n = fread(text + *len, 1, room - *len, f);
		*len += n;
		if (ferror(f))
			err = errno;
	} while (!err && *len == room);
	fclose(f);
	if (!err)
		return text;
	free(text);
	errno = err;
	return NULL;
}

/* @file: the name of a file, or the configuration itself from its brace on. */
bool config_parse(struct config *c, const char *name, const char *shown,
		  const char *text, size_t len)
{
	json_error_t error;
	json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	bool ok = false;

	c->file = config_keep(name, strlen(name));
	if (!root)
		message("%s:%d:%d: not valid JSON: %s; see 'lkl-config lint %s'",
			name, error.line, error.column, error.text, shown);
	else if (!json_is_object(root))
		message("%s:1:1: not a JSON object: a configuration is { \"interfaces\": [ ... ] }",
			name);
	else
		ok = read_object(name, root, config_global_keys, "", c) &&
		     read_interfaces(c, name, root);
	json_decref(root);
	return ok;
}

static bool read_file(struct config *c, const char *file, bool named)
{
	const char *name = getenv(NAME_VARIABLE);
	size_t len;
	char *text;
	bool ok;

	if (*file == '{')
		return config_parse(c, name && *name ? name : FILE_VARIABLE, "-",
				    file, strlen(file));
	if (!*file) {
		message(FILE_VARIABLE ": it is empty: name a file, or unset it");
		return false;
	}
	text = config_read_text(file, &len);
	if (!text && !named && errno == ENOENT)
		return true;
	if (!text) {
		message("%s: the configuration cannot be read: %s; correct " FILE_VARIABLE " or the file's permissions",
			file, strerror(errno));
		return false;
	}
	ok = config_parse(c, file, file, text, len);
	free(text);
	return ok;
}

/* Variables that are no keys of a file. */
static const char *const other_variables[] = {
	FILE_VARIABLE,
	NAME_VARIABLE,
	"LKL_HIJACK_LIBRARY",		/* the launcher's */
	"LKL_HIJACK_NET_TAP",
	"LKL_HIJACK_ON_ERROR",
	"LKL_HIJACK_PCAP",
	"LKL_HIJACK_TRACE",
	"LKL_HIJACK_TRACE_FILE",
};

static bool known_variable(const char *name)
{
	const struct config_key *key;
	size_t i;

	for (i = 0; i < sizeof(other_variables) / sizeof(*other_variables); i++)
		if (!strcmp(name, other_variables[i]))
			return true;
	for (key = config_global_keys; key->name; key++)
		if (key->variable && !strcmp(name, key->variable))
			return true;
	for (key = config_interface_keys; key->name; key++)
		if (!strcmp(name, key->variable))
			return true;
	return false;
}

static bool check_on_error(void)
{
	const char *text = getenv("LKL_HIJACK_ON_ERROR");

	if (!text || !strcmp(text, "continue") || !strcmp(text, "stop"))
		return true;
	message("LKL_HIJACK_ON_ERROR: \"%s\" is not continue or stop", text);
	return false;
}

/* A variable that is misspelt must not mean another network than was meant. */
static bool check_variables(void)
{
	const char *near;
	char name[64];
	char **v;

	for (v = environ; *v; v++) {
		if (strncmp(*v, "LKL_HIJACK_", 11))
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(*v, "="), *v);
		if (known_variable(name))
			continue;
		near = most_like(config_global_keys, name, true);
		if (!near)
			near = most_like(config_interface_keys, name, true);
		if (near)
			message("%s: there is no such variable; did you mean %s?",
				name, near);
		else
			message("%s: there is no such variable; unset it, or see docs/config.md for the keys",
				name);
		return false;
	}
	return true;
}

/* The older form: variables, which describe at most one interface. */
static bool read_environment(struct config *c)
{
	const struct config_key *key;
	const char *text;
	bool any = false;

	for (key = config_global_keys; key->name; key++) {
		text = key->variable ? getenv(key->variable) : NULL;
		if (text && !config_set_text(&(struct config_place){ NULL, "", key->variable },
				      key, text, c))
			return false;
	}
	config_make_interfaces(c, 1);
	text = getenv("LKL_HIJACK_NET_TAP");
	if (text) {
		c->interface->type = "tap";
		c->interface->param = config_keep(text, strlen(text));
		any = true;
	}
	for (key = config_interface_keys; key->name; key++) {
		text = getenv(key->variable);
		if (!text)
			continue;
		if (!config_set_text(&(struct config_place){ NULL, "", key->variable }, key,
			      text, c->interface))
			return false;
		any = true;
	}
	if (!any)
		config_make_interfaces(c, 0);
	return true;
}

bool config_read(struct config *c)
{
	const char *file = getenv(FILE_VARIABLE);
	bool named = file != NULL;

	memset(c, 0, sizeof(*c));
	return check_variables() && check_on_error() && read_environment(c) &&
	       read_file(c, named ? file : DEFAULT_FILE, named) && config_check(c);
}
