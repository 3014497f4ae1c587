// SPDX-License-Identifier: GPL-2.0-only
/* What each key is, and how its text is understood: whole, or refused. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "config_keys.h"
#include "config_value.h"

#define DELAY_MAX 3600000000ULL

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

bool config_mac(const char *text, unsigned char mac[6])
{
	char *end;
	int n;

	for (n = 0; n < 6; n++) {
		if (strspn(text, "0123456789abcdefABCDEF") != 2)
			return false;
		mac[n] = strtoul(text, &end, 16);
		if (*end != (n < 5 ? ':' : '\0'))
			return false;
		text = end + 1;
	}
	return !(mac[0] & 1) && memcmp(mac, "\0\0\0\0\0\0", 6);
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

/* The one type that is no device: hijack/setup/wireguard.c. */
#define TUNNEL "wireguard"

/* linux/lib/netdev/table.c has the same other rows, and src/config/types.ts. */
static const struct {
	const char *type;
	const char *needs;	/* what "param" is to be; NULL: it may be absent */
} types[] = {
	{ "tap", "a tap needs the name of the host's interface, as \"param\": \"tap0\"" },
	{ "macvtap", "a macvtap needs the device's file, as \"param\": \"/dev/tap5\"" },
	{ "raw", "a raw interface needs the name of the host's interface, as \"param\": \"eth0\"" },
	{ "pipe", "a pipe needs two FIFOs, to read from and to write to, as \"param\": \"/tmp/rx|/tmp/tx\"" },
	{ "fd", "an fd needs the number of the descriptor, as \"param\": \"5\"" },
	{ "vde", "a vde interface needs the socket directory of a switch, as \"param\": \"/run/vde/switch\"" },
	{ "dpdk", NULL },
	{ "user", NULL },
	{ "passt", NULL },
	{ "slirp", NULL },
	{ "loop", NULL },
	{ TUNNEL, "a wireguard interface needs the file of its tunnel, as \"param\": \"/etc/wireguard/wg0.conf\"" },
};

static const char *parse_singlecpu(const char *text, void *field)
{
	unsigned long long value;

	if (!number(text, 2, &value))
		return "0, 1 or 2";
	*(unsigned int *)field = value;
	return NULL;
}

static const char *parse_delay(const char *text, void *field)
{
	unsigned long long value = DELAY_AUTO;

	if (strcmp(text, "auto") && !number(text, DELAY_MAX, &value))
		return "a number of microseconds up to an hour, as 500000, or auto";
	*(unsigned long *)field = value;
	return NULL;
}

static bool printable(const char *text)
{
	while (*text >= ' ' && *text <= '~')
		text++;
	return !*text;
}

/* ------------------------------------------------------------------------ */
/* Pieces of lists                                                           */

static const char *add_pair(void *field, const char *first, const char *second)
{
	struct config_list *list = field;
	struct config_pair *more = realloc(list->pair, (list->count + 1) *
					   sizeof(*more));

	if (!more)
		return "what fits into memory";
	list->pair = more;
	more[list->count++] = (struct config_pair){ first, second };
	return NULL;
}

/* The part of @text before the first @at, or NULL; sets @rest to what follows. */
static char *split(const char *text, char at, const char **rest)
{
	const char *end = strchr(text, at);

	if (!end)
		return NULL;
	*rest = end + 1;
	return config_keep(text, end - text);
}

static const char *parse_sysctl(const char *text, void *field)
{
	static const char form[] = "a sysctl and its value, as net.ipv4.tcp_syncookies=1";
	const char *value, *c;
	char *name = split(text, '=', &value), *end;

	if (!name)
		return form;
	end = name + strlen(name);
	while (end > name && (end[-1] == ' ' || end[-1] == '\t'))
		*--end = '\0';
	value += strspn(value, " \t");
	for (c = value; *c == '\t' || (*c >= ' ' && *c <= '~'); c++)
		;
	if (!*name || !printable(name) || strchr(name, ' ') || *c)
		return form;
	return add_pair(field, name, value);
}

static const char *parse_mount(const char *text, void *field)
{
	static const char *const types[] = {
		"proc", "sysfs", "devtmpfs", "ramfs", "tmpfs",
	};
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (!strcmp(text, types[i]))
			return add_pair(field, text, NULL);
	return "a file system that needs no device: proc, sysfs, devtmpfs, ramfs, tmpfs";
}

static const char *parse_dump(const char *text, void *field)
{
	if (*text != '/' || !printable(text))
		return "an absolute path inside LKL, as /sysfs/class/net/lo/mtu";
	return add_pair(field, text, NULL);
}

static bool is_address(const char *text)
{
	struct in6_addr address;

	return inet_pton(AF_INET, text, &address) == 1 ||
	       inet_pton(AF_INET6, text, &address) == 1;
}

static const char *parse_nameserver(const char *text, void *field)
{
	if (!is_address(text))
		return "an address, as 192.168.0.1 or 2001:db8::1";
	return add_pair(field, text, NULL);
}

static const char *parse_neigh(const char *text, void *field)
{
	unsigned char octets[6];
	const char *mac;
	char *ip = split(text, '|', &mac);

	if (!ip || !is_address(ip) || !config_mac(mac, octets))
		return "an address and the MAC address behind it, as 192.168.0.1|12:34:56:78:9a:bc";
	return add_pair(field, ip, mac);
}

#define HEX "0123456789abcdefABCDEF"

