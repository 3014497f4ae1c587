// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interfaces of type wireguard, as wg-quick(8) makes them of the same files,
 * over the other interfaces. See setup.h.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config_keys.h"
#include "deadline.h"
#include "lkl.h"
#include "message.h"
#include "setup/setup.h"
#include "wireguard/file.h"

/* What WireGuard adds to a packet at most, with an outer header of IPv6. */
#define OVERHEAD 80

/* Where nothing tells what the other interfaces carry. */
#define ETHERNET_MTU 1500

/* The first table and mark for default routes, as wg-quick takes them. */
#define FIRST_MARK 51820

/* At the end: how long at most, and how long between looks. */
#define DRAIN_NS	1000000000LL
#define LOOK_AGAIN_NS	2000000L

/* More than resolv.conf(5) can use. */
#define RESOLVER_MAX 4096

/* All interfaces, by their numbers in the configuration; not all are tunnels. */
static struct tunnel {
	bool sound;
	int ifindex;
	struct wg_file file;
} *tunnels;
static unsigned int tunnel_count;

/* ------------------------------------------------------------------------ */
/* Before the kernel runs                                                    */

struct place {
	const struct config *config;
	unsigned int n;
};

__attribute__((format(printf, 4, 5)))
static void refuse(const struct config *c, unsigned int n, unsigned int line,
		   const char *format, ...)
{
	char text[640];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	config_wrong_at(c, n, "param", "%s:%u: %s", c->interface[n].param, line,
			text);
	setup_refuse();
}

static void tell_wrong(void *arg, unsigned int line, const char *text)
{
	const struct place *at = arg;

	refuse(at->config, at->n, line, "%s", text);
}

static void read_tunnel(const struct config *c, unsigned int n)
{
	const char *name = c->interface[n].param;
	struct place at = { c, n };
	size_t len;
	char *text = config_read_text(name, &len);

	if (!text) {
		config_wrong_at(c, n, "param",
				"%s: the tunnel's file cannot be read: %s; correct its name or its permissions",
				name, strerror(errno));
		setup_refuse();
		return;
	}
	tunnels[n].sound = wg_file_parse(&tunnels[n].file, text, len,
					 tell_wrong, &at);
	explicit_bzero(text, len);
	free(text);
}

void setup_read_tunnels(const struct config *c)
{
	unsigned int n;

	tunnel_count = c->interfaces;
	tunnels = calloc(tunnel_count + 1, sizeof(*tunnels));
	if (!tunnels)
		message_die("there is no memory for the interfaces");
	for (n = 0; n < c->interfaces; n++)
		if (config_is_tunnel(&c->interface[n]))
			read_tunnel(c, n);
}

void setup_make_tunnels(const struct config *c)
{
	unsigned int n, number = 0;
	char name[16];

	for (n = 0; n < c->interfaces; n++) {
		if (!config_is_tunnel(&c->interface[n]))
			continue;
		snprintf(name, sizeof(name), "wg%u", number++);
		tunnels[n].ifindex = lkl_if_add(name, "wireguard");
		if (!setup_must(c, tunnels[n].ifindex, n, "type", "wireguard"))
			tunnels[n].sound = false;
	}
}

/* ------------------------------------------------------------------------ */
/* Peers                                                                     */

/* How long packets can be that go to an address; 0 if none can. */
static unsigned int mtu_towards(const struct sockaddr *to, unsigned int len)
{
	bool v6 = to->sa_family == AF_INET6;
	long fd = lkl_sys_socket(to->sa_family, LKL_SOCK_DGRAM | LKL_SOCK_CLOEXEC,
				 0);
	int mtu = 0, size = sizeof(mtu);

	if (fd < 0)
		return 0;
	if (lkl_sys_connect(fd, (struct lkl_sockaddr *)to, len) ||
	    lkl_sys_getsockopt(fd, v6 ? LKL_IPPROTO_IPV6 : LKL_IPPROTO_IP,
			       v6 ? LKL_IPV6_MTU : LKL_IP_MTU, (char *)&mtu,
			       &size))
		mtu = 0;
	lkl_sys_close(fd);
	return mtu;
}

/* Where the host of an endpoint is. */
static bool look_up(const struct config *c, unsigned int n,
		    const struct wg_peer *peer, struct addrinfo **found)
{
	const struct addrinfo hints = {
		.ai_socktype = SOCK_DGRAM,
		.ai_flags = AI_NUMERICSERV,
	};
	char port[8];
	int err;

	snprintf(port, sizeof(port), "%u", peer->port);
	err = getaddrinfo(peer->host, port, &hints, found);
	if (!err)
		return true;
	refuse(c, n, peer->endpoint_line,
	       "Endpoint: the address of \"%.253s\" is not known: %s; correct it, or the name servers that LKL asks: \"nameserver\"",
	       peer->host, gai_strerror(err));
	return false;
}

