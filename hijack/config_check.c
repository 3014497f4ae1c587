// SPDX-License-Identifier: GPL-2.0-only
/* What no single value of the configuration can tell. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include "../linux/lib/command_line.h"
#include "../linux/lib/netdev/publish.h"
#include "../linux/lib/netdev/user_net.h"
#include "config_keys.h"
#include "config_value.h"
#include "lkl.h"
#include "message.h"

/* netdevice(7). */
static bool is_interface_name(const char *text)
{
	size_t len = strlen(text);

	return len && len <= 15 && strcspn(text, " \t\n\v\f\r/:") == len &&
	       strcmp(text, ".") && strcmp(text, "..");
}

static bool is_descriptor(const char *text)
{
	size_t len = strlen(text);

	return len && len <= 9 && strspn(text, "0123456789") == len &&
	       atol(text) > 2;
}

static bool is_empty(const char *text)
{
	return !*text;
}

static bool is_text(const char *text)
{
	return *text;
}

static bool is_macvtap(const char *text)
{
	static const char start[] = "/dev/tap";
	size_t len = strlen(start);

	return !strncmp(text, start, len) && text[len] &&
	       !text[len + strspn(text + len, "0123456789")];
}

static bool are_fifos(const char *text)
{
	const char *bar = strchr(text, '|');

	return bar && bar != text && bar[1] && !strchr(bar + 1, '|');
}

/* Moves beyond the number of a port; 0 for none. */
static long read_port(const char **at)
{
	size_t len = strspn(*at, "0123456789");
	long port = atol(*at);
	bool good = len && len <= 5 && **at != '0' && port <= 65535;

	*at += len;
	return good ? port : 0;
}

/* Moves beyond an address and the colon behind it, if there is one. */
static bool skip_address(const char **at)
{
	bool v6 = **at == '[';
	size_t len = strcspn(*at + v6, v6 ? "]" : ":,");
	char text[INET6_ADDRSTRLEN] = "";
	struct in6_addr address;

	if (!v6 && !memchr(*at, '.', len))
		return true;
	if (len >= sizeof(text))
		return false;
	memcpy(text, *at + v6, len);
	*at += len + v6;
	if ((v6 && *(*at)++ != ']') || *(*at)++ != ':')
		return false;
	return inet_pton(v6 ? AF_INET6 : AF_INET, text, &address) == 1;
}

/* A port of the host that leads to one of LKL; the address as it stands there. */
struct published {
	const char *address;
	int len;
	long port;
	bool udp;
};

static bool read_published(const char **at, struct published *p)
{
	p->address = *at;
	if (!skip_address(at))
		return false;
	p->len = *at - p->address;
	p->port = read_port(at);
	if (!p->port || *(*at)++ != ':' || !read_port(at))
		return false;
	p->udp = !strncmp(*at, "/udp", 4);
	if (p->udp || !strncmp(*at, "/tcp", 4))
		*at += 4;
	return true;
}

/* "8080:80,127.0.0.1:5353:53/udp" */
static bool are_published(const char *text)
{
	struct published p;

	if (!*text)
		return true;
	for (;; text++) {
		if (!read_published(&text, &p))
			return false;
		if (*text != ',')
			return !*text;
	}
}

/* Where no address is given, it is any. */
static bool collide(const struct published *a, const struct published *b)
{
	return a->port == b->port && a->udp == b->udp &&
	       (!a->len || !b->len ||
		(a->len == b->len && !memcmp(a->address, b->address, a->len)));
}

/* What is a list of published ports already. */
static bool check_published(const struct config *c, unsigned int n,
			    const char *text)
{
	struct published list[PUBLISH_MAX];
	unsigned int count = 0, i;

	for (; *text; text += *text == ',') {
		if (count == PUBLISH_MAX)
			return config_wrong_at(c, n, "param",
					       "more than %u published ports; leave some out",
					       PUBLISH_MAX);
		read_published(&text, &list[count]);
		for (i = 0; i < count; i++) {
			if (!collide(&list[i], &list[count]))
				continue;
			return config_wrong_at(c, n, "param",
					       "port %ld of the host is published twice; leave one of them out, or take another port",
					       list[i].port);
		}
		count++;
	}
	return true;
}

static bool is_passt(const char *text)
{
	return are_published(text) ||
	       (strchr(text, '/') && !strchr("0123456789[", *text));
}

