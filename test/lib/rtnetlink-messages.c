// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests to routing netlink are built, sent and answered as rtnetlink(7) says. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/wireguard.h>
#include <net/if.h>
#include <stdarg.h>
#include <string.h>
#include "../../linux/lib/rtnetlink.h"
#include "check.h"
#include <lkl.h>

/*
 * Where the kernel would be: the request is kept, and answered with @replies,
 * one read each. The layout is checked by the host's own headers.
 */
static char request[1024];
static size_t request_len;
static struct {
	char data[4096];
	size_t len;
} replies[4];
static unsigned int reply_count, reply_next;
static int sockets_open, signals, protocol = NETLINK_ROUTE;

long lkl_syscall(long nr, const long *params)
{
	size_t n;

	switch (nr) {
	case __lkl__NR_socket:
		CHECK_EQ(params[0], AF_NETLINK);
		CHECK_EQ(params[2], protocol);
		sockets_open++;
		return 3;
	case __lkl__NR_sendto:
		CHECK_EQ(params[0], 3);
		request_len = params[2];
		memcpy(request, (void *)params[1], request_len);
		return request_len;
	case __lkl__NR_recvfrom:
		if (signals) {
			signals--;
			return -512;
		}
		CHECK(reply_next < reply_count);
		n = replies[reply_next].len;
		CHECK(n <= (size_t)params[2]);
		memcpy((void *)params[1], replies[reply_next++].data, n);
		return n;
	case __lkl__NR_close:
		sockets_open--;
		return 0;
	}
	CHECK(!"another system call");
	return -1;
}

/* Adds a message to the reply of read @i. */
static void answer(unsigned int i, uint16_t type, const void *body, size_t len)
{
	struct nlmsghdr h = { .nlmsg_len = sizeof(h) + len, .nlmsg_type = type };
	char *p = replies[i].data + replies[i].len;

	memcpy(p, &h, sizeof(h));
	memcpy(p + sizeof(h), body, len);
	replies[i].len += NLMSG_ALIGN(sizeof(h) + len);
	reply_count = i + 1;
}

static void expect_verdict(int error)
{
	const struct nlmsgerr e = { .error = error };

	memset(replies, 0, sizeof(replies));
	reply_next = 0;
	answer(0, NLMSG_ERROR, &e, sizeof(e));
}

static const struct nlmsghdr *sent(uint16_t type, uint16_t flags)
{
	const struct nlmsghdr *h = (const struct nlmsghdr *)request;

	CHECK_EQ(h->nlmsg_len, request_len);
	CHECK_EQ(h->nlmsg_type, type);
	CHECK_EQ(h->nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK | flags);
	CHECK_EQ(sockets_open, 0);
	return h;
}

/* The attribute @type behind a fixed part of @body bytes has this value. */
static void check_attr(size_t body, uint16_t type, const void *value, size_t len)
{
	const struct rtattr *a = (const struct rtattr *)
		(request + NLMSG_HDRLEN + NLMSG_ALIGN(body));
	size_t left = request_len - NLMSG_HDRLEN - NLMSG_ALIGN(body);

	for (; RTA_OK(a, left); a = RTA_NEXT(a, left)) {
		if (a->rta_type != type)
			continue;
		CHECK_EQ(RTA_PAYLOAD(a), len);
		CHECK_EQ(memcmp(RTA_DATA(a), value, len), 0);
		return;
	}
	fprintf(stderr, "no attribute %d\n", type);
	exit(1);
}

static void check_u32(size_t body, uint16_t type, uint32_t value)
{
	check_attr(body, type, &value, sizeof(value));
}

