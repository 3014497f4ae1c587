// SPDX-License-Identifier: GPL-2.0-only
/* Reading the configuration (config.h). */
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "config.h"
#include "config_keys.h"
#include "message.h"

/* What jansson has instead of stdin, see CMakeLists.txt. */
FILE *config_no_stdin __attribute__((visibility("hidden")));

#define FILE_VARIABLE "LKL_HIJACK_CONFIG_FILE"
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

/* Where a value comes from; for messages. */
struct place {
	const char *file;	/* NULL for a variable */
	const char *where;	/* "interfaces[0].", or empty */
	const char *name;
};

static bool wrong(const struct place *at, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool wrong(const struct place *at, const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	message("%s%s%s%s: %s", at->file ? at->file : "",
		at->file ? ": " : "", at->where, at->name, text);
	return false;
}

static bool unknown_key(const struct place *at, const struct config_key *keys)
{
	const char *near = most_like(keys, at->name, false);

	if (near)
		return wrong(at, "there is no such key; did you mean \"%s\"?",
			     near);
	return wrong(at, "there is no such key; remove it, or see docs/config.md for the keys");
}

/* A copy of the first @len bytes without the blanks at both ends. */
static char *trimmed(const char *text, size_t len)
{
	size_t blanks = strspn(text, " \t");

	if (blanks > len)
		blanks = len;
	text += blanks;
	len -= blanks;
	while (len && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	return strndup(text, len);
}

static void *field_of(const struct config_key *key, void *base)
{
	return (char *)base + key->offset;
}

static bool set_piece(const struct place *at, const struct config_key *key,
		      const char *text, void *base)
{
	const char *form = key->parse(text, field_of(key, base));

	return !form || wrong(at, "\"%s\" is not %s", text, form);
}

/* One value, or a list of them, as a text. */
static bool set_text(const struct place *at, const struct config_key *key,
		     const char *text, void *base)
{
	const char separator[2] = { key->separator };
	char *piece;
	size_t len;

	if (!key->separator)
		return set_piece(at, key, strdup(text), base);
	memset(field_of(key, base), 0, sizeof(struct config_list));
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

static bool set_array(const struct place *at, const struct config_key *key,
		      const json_t *array, void *base)
{
	const char *text;
	json_t *value;
	char buf[32];
	size_t i;

	memset(field_of(key, base), 0, sizeof(struct config_list));
	json_array_foreach(array, i, value) {
		text = scalar_text(value, buf);
		if (!text)
			return wrong(at, "[%zu] is no string: write it in quotes",
				     i);
		if (!set_piece(at, key, strdup(text), base))
			return false;
	}
	return true;
}

static bool set_members(const struct place *at, const struct config_key *key,
			json_t *object, void *base)
{
	const char *name, *text;
	json_t *value;
	char buf[32], *piece;

	memset(field_of(key, base), 0, sizeof(struct config_list));
	json_object_foreach(object, name, value) {
		text = scalar_text(value, buf);
		if (!text)
			return wrong(at, "%s is no string and no integer: write it in quotes",
				     name);
		if (asprintf(&piece, "%s=%s", name, text) < 0)
			return wrong(at, "there is no memory");
		if (!set_piece(at, key, piece, base))
			return false;
	}
	return true;
}

static bool set_value(const struct place *at, const struct config_key *key,
		      json_t *value, void *base)
{
	char buf[32];
	const char *text = scalar_text(value, buf);

	if (text)
		return set_text(at, key, text, base);
	if (key->separator && json_is_array(value))
		return set_array(at, key, value, base);
	if (key->members && json_is_object(value))
		return set_members(at, key, value, base);
	return wrong(at, key->members ?
		     "the value is no string, no array of strings and no object: write it in quotes" :
		     key->separator ?
		     "the value is no string and no array of strings: write it in quotes" :
		     "the value is no string and no integer: write it in quotes");
}

static bool read_object(const char *file, json_t *object,
			const struct config_key *keys, const char *where,
			void *base)
{
	struct place at = { .file = file, .where = where };
	const struct config_key *key;
	json_t *value;

	json_object_foreach(object, at.name, value) {
		if (keys == config_global_keys && !strcmp(at.name, "interfaces"))
			continue;
		key = find_key(keys, at.name);
		if (!key)
			return unknown_key(&at, keys);
		if (!set_value(&at, key, value, base))
			return false;
	}
	return true;
}

static bool read_interfaces(struct config *c, const char *file, json_t *root)
{
	json_t *list = json_object_get(root, "interfaces"), *object;
	char where[32];
	size_t i;

	if (!list)
		return true;
	if (!json_is_array(list) || json_array_size(list) > CONFIG_INTERFACES) {
		message("%s: interfaces: not an array of at most %d objects: write \"interfaces\": [{ ... }]",
			file, CONFIG_INTERFACES);
		return false;
	}
	memset(c->interface, 0, sizeof(c->interface));
	c->interfaces = json_array_size(list);
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

/* The whole file, NULL with errno when it cannot be read. */
static char *read_text(const char *file, size_t *len)
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
static bool read_file(struct config *c, const char *file, bool named)
{
	bool itself = *file == '{', ok;
	size_t len = strlen(file);
	json_error_t error;
	json_t *root;
	char *text = itself ? strdup(file) : *file ? read_text(file, &len) : NULL;

	if (itself)
		file = FILE_VARIABLE;
	if (!text) {
		if (!named && errno == ENOENT)
			return true;
		if (!*file)
			message(FILE_VARIABLE ": it is empty: name a file, or unset it");
		else
			message("%s: the configuration cannot be read: %s; correct " FILE_VARIABLE " or the file's permissions",
				file, strerror(errno));
		return false;
	}
	root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	free(text);
	if (!root) {
		message("%s:%d:%d: not valid JSON: %s; see 'lkl-config lint %s'",
			file, error.line, error.column, error.text,
			itself ? "-" : file);
		return false;
	}
	if (!json_is_object(root)) {
		message("%s:1:1: not a JSON object: a configuration is { \"interfaces\": [ ... ] }",
			file);
		return false;
	}
	c->file = strdup(file);
	ok = read_object(file, root, config_global_keys, "", c) &&
	     read_interfaces(c, file, root);
	json_decref(root);
	return ok;
}

/* Variables that are no keys of a file. */
static const char *const other_variables[] = {
	FILE_VARIABLE,
	"LKL_HIJACK_LIBRARY",		/* the launcher's */
	"LKL_HIJACK_NET_TAP",
	"LKL_HIJACK_ON_ERROR",
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

	for (key = config_global_keys; key->name; key++) {
		text = key->variable ? getenv(key->variable) : NULL;
		if (text && !set_text(&(struct place){ NULL, "", key->variable },
				      key, text, c))
			return false;
	}
	text = getenv("LKL_HIJACK_NET_TAP");
	if (text) {
		c->interface[0].type = "tap";
		c->interface[0].param = strdup(text);
		c->interfaces = 1;
	}
	for (key = config_interface_keys; key->name; key++) {
		text = getenv(key->variable);
		if (!text)
			continue;
		if (!set_text(&(struct place){ NULL, "", key->variable }, key,
			      text, &c->interface[0]))
			return false;
		if (!strcmp(key->name, "type"))
			c->interfaces = 1;
	}
	return true;
}

/* What no single value can tell. */
static bool check(const struct config *c)
{
	const char *file = c->file ? c->file : "environment";
	unsigned int n;

	for (n = 0; n < c->interfaces; n++) {
		const struct config_interface *i = &c->interface[n];

		if (!i->type) {
			message("%s: interfaces[%u].type: missing; write \"type\": \"tap\"",
				file, n);
			return false;
		}
		if (!i->param && config_needed_param(i->type)) {
			message("%s: interfaces[%u].param: missing; %s", file,
				n, config_needed_param(i->type));
			return false;
		}
		if (!i->ip.text != !i->masklen) {
			message("%s: interfaces[%u].%s: missing; \"ip\" and \"masklen\" belong together",
				file, n, i->ip.text ? "masklen" : "ip");
			return false;
		}
		if (!i->ipv6.text != !i->masklen6) {
			message("%s: interfaces[%u].%s: missing; \"ipv6\" and \"masklen6\" belong together",
				file, n, i->ipv6.text ? "masklen6" : "ipv6");
			return false;
		}
		if (i->ipv6.text && i->mtu && i->mtu < 1280) {
			message("%s: interfaces[%u].mtu: %u is too small for IPv6, which needs 1280 (RFC 8200)",
				file, n, i->mtu);
			return false;
		}
	}
	return true;
}

bool config_read(struct config *c)
{
	const char *file = getenv(FILE_VARIABLE);
	bool named = file != NULL;

	memset(c, 0, sizeof(*c));
	return check_variables() && read_environment(c) &&
	       read_file(c, named ? file : DEFAULT_FILE, named) && check(c);
}
