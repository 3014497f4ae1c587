// SPDX-License-Identifier: GPL-2.0-only
/* Files that describe one end of a tunnel, see file.h. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "wireguard/file.h"
#include "wireguard/value.h"

#define KEY_FORM "a key: 32 bytes in base64, as wg genkey prints them"

/* The reading of one file. */
struct reader {
	struct wg_file *file;
	struct wg_peer *peer;		/* the section, NULL for [Interface] */
	bool in_section, has_interface;
	unsigned int line;
	unsigned int seen[16];		/* in which line of this section, by key */
	wg_error_fn *wrong;
	void *arg;
};

__attribute__((format(printf, 2, 3)))
static bool wrong(struct reader *r, const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	r->wrong(r->arg, r->line, text);
	return false;
}

static char *trim(char *text)
{
	char *end = text + strlen(text);

	while (end > text && isspace((unsigned char)end[-1]))
		*--end = '\0';
	while (isspace((unsigned char)*text))
		text++;
	return text;
}

/* ------------------------------------------------------------------------ */
/* Values. Each function returns NULL, or the form that is accepted.         */

static const char no_memory[] = "what fits into memory";

static const char *set_private_key(struct reader *r, char *text)
{
	return wg_key(text, r->file->private_key) ? NULL : KEY_FORM;
}

static const char *set_port(struct reader *r, char *text)
{
	unsigned int value;

	if (!wg_number(text, 0, 65535, &value))
		return "the number of a port, such as 51820";
	r->file->port = value;
	return NULL;
}

static const char *set_mark(struct reader *r, char *text)
{
	if (!strcasecmp(text, "off") ||
	    wg_number(text, 0, 0xffffffff, &r->file->mark))
		return NULL;
	return "off or a mark of packets, such as 0xca6c";
}

static const char *set_mtu(struct reader *r, char *text)
{
	if (wg_number(text, 68, 65535, &r->file->mtu))
		return NULL;
	return "a number of bytes from 68 to 65535";
}

static const char *set_table(struct reader *r, char *text)
{
	r->file->routing = WG_ROUTES_TABLE;
	if (!strcasecmp(text, "auto"))
		r->file->routing = WG_ROUTES_AUTO;
	else if (!strcasecmp(text, "off"))
		r->file->routing = WG_ROUTES_OFF;
	else if (!wg_number(text, 1, 0xffffffff, &r->file->table))
		return "auto, off or the number of a routing table";
	return NULL;
}

static const char *add_prefix(struct wg_prefixes *list, const char *text)
{
	struct lkl_prefix *more = realloc(list->prefix, (list->count + 1) *
					  sizeof(*more));

	if (!more)
		return no_memory;
	list->prefix = more;
	if (!wg_prefix(text, &more[list->count]))
		return "an address, with or without a prefix length, such as 10.0.0.0/24 or fd00::2";
	list->count++;
	return NULL;
}

static const char *add_address(struct reader *r, char *text)
{
	const char *form = add_prefix(&r->file->addresses, text);
	struct wg_prefixes *list = &r->file->addresses;

	return form || list->prefix[list->count - 1].len ? form :
	       "the address of an interface, such as 10.0.0.2/24";
}

static const char *add_allowed(struct reader *r, char *text)
{
	return add_prefix(&r->peer->allowed, text);
}

/* Puts three texts behind what is there. */
static const char *append(char **to, const char *before, const char *text,
			  const char *after)
{
	char *more;

	if (asprintf(&more, "%s%s%s%s", *to ? *to : "", before, text, after) < 0)
		return no_memory;
	free(*to);
	*to = more;
	return NULL;
}

static const char *add_dns(struct reader *r, char *text)
{
	struct lkl_prefix address;

	if (!strchr(text, '/') && wg_prefix(text, &address))
		return append(&r->file->resolver, "nameserver ", text, "\n");
	if (wg_is_name(text))
		return append(&r->file->domains, " ", text, "");
	return "the address of a name server or a domain to search in";
}

static const char *set_public_key(struct reader *r, char *text)
{
	return wg_key(text, r->peer->public_key) ? NULL : KEY_FORM;
}

static const char *set_preshared_key(struct reader *r, char *text)
{
	r->peer->has_preshared_key = true;
	return wg_key(text, r->peer->preshared_key) ? NULL : KEY_FORM;
}

static const char *set_endpoint(struct reader *r, char *text)
{
	char copy[300], *host;

	if (strlen(text) >= sizeof(copy) ||
	    !wg_endpoint(strcpy(copy, text), &host, &r->peer->port))
		return "a host and its port, such as vpn.example.com:51820, 192.0.2.1:51820 or [2001:db8::1]:51820";
	r->peer->host = strdup(host);
	r->peer->endpoint_line = r->line;
	return r->peer->host ? NULL : no_memory;
}