static void test_links(void)
{
	static const unsigned char mac[6] = { 2, 1, 2, 3, 4, 5 };
	const struct ifinfomsg *i = NLMSG_DATA(request);

	expect_verdict(0);
	CHECK_EQ(lkl_if_up(7), 0);
	sent(RTM_NEWLINK, 0);
	CHECK_EQ(i->ifi_index, 7);
	CHECK_EQ(i->ifi_flags, IFF_UP);
	CHECK_EQ(i->ifi_change, IFF_UP);

	expect_verdict(-EPERM);
	CHECK_EQ(lkl_if_down(7), -EPERM);
	CHECK_EQ(i->ifi_flags, 0);
	CHECK_EQ(i->ifi_change, IFF_UP);

	expect_verdict(0);
	CHECK_EQ(lkl_if_set_mtu(7, 9000), 0);
	CHECK_EQ(i->ifi_change, 0);
	check_u32(sizeof(*i), IFLA_MTU, 9000);
	expect_verdict(0);
	CHECK_EQ(lkl_if_set_mac(7, mac), 0);
	check_attr(sizeof(*i), IFLA_ADDRESS, mac, 6);

	expect_verdict(-EEXIST);
	CHECK_EQ(lkl_if_add("wg0", "wireguard"), -EEXIST);
	sent(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	CHECK_EQ(i->ifi_index, 0);
	check_attr(sizeof(*i), IFLA_IFNAME, "wg0", 4);
	check_attr(sizeof(*i), IFLA_LINKINFO | NLA_F_NESTED,
		   "\x0e\0\x01\0wireguard\0\0", 16);
}

static void test_addresses(void)
{
	const struct ifaddrmsg *a = NLMSG_DATA(request);
	uint32_t v4 = htonl(0xc0000201), broadcast = htonl(0xc000027f);
	struct in6_addr v6;

	expect_verdict(0);
	CHECK_EQ(lkl_if_add_ip(2, AF_INET, &v4, 25), 0);
	sent(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
	CHECK_EQ(a->ifa_family, AF_INET);
	CHECK_EQ(a->ifa_prefixlen, 25);
	CHECK_EQ(a->ifa_index, 2);
	CHECK_EQ(a->ifa_flags, 0);
	check_attr(sizeof(*a), IFA_LOCAL, &v4, 4);
	check_attr(sizeof(*a), IFA_BROADCAST, &broadcast, 4);

	inet_pton(AF_INET6, "2001:db8::1", &v6);
	expect_verdict(0);
	CHECK_EQ(lkl_if_add_ip(2, AF_INET6, &v6, 64), 0);
	CHECK_EQ(a->ifa_flags, IFA_F_NODAD);
	check_attr(sizeof(*a), IFA_LOCAL, &v6, 16);
	expect_verdict(-EADDRNOTAVAIL);
	CHECK_EQ(lkl_if_del_ip(2, AF_INET6, &v6, 64), -EADDRNOTAVAIL);
	sent(RTM_DELADDR, 0);

	CHECK_EQ(lkl_if_add_ip(2, AF_INET, &v4, 33), -EINVAL);
	CHECK_EQ(lkl_if_add_ip(2, AF_INET6, &v6, 129), -EINVAL);
	CHECK_EQ(lkl_if_add_ip(2, AF_UNIX, &v6, 1), -EAFNOSUPPORT);
	expect_verdict(0);
	CHECK_EQ(lkl_if_add_ip(2, AF_INET, &v4, 0), 0);
}

static void test_routes(void)
{
	const struct rtmsg *r = NLMSG_DATA(request);
	const struct fib_rule_hdr *rule = NLMSG_DATA(request);
	uint32_t net = htonl(0xc0000200), gateway = htonl(0xc0000201);
	struct in6_addr gateway6;

	expect_verdict(0);
	CHECK_EQ(lkl_route_add(AF_INET, &net, 24, &gateway, 3, 0), 0);
	sent(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
	CHECK_EQ(r->rtm_dst_len, 24);
	CHECK_EQ(r->rtm_scope, RT_SCOPE_UNIVERSE);
	CHECK_EQ(r->rtm_type, RTN_UNICAST);
	check_attr(sizeof(*r), RTA_DST, &net, 4);
	check_attr(sizeof(*r), RTA_GATEWAY, &gateway, 4);
	check_u32(sizeof(*r), RTA_OIF, 3);
	check_u32(sizeof(*r), RTA_TABLE, RT_TABLE_MAIN);

	expect_verdict(0);
	CHECK_EQ(lkl_route_add(AF_INET, &net, 24, NULL, 3, 600), 0);
	CHECK_EQ(r->rtm_scope, RT_SCOPE_LINK);
	check_u32(sizeof(*r), RTA_TABLE, 600);

	inet_pton(AF_INET6, "fe80::1", &gateway6);
	expect_verdict(-ENETUNREACH);
	CHECK_EQ(lkl_if_set_gateway(4, AF_INET6, &gateway6, 9), -ENETUNREACH);
	sent(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE);
	CHECK_EQ(r->rtm_dst_len, 0);
	check_attr(sizeof(*r), RTA_GATEWAY, &gateway6, 16);
	check_u32(sizeof(*r), RTA_TABLE, 9);
	expect_verdict(0);
	CHECK_EQ(lkl_set_gateway(AF_INET, &gateway), 0);
	CHECK_EQ(lkl_route_add(AF_INET, NULL, 8, &gateway, 0, 0), -EINVAL);

	expect_verdict(0);
	CHECK_EQ(lkl_rule_add(AF_INET, &gateway, 12), 0);
	sent(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL);
	CHECK_EQ(rule->src_len, 32);
	CHECK_EQ(rule->action, FR_ACT_TO_TBL);
	check_attr(sizeof(*rule), FRA_SRC, &gateway, 4);
	check_u32(sizeof(*rule), FRA_TABLE, 12);
	CHECK_EQ(lkl_rule_add(AF_UNIX, &gateway, 12), -EAFNOSUPPORT);

	/* The first of two. */
	expect_verdict(-EEXIST);
	CHECK_EQ(lkl_rule_add_unmarked(AF_INET6, 0xca6c, 51820), -EEXIST);
	sent(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL);
	CHECK_EQ(rule->family, AF_INET6);
	CHECK_EQ(rule->flags, FIB_RULE_INVERT);
	check_u32(sizeof(*rule), FRA_FWMARK, 0xca6c);
	check_u32(sizeof(*rule), FRA_TABLE, 51820);
	expect_verdict(0);
	memcpy(&replies[1], &replies[0], sizeof(replies[0]));
	reply_count = 2;
	CHECK_EQ(lkl_rule_add_unmarked(AF_INET6, 0xca6c, 51820), 0);
	CHECK_EQ(rule->flags, 0);
	check_u32(sizeof(*rule), FRA_SUPPRESS_PREFIXLEN, 0);
	check_u32(sizeof(*rule), FRA_TABLE, RT_TABLE_MAIN);
}

/* A family of generic netlink has the number that the kernel tells. */
static void expect_family(unsigned int reply)
{
	struct {
		struct genlmsghdr header;
		struct rtattr attr;
		uint16_t id[2];
	} family = {
		.attr = { RTA_LENGTH(2), CTRL_ATTR_FAMILY_ID },
		.id = { 33 },
	};
	const struct nlmsgerr none = { 0 };

	answer(reply, GENL_ID_CTRL, &family, sizeof(family));
	answer(reply, NLMSG_ERROR, &none, sizeof(none));
	answer(reply + 1, NLMSG_ERROR, &none, sizeof(none));
}

static void test_wireguard(void)
{
	static const unsigned char key[32] = { 1, 2, 3 };
	const struct genlmsghdr *g = NLMSG_DATA(request);
	const struct rtattr *peers, *list;
	struct lkl_prefix prefix[8] = { { AF_INET6, 64, { 0xfd } } };
	struct lkl_wg_peer peer = { .prefixes = 7, .prefix = prefix };
	const uint16_t port = 51820;
	const void *value;
	size_t size, i;

	protocol = NETLINK_GENERIC;
	expect_verdict(-ENOENT);
	CHECK_EQ(lkl_wg_set(5, key, port, 7), -ENOENT);
	sent(GENL_ID_CTRL, 0);
	CHECK_EQ(g->cmd, CTRL_CMD_GETFAMILY);
	check_attr(sizeof(*g), CTRL_ATTR_FAMILY_NAME, "wireguard", 10);

	memset(replies, 0, sizeof(replies));
	reply_next = 0;
	expect_family(0);
	CHECK_EQ(lkl_wg_set(5, key, port, 7), 0);
	sent(33, 0);
	CHECK_EQ(g->cmd, WG_CMD_SET_DEVICE);
	check_u32(sizeof(*g), WGDEVICE_A_IFINDEX, 5);
	check_attr(sizeof(*g), WGDEVICE_A_PRIVATE_KEY, key, 32);
	check_attr(sizeof(*g), WGDEVICE_A_LISTEN_PORT, &port, 2);
	check_u32(sizeof(*g), WGDEVICE_A_FWMARK, 7);

	/* More prefixes than a message holds: the last one is in the second. */
	for (i = 0; i < 7; i++)
		prefix[i] = (struct lkl_prefix){ AF_INET, 32, { 10, 0, 0, i } };
	memset(replies, 0, sizeof(replies));
	reply_next = 0;
	expect_family(0);
	expect_family(2);
	CHECK_EQ(lkl_wg_set_peer(5, &peer), 0);
	CHECK_EQ(reply_next, 4);
	peers = rtnl_find_attr(g + 1, request_len - NLMSG_HDRLEN - sizeof(*g),
			       WGDEVICE_A_PEERS | NLA_F_NESTED, &size);
	CHECK(peers);
	list = rtnl_find_attr(peers, size, NLA_F_NESTED, &size);
	CHECK(list);
	CHECK(!rtnl_find_attr(list, size, WGPEER_A_FLAGS, &i));
	list = rtnl_find_attr(list, size, WGPEER_A_ALLOWEDIPS | NLA_F_NESTED,
			      &size);
	CHECK(list);
	CHECK_EQ(list->rta_len, size);
	value = rtnl_find_attr(list + 1, size - sizeof(*list),
			       WGALLOWEDIP_A_IPADDR, &i);
	CHECK(value);
	CHECK_EQ(i, 4);
	CHECK_EQ(memcmp(value, "\x0a\0\0\x06", 4), 0);
	protocol = NETLINK_ROUTE;
}

/* A device with one peer, to which something was sent, as the kernel tells it. */
static void expect_peer(uint64_t sent, int64_t answered)
{
	static const int done;
	struct {
		struct genlmsghdr header;
		struct rtattr peers, peer, tx;
		uint64_t sent;
		struct rtattr time;
		int64_t answered[2];
	} __attribute__((packed, aligned(4))) device = {
		.peers = { sizeof(device) - 4, WGDEVICE_A_PEERS | NLA_F_NESTED },
		.peer = { sizeof(device) - 8, NLA_F_NESTED },
		.tx = { RTA_LENGTH(8), WGPEER_A_TX_BYTES },
		.sent = sent,
		.time = { RTA_LENGTH(16), WGPEER_A_LAST_HANDSHAKE_TIME },
		.answered = { answered },
	};

	memset(replies, 0, sizeof(replies));
	reply_next = 0;
	expect_family(0);
	replies[1].len = 0;
	answer(1, 33, &device, sizeof(device));
	answer(1, NLMSG_DONE, &done, sizeof(done));
}

static void test_wireguard_waits(void)
{
	protocol = NETLINK_GENERIC;
	expect_peer(0, 0);
	CHECK_EQ(lkl_wg_waits(5), 0);
	sent(33, NLM_F_DUMP);
	expect_peer(148, 0);
	CHECK_EQ(lkl_wg_waits(5), 1);
	expect_peer(148, 1700000000);
	CHECK_EQ(lkl_wg_waits(5), 0);
	protocol = NETLINK_ROUTE;
}

static void test_neighbours_and_qdiscs(void)
{
	static const unsigned char mac[6] = { 2, 1, 2, 3, 4, 5 };
	static const struct {
		const char *name;
		uint32_t parent, handle;
	} parents[] = {
		{ "root", TC_H_ROOT, 0 },
		{ "ingress", TC_H_INGRESS, 0xffff0000 },
		{ "clsact", TC_H_CLSACT, 0xffff0000 },
		{ "1:a", 0x0001000a, 0 },
		{ "8001:", 0x80010000, 0 },
	};
	static const char *const bad[] = { "", ":", "1", "1:2:3", "1:x", "10000:1",
					   "Root" };
	const struct ndmsg *n = NLMSG_DATA(request);
	const struct tcmsg *t = NLMSG_DATA(request);
	uint32_t addr = htonl(0xc0000207);
	size_t i;

	expect_verdict(0);
	CHECK_EQ(lkl_neigh_add(2, AF_INET, &addr, mac), 0);
	sent(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE);
	CHECK_EQ(n->ndm_state, NUD_PERMANENT);
	CHECK_EQ(n->ndm_ifindex, 2);
	check_attr(sizeof(*n), NDA_DST, &addr, 4);
	check_attr(sizeof(*n), NDA_LLADDR, mac, 6);

	for (i = 0; i < sizeof(parents) / sizeof(parents[0]); i++) {
		expect_verdict(0);
		CHECK_EQ(lkl_qdisc_add(2, parents[i].name, "fq"), 0);
		sent(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE);
		CHECK_EQ(t->tcm_parent, parents[i].parent);
		CHECK_EQ(t->tcm_handle, parents[i].handle);
		check_attr(sizeof(*t), TCA_KIND, "fq", 3);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_EQ(lkl_qdisc_add(2, bad[i], "fq"), -EINVAL);
}

/* Building: nests, padding, and what does not fit. */
static void test_builder(void)
{
	static const char big[RTNL_MSG_SIZE];
	struct rtnl_msg msg;
	const struct rtattr *outer, *inner;
	size_t nest, size;

	rtnl_begin(&msg, 99, 0, "abc", 3);
	nest = rtnl_nest(&msg, 5);
	rtnl_attr(&msg, 6, "x", 1);
	rtnl_attr_string(&msg, 7, "four");
	rtnl_nest_end(&msg, nest);
	CHECK_EQ(msg.error, 0);
	CHECK_EQ(msg.len, 20 + 4 + 8 + 12);
	outer = (const struct rtattr *)(msg.buf + 20);
	CHECK_EQ(outer->rta_len, 24);
	CHECK_EQ(outer->rta_type, 5 | NLA_F_NESTED);
	inner = rtnl_find_attr(outer + 1, 20, 7, &size);
	CHECK_EQ(size, 5);
	CHECK_EQ(memcmp(inner, "four", 5), 0);
	CHECK(!rtnl_find_attr(outer + 1, 20, 8, &size));
	CHECK(!rtnl_find_attr(outer + 1, 3, 6, &size));

	rtnl_attr(&msg, 9, big, sizeof(big));
	CHECK_EQ(msg.error, -EMSGSIZE);
	CHECK_EQ(rtnl_talk(&msg), -EMSGSIZE);
	CHECK_EQ(sockets_open, 0);
}

/* An interface is found by the address its virtio device was made with. */
static void add_link(unsigned int reply, int index, unsigned char last,
		     const char *bus)
{
	struct {
		struct ifinfomsg info;
		struct rtattr mac_attr;
		unsigned char mac[8];
		struct rtattr bus_attr;
		char bus[12];
	} link = {
		.info.ifi_index = index,
		.mac_attr = { RTA_LENGTH(6), IFLA_PERM_ADDRESS },
		.mac = { 2, 0, 0, 0, 0, last },
		.bus_attr = { RTA_LENGTH(strlen(bus) + 1),
			      IFLA_PARENT_DEV_BUS_NAME },
	};

	strcpy(link.bus, bus);
	answer(reply, RTM_NEWLINK, &link, sizeof(link));
}

static void prepare_dump(void)
{
	static const int done;

	memset(replies, 0, sizeof(replies));
	reply_next = 0;
	add_link(0, 3, 1, "usb");
	add_link(0, 4, 2, "virtio");
	add_link(1, 5, 1, "virtio");
	add_link(1, 6, 1, "virtio");
	answer(2, NLMSG_DONE, &done, sizeof(done));
}

static void test_dump(void)
{
	static const unsigned char mac[6] = { 2, 0, 0, 0, 0, 1 };
	static const unsigned char other[6] = { 2, 0, 0, 0, 0, 9 };
	struct ifinfomsg info = { .ifi_index = 12 };

	prepare_dump();
	CHECK_EQ(rtnl_find_virtio(mac, 0), 5);
	sent(RTM_GETLINK, NLM_F_DUMP);
	prepare_dump();
	signals = 2;		/* a signal is not the end */
	CHECK_EQ(rtnl_find_virtio(mac, 1), 6);
	prepare_dump();
	CHECK_EQ(rtnl_find_virtio(mac, 2), -ENODEV);
	prepare_dump();
	CHECK_EQ(rtnl_find_virtio(other, 0), -ENODEV);

	expect_verdict(0);
	replies[0].len = 0;
	answer(0, RTM_NEWLINK, &info, sizeof(info));
	answer(1, NLMSG_ERROR, &(struct nlmsgerr){ 0 }, sizeof(struct nlmsgerr));
	CHECK_EQ(lkl_if_index("eth0"), 12);
	check_attr(sizeof(info), IFLA_IFNAME, "eth0", 5);
	expect_verdict(-ENODEV);
	CHECK_EQ(lkl_if_index("nope"), -ENODEV);

	/* A reply that is no netlink. */
	expect_verdict(0);
	((struct nlmsghdr *)replies[0].data)->nlmsg_len = 5;
	CHECK_EQ(lkl_if_up(1), -EBADMSG);
	CHECK_EQ(sockets_open, 0);
}

int main(void)
{
	test_links();
	test_addresses();
	test_routes();
	test_neighbours_and_qdiscs();
	test_builder();
	test_dump();
	test_wireguard();
	test_wireguard_waits();
	return 0;
}
