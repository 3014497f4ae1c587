// SPDX-License-Identifier: GPL-2.0-only
/* Interfaces, their addresses and routes. See setup.h. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include "config_keys.h"
#include "lkl.h"
#include "message.h"
#include "setup/setup.h"

#define OFFLOAD_UFO (LKL_OFFLOAD_GUEST_UFO | LKL_OFFLOAD_HOST_UFO)

/* The option that asks the network for an address, or NULL (admin-guide/nfs/nfsroot.rst). */
static const char *asking_option(const char *options, int *len)
{
	static const char *const ways[] = { "dhcp", "bootp", "rarp", "on", "any", "both" };
	const char *way;
	size_t i;

	for (; *options; options += *len + (options[*len] != '\0')) {
		*len = strcspn(options, " ");
		if (strncmp(options, "ip=", 3))
			continue;
		/* All of it, or its last field. */
		for (way = options + *len; way[-1] != '=' && way[-1] != ':'; way--)
			;
		for (i = 0; i < sizeof(ways) / sizeof(*ways); i++)
			if (strlen(ways[i]) == (size_t)(options + *len - way) &&
			    !strncmp(way, ways[i], strlen(ways[i])))
				return options;
	}
	return NULL;
}

bool setup_asks_network(const struct config *c)
{
	int len;

	return c->boot_cmdline && asking_option(c->boot_cmdline, &len);
}

void setup_autoconfigured(const struct config *c, const int *ids)
{
	const char *option;
	unsigned int n;
	int len;

	option = c->boot_cmdline ? asking_option(c->boot_cmdline, &len) : NULL;
	if (!option)
		return;
	for (n = 0; n < c->interfaces; n++)
		if (!config_is_tunnel(&c->interface[n]) &&
		    (c->interface[n].ip.text ||
		     lkl_if_has_ip(lkl_netdev_ifindex(ids[n]), AF_INET) > 0))
			return;
	config_wrong_at(c, -1, "boot_cmdline",
			"\"%.*s\": no interface got an address; is there a DHCP server behind one? \"debug\": \"1\" shows the kernel's attempts",
			len, option);
	setup_refuse();
}

/* A pair as it stands in the configuration. */
static const char *pair_text(const struct config_pair *pair, char text[128])
{
	snprintf(text, 128, "%s|%s", pair->first, pair->second);
	return text;
}

static int add_neighbour(int ifindex, const struct config_pair *pair)
{
	int family = strchr(pair->first, ':') ? AF_INET6 : AF_INET;
	struct in6_addr address;
	unsigned char mac[6];

	inet_pton(family, pair->first, &address);
	config_mac(pair->second, mac);
	return lkl_neigh_add(ifindex, family, &address, mac);
}

static int add_address(int ifindex, int family, const void *address,
		       unsigned int masklen)
{
	int err = lkl_if_add_ip(ifindex, family, address, masklen);

	/* DHCP may have brought it already. */
	return err == -LKL_EEXIST ? 0 : err;
}

/* The first address of the subnet that @address is in. */
static void subnet(unsigned char *net, const void *address, size_t len,
		   unsigned int masklen)
{
	size_t i;

	memcpy(net, address, len);
	for (i = 0; i < len; i++, masklen -= masklen < 8 ? masklen : 8)
		if (masklen < 8)
			net[i] &= ~(0xff >> masklen);
}

/*
 * What comes from @address leaves by @gateway, whatever the main table says:
 * table @table has the way to the subnet and the default route.
 */
static int add_policy(int ifindex, int family, const void *address,
		      unsigned int masklen, const void *gateway,
		      unsigned int table)
{
	unsigned char net[16];
	int err;

	subnet(net, address, family == AF_INET ? 4 : 16, masklen);
	err = lkl_route_add(family, net, masklen, NULL, ifindex, table);
	if (!err)
		err = lkl_if_set_gateway(ifindex, family, gateway, table);
	if (!err)
		err = lkl_rule_add(family, address, table);
	return err;
}

static void set_up_lists(const struct config *c, unsigned int n, int ifindex)
{
	const struct config_interface *i = &c->interface[n];
	char text[128];
	unsigned int p;

	for (p = 0; p < i->neigh.count; p++)
		setup_must(c, add_neighbour(ifindex, &i->neigh.pair[p]), n,
			   "neigh", pair_text(&i->neigh.pair[p], text));
	for (p = 0; p < i->qdisc.count; p++)
		setup_must(c, lkl_qdisc_add(ifindex, i->qdisc.pair[p].first,
					    i->qdisc.pair[p].second), n,
			   "qdisc", pair_text(&i->qdisc.pair[p], text));
}

void setup_interface(const struct config *c, unsigned int n, int ifindex)
{
	const struct config_interface *i = &c->interface[n];
	char mtu[16];

	if (!setup_must(c, ifindex, n, "type", i->type))
		return;
	if (i->mtu) {
		snprintf(mtu, sizeof(mtu), "%u", i->mtu);
		setup_must(c, lkl_if_set_mtu(ifindex, i->mtu), n, "mtu", mtu);
	}
	setup_must(c, lkl_if_up(ifindex), n, "type", i->type);
	if (i->ip.text)
		setup_must(c, add_address(ifindex, AF_INET, &i->ip.v4,
					  i->masklen), n, "ip", i->ip.text);
	if (i->ipv6.text)
		setup_must(c, add_address(ifindex, AF_INET6, &i->ipv6.v6,
					  i->masklen6), n, "ipv6",
			   i->ipv6.text);
	set_up_lists(c, n, ifindex);
	if (i->ifgateway.text)
		setup_must(c, add_policy(ifindex, AF_INET, &i->ip.v4,
					 i->masklen, &i->ifgateway.v4,
					 2 * ifindex), n, "ifgateway",
			   i->ifgateway.text);
	if (i->ifgateway6.text)
		setup_must(c, add_policy(ifindex, AF_INET6, &i->ipv6.v6,
					 i->masklen6, &i->ifgateway6.v6,
					 2 * ifindex + 1), n, "ifgateway6",
			   i->ifgateway6.text);
	if (c->debug && i->has_offload && i->offload & OFFLOAD_UFO)
		config_wrong_at(c, n, "offload",
				"bits 10 and 14 (UFO) are taken, but Linux sends no such packets since 4.14");
}

void setup_gateways(const struct config *c)
{
	if (c->gateway.text)
		setup_must(c, lkl_set_gateway(AF_INET, &c->gateway.v4), -1,
			   "gateway", c->gateway.text);
	if (c->gateway6.text)
		setup_must(c, lkl_set_gateway(AF_INET6, &c->gateway6.v6), -1,
			   "gateway6", c->gateway6.text);
}