static const char *set_keepalive(struct reader *r, char *text)
{
	unsigned int value = 0;

	if (strcasecmp(text, "off") && !wg_number(text, 0, 65535, &value))
		return "off or a number of seconds, such as 25";
	r->peer->keepalive = value;
	return NULL;
}

/* It would be written when the interface goes. */
static const char *set_save(struct reader *r, char *text)
{
	(void)r;
	return strcasecmp(text, "false") ?
	       "false: lkl-hijack never writes to the file" : NULL;
}

/* ------------------------------------------------------------------------ */
/* Keys                                                                      */

enum section { INTERFACE = 1, PEER = 2 };

/* What a key holds: one value; several, here or in further lines; a secret. */
enum holds { ONE, MANY, MANY_OR_NONE, SECRET };

static const struct key {
	const char *name;
	enum section section;
	enum holds holds;
	const char *(*set)(struct reader *reader, char *text);
} keys[] = {
	{ "PrivateKey", INTERFACE, SECRET, set_private_key },
	{ "ListenPort", INTERFACE, ONE, set_port },
	{ "FwMark", INTERFACE, ONE, set_mark },
	{ "Address", INTERFACE, MANY, add_address },
	{ "DNS", INTERFACE, MANY, add_dns },
	{ "MTU", INTERFACE, ONE, set_mtu },
	{ "Table", INTERFACE, ONE, set_table },
	{ "SaveConfig", INTERFACE, ONE, set_save },
	{ "PublicKey", PEER, SECRET, set_public_key },
	{ "PresharedKey", PEER, SECRET, set_preshared_key },
	{ "AllowedIPs", PEER, MANY_OR_NONE, add_allowed },
	{ "Endpoint", PEER, ONE, set_endpoint },
	{ "PersistentKeepalive", PEER, ONE, set_keepalive },
};

#define KEYS (sizeof(keys) / sizeof(*keys))

/* More letters than the name of a key, and less than a key, has. */
#define LONGEST_NAME 24

static const char *const commands[] = { "PreUp", "PostUp", "PreDown", "PostDown" };

static bool unknown_key(struct reader *r, const char *name)
{
	char list[256] = "";
	size_t n, letters = 0;

	while (isalpha((unsigned char)name[letters]))
		letters++;
	/* What ends with "=" may be a secret that has lost its name. */
	if (name[letters] || letters > LONGEST_NAME)
		return wrong(r, "what is before \"=\" is no name of a key");

	for (n = 0; n < sizeof(commands) / sizeof(*commands); n++)
		if (!strcasecmp(name, commands[n]))
			return wrong(r, "%s: lkl-hijack runs no commands; remove the line, or do in the configuration what it is for",
				     commands[n]);
	for (n = 0; n < KEYS; n++) {
		if (keys[n].section != (r->peer ? PEER : INTERFACE))
			continue;
		snprintf(list + strlen(list), sizeof(list) - strlen(list),
			 "%s%s", *list ? ", " : "", keys[n].name);
	}
	return wrong(r, "%s: [%s] has no such key; it has %s", name,
		     r->peer ? "Peer" : "Interface", list);
}

static bool set_value(struct reader *r, const struct key *key, char *text)
{
	const char *form = key->set(r, text);

	if (!form)
		return true;
	if (key->holds == SECRET)
		return wrong(r, "%s: what is given, of %zu characters, is not %s",
			     key->name, strlen(text), form);
	return wrong(r, "%s: \"%.80s\" is not %s", key->name, text, form);
}

static bool set_values(struct reader *r, const struct key *key, char *text)
{
	char *next;

	for (; text; text = next) {
		next = strchr(text, ',');
		if (next)
			*next++ = '\0';
		if (!set_value(r, key, trim(text)))
			return false;
	}
	return true;
}

static bool read_key(struct reader *r, const char *name, char *value)
{
	size_t n;

	for (n = 0; n < KEYS; n++)
		if (keys[n].section == (r->peer ? PEER : INTERFACE) &&
		    !strcasecmp(keys[n].name, name))
			break;
	if (n == KEYS)
		return unknown_key(r, name);
	if (keys[n].holds == MANY_OR_NONE && !*value)
		return true;
	if (keys[n].holds == MANY || keys[n].holds == MANY_OR_NONE)
		return set_values(r, &keys[n], value);
	if (r->seen[n])
		return wrong(r, "%s: it is in line %u, too; remove one of them",
			     keys[n].name, r->seen[n]);
	r->seen[n] = r->line;
	return set_value(r, &keys[n], value);
}

/* ------------------------------------------------------------------------ */
/* Sections                                                                  */