/* A name, or a class "MAJOR:MINOR" of tc(8). */
static bool is_parent(const char *text)
{
	size_t major = strspn(text, HEX), minor;

	if (!strcmp(text, "root") || !strcmp(text, "ingress") ||
	    !strcmp(text, "clsact"))
		return true;
	if (!major || major > 4 || text[major] != ':')
		return false;
	minor = strspn(text + major + 1, HEX);
	return minor <= 4 && !text[major + 1 + minor];
}

static const char *parse_qdisc(const char *text, void *field)
{
	const char *kind;
	char *parent = split(text, '|', &kind);
	size_t len = parent ? strspn(kind, "abcdefghijklmnopqrstuvwxyz0123456789_") : 0;

	if (!len || len > 15 || kind[len] || !is_parent(parent))
		return "a parent and a queueing discipline, as root|fq";
	return add_pair(field, parent, kind);
}

static const char *parse_type(const char *text, void *field)
{
	static const char start[] = "a known type of interface: ";
	static char form[160];
	size_t i, len;

	for (i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (!strcmp(text, types[i].type))
			return parse_text(text, field);
	strcpy(form, start);
	for (i = 0; i < sizeof(types) / sizeof(*types); i++) {
		len = strlen(form);
		snprintf(form + len, sizeof(form) - len, "%s%s", i ? ", " : "",
			 types[i].type);
	}
	return form;
}

bool config_is_tunnel(const struct config_interface *i)
{
	return i->type && !strcmp(i->type, TUNNEL);
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
	if (!printable(text))
		return "printable ASCII text";
	if (strlen(text) > CONFIG_CMDLINE)
		return "a text of at most 3072 characters";
	return parse_text(text, field);
}

static const char *parse_mac(const char *text, void *field)
{
	if (!config_mac(text, field))
		return "six octets of a unicast address, as 12:34:56:78:9a:bc";
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

#define GLOBAL(name, variable, field, parse, ...) \
	{ name, variable, offsetof(struct config, field), parse, __VA_ARGS__ }
#define INTERFACE(name, variable, field, parse, ...) \
	{ name, variable, offsetof(struct config_interface, field), parse, \
	  __VA_ARGS__ }

/* What follows the function of a list: what is between pieces, and in them. */
#define LIST(separator) separator, 0
#define LIST_OR_OBJECT(separator, members) separator, members
#define ONE 0, 0

const struct config_key config_global_keys[] = {
	GLOBAL("$schema", NULL, file, parse_nothing, ONE),
	GLOBAL("gateway", "LKL_HIJACK_NET_GATEWAY", gateway, parse_ipv4, ONE),
	GLOBAL("gateway6", "LKL_HIJACK_NET_GATEWAY6", gateway6, parse_ipv6, ONE),
	GLOBAL("debug", "LKL_HIJACK_DEBUG", debug, parse_ulong, ONE),
	GLOBAL("boot_cmdline", "LKL_HIJACK_BOOT_CMDLINE", boot_cmdline,
	       parse_cmdline, ONE),
	GLOBAL("singlecpu", "LKL_HIJACK_SINGLE_CPU", singlecpu,
	       parse_singlecpu, ONE),
	GLOBAL("sysctl", "LKL_HIJACK_SYSCTL", sysctl, parse_sysctl,
	       LIST_OR_OBJECT(';', '=')),
	GLOBAL("mount", "LKL_HIJACK_MOUNT", mount, parse_mount, LIST(',')),
	GLOBAL("nameserver", "LKL_HIJACK_NET_NAMESERVER", nameserver,
	       parse_nameserver, LIST(',')),
	GLOBAL("dump", "LKL_HIJACK_DUMP", dump, parse_dump, LIST(',')),
	GLOBAL("delay_main", "LKL_HIJACK_DELAY_MAIN", delay_main, parse_delay,
	       ONE),
	{ NULL, NULL, 0, NULL, ONE }
};

const struct config_key config_interface_keys[] = {
	INTERFACE("type", "LKL_HIJACK_NET_IFTYPE", type, parse_type, ONE),
	INTERFACE("param", "LKL_HIJACK_NET_IFPARAMS", param, parse_text, ONE),
	INTERFACE("mtu", "LKL_HIJACK_NET_MTU", mtu, parse_mtu, ONE),
	INTERFACE("ip", "LKL_HIJACK_NET_IP", ip, parse_ipv4, ONE),
	INTERFACE("masklen", "LKL_HIJACK_NET_NETMASK_LEN", masklen,
		  parse_masklen, ONE),
	INTERFACE("ifgateway", "LKL_HIJACK_NET_IFGATEWAY", ifgateway,
		  parse_ipv4, ONE),
	INTERFACE("ipv6", "LKL_HIJACK_NET_IPV6", ipv6, parse_ipv6, ONE),
	INTERFACE("masklen6", "LKL_HIJACK_NET_NETMASK6_LEN", masklen6,
		  parse_masklen6, ONE),
	INTERFACE("ifgateway6", "LKL_HIJACK_NET_IFGATEWAY6", ifgateway6,
		  parse_ipv6, ONE),
	INTERFACE("mac", "LKL_HIJACK_NET_MAC", mac, parse_mac, ONE),
	INTERFACE("neigh", "LKL_HIJACK_NET_NEIGHBOR", neigh, parse_neigh,
		  LIST_OR_OBJECT(';', '|')),
	INTERFACE("qdisc", "LKL_HIJACK_NET_QDISC", qdisc, parse_qdisc,
		  LIST_OR_OBJECT(';', '|')),
	INTERFACE("offload", "LKL_HIJACK_OFFLOAD", offload, parse_offload, ONE),
	{ NULL, NULL, 0, NULL, ONE }
};
