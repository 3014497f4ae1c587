// SPDX-License-Identifier: GPL-2.0-only
/* The addresses that user-mode networking brings. See setup.h. */
#include <arpa/inet.h>
#include "lkl.h"
#include "setup/setup.h"

static void set(struct config_address *address, int family, const char *text)
{
	if (address->text)
		return;
	address->text = text;
	inet_pton(family, text, &address->v6);
}

static void fill_in(struct config *c, struct config_interface *i,
		    const struct lkl_netdev_network *network)
{
	static struct config_pair servers[2];

	set(&i->ip, AF_INET, network->ip);
	i->masklen = network->masklen;
	set(&i->ipv6, AF_INET6, network->ipv6);
	i->masklen6 = network->masklen6;
	if (!i->mtu)
		i->mtu = network->mtu;
	set(&c->gateway, AF_INET, network->gateway);
	set(&c->gateway6, AF_INET6, network->gateway6);
	if (c->nameserver.count)
		return;
	servers[0].first = network->nameserver;
	servers[1].first = network->nameserver6;
	c->nameserver = (struct config_list){ 2, servers };
}

void setup_network(struct config *c, const int *ids)
{
	const struct lkl_netdev_network *network;
	unsigned int n;

	for (n = 0; n < c->interfaces; n++) {
		struct config_interface *i = &c->interface[n];

		network = ids[n] < 0 ? NULL : lkl_netdev_network(ids[n]);
		if (!network || i->ip.text || i->ipv6.text)
			continue;
		fill_in(c, i, network);
		return;
	}
}