/* What "param" is to be, where that can be told from its text: src/config/types.ts. */
static const struct {
	const char *type;
	bool (*matches)(const char *param);
	const char *form;
} params[] = {
	{ "tap", is_interface_name, "the name of a tap device, of at most 15 characters" },
	{ "macvtap", is_macvtap, "the file of a macvtap device" },
	{ "raw", is_interface_name, "the name of an interface of the host, of at most 15 characters" },
	{ "pipe", are_fifos, "two FIFOs, to read from and to write to" },
	{ "fd", is_descriptor, "the number of a descriptor above 2" },
	{ "vde", is_text, "the socket directory of a switch" },
	{ "user", are_published, "a list of published ports, or nothing" },
	{ "passt", is_passt, "the socket of a running passt, or, for one that is started, a list of published ports or nothing" },
	{ "slirp", are_published, "a list of published ports, or nothing" },
	{ "loop", is_empty, "empty" },
	{ "wireguard", is_text, "the file of a tunnel, in the form of wg-quick(8)" },
};

/* It has ports to publish. */
static bool makes_network(const char *type)
{
	return !strcmp(type, "user") || !strcmp(type, "passt") ||
	       !strcmp(type, "slirp");
}

static bool check_param(const struct config *c, unsigned int n,
			const struct config_interface *interface)
{
	size_t i;

	for (i = 0; i < sizeof(params) / sizeof(*params); i++) {
		if (strcmp(params[i].type, interface->type) ||
		    params[i].matches(interface->param))
			continue;
		return config_wrong_at(c, n, "param",
				       "\"" CONFIG_CUT "\" is not %s",
				       CONFIG_CUT_ARGS(interface->param),
				       params[i].form);
	}
	return !are_published(interface->param) ||
	       !makes_network(interface->type) ||
	       check_published(c, n, interface->param);
}

/* A network of so many whole bytes. */
static bool is_in(int family, const void *address, const char *network,
		  size_t bytes)
{
	unsigned char first[sizeof(struct in6_addr)];

	return inet_pton(family, network, first) == 1 &&
	       !memcmp(address, first, bytes);
}

/*
 * slirp answers for its own network alone, which the type user brings, too.
 * src/config/types.ts has the same.
 */
static bool check_network(const struct config *c, unsigned int n,
			  const struct config_interface *i)
{
	bool four = i->ip.text && !is_in(AF_INET, &i->ip.v4, USER_NET_NETWORK,
					 USER_NET_MASKLEN / 8);
	bool six = i->ipv6.text && !is_in(AF_INET6, &i->ipv6.v6,
					  USER_NET_PREFIX6,
					  USER_NET_MASKLEN6 / 8);

	if ((strcmp(i->type, "user") && strcmp(i->type, "slirp")) ||
	    (!four && !six))
		return true;
	return config_wrong_at(c, n, four ? "ip" : "ipv6",
			       "%s is not in %s/%d, the network of a %s interface; take an address of it, such as %s, or leave it out",
			       four ? i->ip.text : i->ipv6.text,
			       four ? USER_NET_NETWORK : USER_NET_PREFIX6,
			       four ? USER_NET_MASKLEN : USER_NET_MASKLEN6,
			       i->type,
			       four ? USER_NET_IP : USER_NET_IP6);
}

/*
 * Which feature bits need (any of) which: OASIS virtio 1.2, 5.1.3.1.
 * src/config/offload.ts has the same.
 */
static const struct {
	unsigned long long feature;
	unsigned long long needs;
} needs[] = {
	{ LKL_OFFLOAD_GUEST_TSO4, LKL_OFFLOAD_GUEST_CSUM },
	{ LKL_OFFLOAD_GUEST_TSO6, LKL_OFFLOAD_GUEST_CSUM },
	{ LKL_OFFLOAD_GUEST_ECN, LKL_OFFLOAD_GUEST_TSO4 | LKL_OFFLOAD_GUEST_TSO6 },
	{ LKL_OFFLOAD_GUEST_UFO, LKL_OFFLOAD_GUEST_CSUM },
	{ LKL_OFFLOAD_HOST_TSO4, LKL_OFFLOAD_CSUM },
	{ LKL_OFFLOAD_HOST_TSO6, LKL_OFFLOAD_CSUM },
	{ LKL_OFFLOAD_HOST_ECN, LKL_OFFLOAD_HOST_TSO4 | LKL_OFFLOAD_HOST_TSO6 },
	{ LKL_OFFLOAD_HOST_UFO, LKL_OFFLOAD_CSUM },
};

/* Bits 0 to 2 and 7 to 15. */
#define OFFLOADS 0xff87ULL