/* Adds a peer. @mtu becomes what the way to it carries, if that is more. */
static bool add_peer(const struct config *c, unsigned int n,
		     const struct wg_peer *peer, unsigned int *mtu)
{
	struct lkl_wg_peer request = {
		.preshared_key = peer->has_preshared_key ?
				 peer->preshared_key : NULL,
		.keepalive = peer->keepalive,
		.prefixes = peer->allowed.count,
		.prefix = peer->allowed.prefix,
	};
	struct addrinfo *found = NULL;
	unsigned int carried;
	int err;

	memcpy(request.public_key, peer->public_key, LKL_WG_KEY);
	if (peer->host) {
		if (!look_up(c, n, peer, &found))
			return false;
		request.endpoint = found->ai_addr;
		request.endpoint_len = found->ai_addrlen;
		carried = mtu_towards(found->ai_addr, found->ai_addrlen);
		if (carried > *mtu)
			*mtu = carried;
	}
	err = lkl_wg_set_peer(tunnels[n].ifindex, &request);
	if (found)
		freeaddrinfo(found);
	if (err)
		refuse(c, n, peer->line, "[Peer]: the kernel does not take it: %s",
		       lkl_strerror(err));
	return !err;
}

/* ------------------------------------------------------------------------ */
/* Addresses and routes                                                      */

static void must(const struct config *c, unsigned int n, int err,
		 const char *what, const struct lkl_prefix *prefix)
{
	char address[INET6_ADDRSTRLEN], text[80];

	inet_ntop(prefix->family, prefix->addr, address, sizeof(address));
	snprintf(text, sizeof(text), "%s %s/%u", what, address, prefix->len);
	setup_must(c, err, n, "param", text);
}

static void add_addresses(const struct config *c, unsigned int n)
{
	const struct wg_prefixes *list = &tunnels[n].file.addresses;
	const struct lkl_prefix *p;

	for (p = list->prefix; p < list->prefix + list->count; p++)
		must(c, n, lkl_if_add_ip(tunnels[n].ifindex, p->family, p->addr,
					 p->len), "Address", p);
}

/* Whether the first @bits of two addresses are equal. */
static bool same(const unsigned char *a, const unsigned char *b,
		 unsigned int bits)
{
	unsigned char mask = 0xff00 >> (bits & 7);

	return !memcmp(a, b, bits / 8) &&
	       (!mask || !((a[bits / 8] ^ b[bits / 8]) & mask));
}

static bool covers(const struct wg_prefixes *list, const struct lkl_prefix *p)
{
	unsigned int i;

	for (i = 0; i < list->count; i++)
		if (list->prefix[i].family == p->family &&
		    list->prefix[i].len <= p->len &&
		    same(list->prefix[i].addr, p->addr, list->prefix[i].len))
			return true;
	return false;
}

/* Whether a prefix stands before the @end-th one of the @last peer, too. */
static bool stands_before(const struct wg_file *file, unsigned int last,
			  unsigned int end, const struct lkl_prefix *p)
{
	unsigned int peer, i, count;

	for (peer = 0; peer <= last; peer++) {
		count = peer == last ? end : file->peer[peer].allowed.count;
		for (i = 0; i < count; i++) {
			const struct lkl_prefix *q =
				&file->peer[peer].allowed.prefix[i];

			if (q->family == p->family && q->len == p->len &&
			    same(q->addr, p->addr, p->len))
				return true;
		}
	}
	return false;
}

static bool mark_is_used(unsigned int mark)
{
	unsigned int n;

	for (n = 0; n < tunnel_count; n++)
		if (tunnels[n].file.mark == mark ||
		    tunnels[n].file.table == mark)
			return true;
	return false;
}

static bool has_default_route(const struct wg_file *file)
{
	unsigned int peer, i;

	for (peer = 0; peer < file->peers; peer++)
		for (i = 0; i < file->peer[peer].allowed.count; i++)
			if (!file->peer[peer].allowed.prefix[i].len)
				return true;
	return false;
}

/*
 * The tunnel's own packets must not go into the tunnel where it is the way to
 * everything. They bear a mark, and all that does not goes by another table.
 */
static void choose_mark(struct wg_file *file)
{
	unsigned int mark = FIRST_MARK;

	if (file->mark || file->routing != WG_ROUTES_AUTO ||
	    !has_default_route(file))
		return;
	while (mark_is_used(mark))
		mark++;
	file->mark = mark;
}

