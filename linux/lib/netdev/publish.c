// SPDX-License-Identifier: GPL-2.0-only
/* The list of published ports, see publish.h. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include "backend.h"
#include "publish.h"

/* A port and what follows it: NULL when there is none. */
static const char *port(const char *text, uint16_t *value)
{
	unsigned long number;
	char *end;

	if (*text < '1' || *text > '9')
		return NULL;
	number = strtoul(text, &end, 10);
	*value = number;
	return number <= UINT16_MAX ? end : NULL;
}

/* An address with the colon behind it, if there is one: NULL when it is none. */
static const char *address(const char *text, struct published_port *p)
{
	bool v6 = *text == '[';
	size_t len = strcspn(text + v6, v6 ? "]" : ":,");
	struct in6_addr binary;

	p->address[0] = '\0';
	if (!v6 && !memchr(text, '.', len))
		return text;
	if (len >= sizeof(p->address))
		return NULL;
	memcpy(p->address, text + v6, len);
	p->address[len] = '\0';
	text += len + v6;
	if ((v6 && *text++ != ']') || *text++ != ':' ||
	    inet_pton(v6 ? AF_INET6 : AF_INET, p->address, &binary) != 1)
		return NULL;
	return text;
}

static const char *row(const char *text, struct published_port *p)
{
	text = address(text, p);
	text = text ? port(text, &p->host) : NULL;
	if (!text || *text != ':')
		return NULL;
	text = port(text + 1, &p->guest);
	if (!text)
		return NULL;
	p->udp = !strncmp(text, "/udp", 4);
	if (p->udp || !strncmp(text, "/tcp", 4))
		text += 4;
	return text;
}

int publish_parse(const char *param, struct published_port *ports,
		  struct backend_error *error)
{
	const char *text = param;
	int n = 0;

	if (!text || !*text)
		return 0;
	for (;;) {
		if (n == PUBLISH_MAX)
			return backend_fail(error, -E2BIG,
				"param '%s': more than %d published ports: leave some out",
				param, PUBLISH_MAX);
		text = row(text, &ports[n++]);
		if (text && !*text)
			return n;
		if (!text || *text++ != ',')
			return backend_fail(error, -EINVAL,
				"param '%s' is no list of published ports: write \"param\": \"8080:80,127.0.0.1:5353:53/udp\", the host's port first, or leave it empty",
				param);
	}
}