static bool check_offload(const struct config *c, unsigned int n,
			  unsigned long long offload)
{
	size_t i;

	if (offload & ~OFFLOADS)
		return config_wrong_at(c, n, "offload",
				       "0x%llx: bits 0x%llx are no offloads of virtio-net; without them it is 0x%llx",
				       offload, offload & ~OFFLOADS,
				       offload & OFFLOADS);
	for (i = 0; i < sizeof(needs) / sizeof(*needs); i++) {
		if (!(offload & needs[i].feature) || offload & needs[i].needs)
			continue;
		return config_wrong_at(c, n, "offload",
				       "0x%llx: bit 0x%llx needs one of 0x%llx; 'lkl-config explain offload 0x%llx' names them",
				       offload, needs[i].feature,
				       needs[i].needs, offload);
	}
	return true;
}

/* A tunnel has no link layer, and no device that could do work for it. */
static bool check_tunnel(const struct config *c, unsigned int n,
			 const struct config_interface *i)
{
	const char *key = memcmp(i->mac, "\0\0\0\0\0\0", 6) ? "mac" :
			  i->neigh.count ? "neigh" :
			  i->has_offload ? "offload" : NULL;

	if (!key || !config_is_tunnel(i))
		return true;
	return config_wrong_at(c, n, key,
			       "a wireguard interface has none, for it is no device with a link; remove it");
}

/* Something has to carry the packets of tunnels. */
static bool check_underlay(const struct config *c)
{
	unsigned int n = 0;

	while (n < c->interfaces && config_is_tunnel(&c->interface[n]))
		n++;
	if (!c->interfaces || n < c->interfaces)
		return true;
	return config_wrong_at(c, 0, "type",
			       "a wireguard interface needs another one that carries its packets; add it, such as { \"type\": \"passt\" }; variables describe one alone, a file as many as it lists");
}

/* Variables say in two ways what the interface is. */
static bool check_variables(const struct config *c,
			    const struct config_interface *i)
{
	if (c->interfaces_in_file || !getenv("LKL_HIJACK_NET_TAP") ||
	    !strcmp(i->type, "tap"))
		return true;
	message("LKL_HIJACK_NET_TAP: it is for a tap, and LKL_HIJACK_NET_IFTYPE is \"%s\"; unset one of them",
		i->type);
	return false;
}

/* Options that the kernel does not start with. */
static bool check_boot_cmdline(const struct config *c)
{
	int len;
	const char *wrong = command_line_wrong(c->boot_cmdline, &len);

	return !wrong ||
	       config_wrong_at(c, -1, "boot_cmdline",
			       "the kernel does not start with \"%.*s\"; leave it out",
			       len, wrong);
}

bool config_check(const struct config *c)
{
	struct memory memory;
	unsigned int n;

	for (n = 0; n < c->interfaces; n++) {
		const struct config_interface *i = &c->interface[n];

		if (!i->type)
			return config_wrong_at(c, n, "type",
					       "missing; %s",
					       c->interfaces_in_file ?
					       "write \"type\": \"tap\"" :
					       "set it, as to tap, or unset the other variables of the interface");
		if (!check_variables(c, i))
			return false;
		if (!i->param && config_needed_param(i->type))
			return config_wrong_at(c, n, "param", "missing; %s",
					       config_needed_param(i->type));
		if (i->param && !check_param(c, n, i))
			return false;
		if (!check_network(c, n, i))
			return false;
		if (!i->ip.text != !i->masklen)
			return config_wrong_at(c, n,
					       i->ip.text ? "masklen" : "ip",
					       "missing; \"ip\" and \"masklen\" belong together");
		if (!i->ipv6.text != !i->masklen6)
			return config_wrong_at(c, n,
					       i->ipv6.text ? "masklen6" : "ipv6",
					       "missing; \"ipv6\" and \"masklen6\" belong together");
		if (i->ifgateway.text && !i->ip.text)
			return config_wrong_at(c, n, "ifgateway",
					       "it is for what comes from \"ip\", which is missing; add \"ip\" and \"masklen\"");
		if (i->ifgateway6.text && !i->ipv6.text)
			return config_wrong_at(c, n, "ifgateway6",
					       "it is for what comes from \"ipv6\", which is missing; add \"ipv6\" and \"masklen6\"");
		if (!check_tunnel(c, n, i))
			return false;
		if (i->has_offload && !check_offload(c, n, i->offload))
			return false;
		if (i->ipv6.text && i->mtu && i->mtu < 1280)
			return config_wrong_at(c, n, "mtu",
					       "%u is too small for IPv6, which needs 1280 (RFC 8200)",
					       i->mtu);
	}
	return check_underlay(c) && config_check_memory(c, &memory) &&
	       check_boot_cmdline(c);
}