static int add_route(const struct tunnel *t, const struct lkl_prefix *p)
{
	const struct wg_file *file = &t->file;
	unsigned int table = file->routing == WG_ROUTES_TABLE ? file->table : 0;
	struct lkl_prefix net = *p;
	unsigned int i;
	int err;

	if (file->routing == WG_ROUTES_AUTO && !p->len) {
		err = lkl_route_add(p->family, NULL, 0, NULL, t->ifindex,
				    file->mark);
		return err ? err : lkl_rule_add_unmarked(p->family, file->mark,
							 file->mark);
	}
	if (file->routing == WG_ROUTES_AUTO && covers(&file->addresses, p))
		return 0;
	for (i = p->len; i < 128; i++)
		net.addr[i / 8] &= ~(0x80 >> (i & 7));
	return lkl_route_add(net.family, net.addr, net.len, NULL, t->ifindex,
			     table);
}

static void add_routes(const struct config *c, unsigned int n)
{
	const struct wg_file *file = &tunnels[n].file;
	const struct wg_prefixes *list;
	unsigned int peer, i;

	if (file->routing == WG_ROUTES_OFF)
		return;
	for (peer = 0; peer < file->peers; peer++) {
		list = &file->peer[peer].allowed;
		for (i = 0; i < list->count; i++)
			if (!stands_before(file, peer, i, &list->prefix[i]))
				must(c, n, add_route(&tunnels[n],
						     &list->prefix[i]),
				     "AllowedIPs", &list->prefix[i]);
	}
}

/* ------------------------------------------------------------------------ */
/* All of it                                                                 */

/* Of the way to the gateway, for one whose peers come by themselves. */
static unsigned int gateway_mtu(const struct config *c)
{
	const struct sockaddr_in to4 = {
		.sin_family = AF_INET,
		.sin_port = htons(9),
		.sin_addr = c->gateway.v4,
	};
	const struct sockaddr_in6 to6 = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(9),
		.sin6_addr = c->gateway6.v6,
	};

	if (c->gateway.text)
		return mtu_towards((const void *)&to4, sizeof(to4));
	return c->gateway6.text ? mtu_towards((const void *)&to6, sizeof(to6)) : 0;
}

static void set_mtu(const struct config *c, unsigned int n, unsigned int carried)
{
	unsigned int mtu = tunnels[n].file.mtu;
	char text[32];

	if (!carried)
		carried = gateway_mtu(c);
	if (!carried)
		carried = ETHERNET_MTU;
	if (!mtu)
		mtu = carried - OVERHEAD;
	snprintf(text, sizeof(text), "MTU %u", mtu);
	setup_must(c, lkl_if_set_mtu(tunnels[n].ifindex, mtu), n, "param", text);
}

static void set_up(const struct config *c, unsigned int n)
{
	struct tunnel *t = &tunnels[n];
	unsigned int peer, carried = 0;

	choose_mark(&t->file);
	if (!setup_must(c, lkl_wg_set(t->ifindex, t->file.private_key,
				      t->file.port, t->file.mark), n, "param",
			c->interface[n].param))
		return;
	for (peer = 0; peer < t->file.peers; peer++)
		if (!add_peer(c, n, &t->file.peer[peer], &carried))
			return;
	set_mtu(c, n, carried);
	setup_interface(c, n, t->ifindex);
	add_addresses(c, n);
	add_routes(c, n);
}

static void append(char text[RESOLVER_MAX], const char *more)
{
	snprintf(text + strlen(text), RESOLVER_MAX - strlen(text), "%s", more);
}

/* Name servers of tunnels take the place of all others. */
static void set_resolver(const struct config *c)
{
	char text[RESOLVER_MAX] = "", domains[RESOLVER_MAX] = "";
	unsigned int n;

	for (n = 0; n < c->interfaces; n++) {
		if (tunnels[n].file.resolver)
			append(text, tunnels[n].file.resolver);
		if (tunnels[n].file.domains)
			append(domains, tunnels[n].file.domains);
	}
	if (*domains) {
		append(text, "search");
		append(text, domains);
		append(text, "\n");
	}
	if (*text)
		setup_resolver(c, text);
}

void setup_tunnels(const struct config *c)
{
	unsigned int n;

	for (n = 0; n < c->interfaces; n++)
		if (tunnels[n].sound)
			set_up(c, n);
	set_resolver(c);
	for (n = 0; n < c->interfaces; n++)
		wg_file_forget(&tunnels[n].file);
}

void setup_drain_tunnels(const struct config *c)
{
	int64_t end = deadline_now() + DRAIN_NS;
	struct __lkl__kernel_timespec pause = { 0, LOOK_AGAIN_NS };
	unsigned int n;

	for (n = 0; n < c->interfaces; n++) {
		if (!config_is_tunnel(&c->interface[n]))
			continue;
		/* The kernel's workers encrypt in the first pause at the latest. */
		do
			lkl_sys_nanosleep(&pause, NULL);
		while (lkl_wg_waits(tunnels[n].ifindex) > 0 &&
		       deadline_now() < end);
	}
}
