// SPDX-License-Identifier: GPL-2.0-only
/* What each key is, and how its text is understood: whole, or refused. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config_keys.h"

/* C's rule for numbers: 16, 0x10, 020. */
static bool number(const char *text, unsigned long long max,
		   unsigned long long *value)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*value = strtoull(text, &end, 0);
	return !errno && !*end && *value <= max;
}

static const char *parse_text(const char *text, void *field)
{
	*(const char **)field = text;
	return NULL;
}

static const char *parse_ulong(const char *text, void *field)
{
	unsigned long long value;

	if (!number(text, ~0UL, &value))
		return "a number, as 1, 0x100";
	*(unsigned long *)field = value;
	return NULL;
}

/* linux/lib/netdev/table.c has the same rows, and src/config/types.ts. */
static const struct {
	const char *type;
	const char *needs;	/* what "param" is to be; NULL: it may be absent */
} types[] = {
	{ "tap", "a tap needs the name of the host's interface, as \"param\": \"tap0\"" },
	{ "fd", "an fd needs the number of the descriptor, as \"param\": \"5\"" },
	{ "loop", NULL },
};

static const char *parse_type(const char *text, void *field)
{
	static char form[160] = "a known type of interface: ";
	size_t i, len;

	for (i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (!strcmp(text, types[i].type))
			return parse_text(text, field);
	for (i = 0; i < sizeof(types) / sizeof(*types); i++) {
		len = strlen(form);
		snprintf(form + len, sizeof(form) - len, "%s%s", i ? ", " : "",
			 types[i].type);
	}
	return form;
}

const char *config_needed_param(const char *type)
{
	size_t i = 0;

	while (strcmp(types[i].type, type))
		i++;
	return types[i].needs;
}

static const char *parse_cmdline(const char *text, void *field)
{
	const char *c;

	for (c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			return "printable ASCII text";
	if (c - text > CONFIG_CMDLINE)
		return "a text of at most 3072 characters";
	return parse_text(text, field);
}

static const char *parse_mac(const char *text, void *field)
{
	struct config_interface *i = (void *)((char *)field -
				     offsetof(struct config_interface, mac));
	static const char form[] = "six octets of a unicast address, as 12:34:56:78:9a:bc";
	char *end;
	int n;

	for (n = 0; n < 6; n++) {
		if (strspn(text, "0123456789abcdefABCDEF") != 2)
			return form;
		i->mac[n] = strtoul(text, &end, 16);
		if (*end != (n < 5 ? ':' : '\0'))
			return form;
		text = end + 1;
	}
	if (i->mac[0] & 1 || !memcmp(i->mac, "\0\0\0\0\0\0", 6))
		return form;
	i->has_mac = true;
	return NULL;
}

static const char *parse_mtu(const char *text, void *field)
{
	unsigned long long value;

	if (!number(text, 65535, &value) || value < 68)
		return "a number of bytes from 68 to 65535";
	*(unsigned int *)field = value;
	return NULL;
}

static const char *parse_ipv4(const char *text, void *field)
{
	struct config_address *a = field;

	a->text = text;
	return inet_pton(AF_INET, text, &a->v4) == 1 ? NULL : "an IPv4 address, as 192.168.0.2";
}

static const char *parse_ipv6(const char *text, void *field)
{
	struct config_address *a = field;

	a->text = text;
	return inet_pton(AF_INET6, text, &a->v6) == 1 ? NULL : "an IPv6 address, as 2001:db8::2";
}

static const char *parse_masklen(const char *text, void *field)
{
	unsigned long long value;

	if (!number(text, 32, &value) || !value)
		return "a prefix length from 1 to 32";
	*(unsigned int *)field = value;
	return NULL;
}

static const char *parse_masklen6(const char *text, void *field)
{
	unsigned long long value;

	if (!number(text, 128, &value) || !value)
		return "a prefix length from 1 to 128";
	*(unsigned int *)field = value;
	return NULL;
}

static const char *parse_offload(const char *text, void *field)
{
	struct config_interface *i = (void *)((char *)field -
				     offsetof(struct config_interface, offload));

	if (!number(text, ~0ULL, &i->offload))
		return "a mask of virtio-net feature bits, as 0xc803";
	i->has_offload = true;
	return NULL;
}

/* For editors only. */
static const char *parse_nothing(const char *text, void *field)
{
	(void)text;
	(void)field;
	return NULL;
}

#define GLOBAL(name, variable, field, parse) \
	{ name, variable, offsetof(struct config, field), parse }
#define INTERFACE(name, variable, field, parse) \
	{ name, variable, offsetof(struct config_interface, field), parse }

const struct config_key config_global_keys[] = {
	GLOBAL("$schema", NULL, file, parse_nothing),
	GLOBAL("gateway", "LKL_HIJACK_NET_GATEWAY", gateway, parse_ipv4),
	GLOBAL("gateway6", "LKL_HIJACK_NET_GATEWAY6", gateway6, parse_ipv6),
	GLOBAL("debug", "LKL_HIJACK_DEBUG", debug, parse_ulong),
	GLOBAL("boot_cmdline", "LKL_HIJACK_BOOT_CMDLINE", boot_cmdline,
	       parse_cmdline),
	{ NULL, NULL, 0, NULL }
};

const struct config_key config_interface_keys[] = {
	INTERFACE("type", "LKL_HIJACK_NET_IFTYPE", type, parse_type),
	INTERFACE("param", "LKL_HIJACK_NET_IFPARAMS", param, parse_text),
	INTERFACE("mtu", "LKL_HIJACK_NET_MTU", mtu, parse_mtu),
	INTERFACE("ip", "LKL_HIJACK_NET_IP", ip, parse_ipv4),
	INTERFACE("masklen", "LKL_HIJACK_NET_NETMASK_LEN", masklen,
		  parse_masklen),
	INTERFACE("ipv6", "LKL_HIJACK_NET_IPV6", ipv6, parse_ipv6),
	INTERFACE("masklen6", "LKL_HIJACK_NET_NETMASK6_LEN", masklen6,
		  parse_masklen6),
	INTERFACE("mac", "LKL_HIJACK_NET_MAC", mac, parse_mac),
	INTERFACE("offload", "LKL_HIJACK_OFFLOAD", offload, parse_offload),
	{ NULL, NULL, 0, NULL }
};