static bool has(const struct reader *r, const char *name)
{
	size_t n;

	for (n = 0; n < KEYS; n++)
		if (!strcmp(keys[n].name, name))
			return r->seen[n];
	return false;
}

static bool end_section(struct reader *r)
{
	unsigned int n, last = r->file->peers - 1;

	if (!r->in_section)
		return true;
	if (!r->peer && r->file->domains && !r->file->resolver)
		return wrong(r, "DNS: it names domains and no name server before this line; add the address of one");
	if (!r->peer)
		return has(r, "PrivateKey") ||
		       wrong(r, "[Interface] has no PrivateKey before this line; add the one that wg genkey has made");
	if (!has(r, "PublicKey"))
		return wrong(r, "the [Peer] of line %u has no PublicKey before this line; add what wg pubkey has made of its private key",
			     r->peer->line);
	for (n = 0; n < last; n++)
		if (!memcmp(r->file->peer[n].public_key, r->peer->public_key,
			    LKL_WG_KEY))
			return wrong(r, "the [Peer] of line %u has the PublicKey of the one of line %u; make one of them",
				     r->peer->line, r->file->peer[n].line);
	return true;
}

static bool add_peer(struct reader *r)
{
	struct wg_file *file = r->file;
	struct wg_peer *more = calloc(file->peers + 1, sizeof(*more));

	if (!more)
		return wrong(r, "there is no memory for one more [Peer]");
	/* Not by realloc(), which leaves a copy of the keys. */
	if (file->peers) {
		memcpy(more, file->peer, file->peers * sizeof(*more));
		explicit_bzero(file->peer, file->peers * sizeof(*more));
		free(file->peer);
	}
	file->peer = more;
	r->peer = &more[file->peers++];
	*r->peer = (struct wg_peer){ .line = r->line };
	return true;
}

static bool begin_section(struct reader *r, const char *name)
{
	if (!end_section(r))
		return false;
	memset(r->seen, 0, sizeof(r->seen));
	r->in_section = true;
	r->peer = NULL;
	if (!strcasecmp(name, "[Peer]"))
		return add_peer(r);
	if (strcasecmp(name, "[Interface]"))
		return wrong(r, "%.40s: there is no such section; there are [Interface] and [Peer]",
			     name);
	if (r->has_interface)
		return wrong(r, "there is a section [Interface] before; make one of them");
	r->has_interface = true;
	return true;
}

static bool read_line(struct reader *r, char *line)
{
	char *comment = strchr(line, '#'), *value;

	if (comment)
		*comment = '\0';
	line = trim(line);
	if (!*line)
		return true;
	if (*line == '[')
		return begin_section(r, line);
	value = strchr(line, '=');
	/* It is not quoted: it may be a key that has lost its name. */
	if (!value)
		return wrong(r, "the line is no key with its value, such as ListenPort = 51820, and no section");
	if (!r->in_section)
		return wrong(r, "the line is in no section; begin with [Interface]");
	*value++ = '\0';
	return read_key(r, trim(line), trim(value));
}

static bool read_lines(struct reader *r, char *text, size_t len)
{
	char *end = text + len, *next;

	for (; text < end; text = next + 1) {
		next = memchr(text, '\n', end - text);
		if (!next)
			next = end;
		*next = '\0';
		r->line++;
		if (strlen(text) != (size_t)(next - text))
			return wrong(r, "the line holds a byte 0: the file is no text");
		if (!read_line(r, text))
			return false;
	}
	r->line++;
	return end_section(r) &&
	       (r->has_interface ||
		wrong(r, "there is no section [Interface]; it has the PrivateKey"));
}

bool wg_file_parse(struct wg_file *file, const char *text, size_t len,
		   wg_error_fn *tell, void *arg)
{
	struct reader r = { .file = file, .wrong = tell, .arg = arg };
	char *copy;
	bool sound;

	*file = (struct wg_file){ 0 };
	if (len > WG_FILE_MAX)
		return wrong(&r, "it is longer than 1 MiB; is it the right file?");
	copy = malloc(len + 1);
	if (!copy)
		return wrong(&r, "there is no memory for it");
	memcpy(copy, text, len);
	sound = read_lines(&r, copy, len);
	explicit_bzero(copy, len);
	free(copy);
	return sound;
}

void wg_file_forget(struct wg_file *file)
{
	unsigned int n;

	for (n = 0; n < file->peers; n++) {
		free(file->peer[n].host);
		free(file->peer[n].allowed.prefix);
	}
	if (file->peers)
		explicit_bzero(file->peer, file->peers * sizeof(*file->peer));
	free(file->peer);
	free(file->addresses.prefix);
	free(file->resolver);
	free(file->domains);
	explicit_bzero(file, sizeof(*file));
}
