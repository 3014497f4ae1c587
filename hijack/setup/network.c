// SPDX-License-Identifier: GPL-2.0-only
/* Interfaces, their addresses and routes. See setup.h. */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include "lkl.h"
#include "message.h"
#include "setup/setup.h"

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

void setup_autoconfigured(const struct config *c, const int *ids)
{
	const char *option;
	unsigned int n;
	int len;

	option = c->boot_cmdline ? asking_option(c->boot_cmdline, &len) : NULL;
	if (!option)
		return;
	for (n = 0; n < c->interfaces; n++)
		if (lkl_if_has_ip(lkl_netdev_ifindex(ids[n]), AF_INET) > 0)
			return;
	message("%s: boot_cmdline: \"%.*s\": no interface got an address; is there a DHCP server behind one? \"debug\": \"1\" shows the kernel's attempts",
		setup_source(c), len, option);
	setup_refuse();
}

void setup_interface(const struct config *c, unsigned int n, int id)
{
	const struct config_interface *i = &c->interface[n];
	int ifindex = lkl_netdev_ifindex(id);
	char mtu[16];

	if (!setup_must(c, ifindex, n, "type", i->type))
		return;
	if (i->mtu) {
		snprintf(mtu, sizeof(mtu), "%u", i->mtu);
		setup_must(c, lkl_if_set_mtu(ifindex, i->mtu), n, "mtu", mtu);
	}
	setup_must(c, lkl_if_up(ifindex), n, "type", i->type);
	if (i->ip.text)
		setup_must(c, lkl_if_add_ip(ifindex, AF_INET, &i->ip.v4,
					    i->masklen), n, "ip", i->ip.text);
	if (i->ipv6.text)
		setup_must(c, lkl_if_add_ip(ifindex, AF_INET6, &i->ipv6.v6,
					    i->masklen6), n, "ipv6",
			   i->ipv6.text);
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
