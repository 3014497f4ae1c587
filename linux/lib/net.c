// SPDX-License-Identifier: GPL-2.0-only
/* Setting up the network inside the kernel: each function is one request. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "rtnetlink.h"
#include <lkl.h>

/* Create what is not there; fail, or replace it, when it is. */
#define CREATE (LKL_NLM_F_CREATE | LKL_NLM_F_EXCL)
#define REPLACE (LKL_NLM_F_CREATE | LKL_NLM_F_REPLACE)

/* Bytes of an address, 0 for a family that has none here. */
static size_t addr_len(int family)
{
	return family == LKL_AF_INET ? 4 : family == LKL_AF_INET6 ? 16 : 0;
}

/* ------------------------------------------------------------------------ */
/* Links                                                                     */

static void begin_link(struct rtnl_msg *msg, int ifindex, unsigned int flags,
		       unsigned int change)
{
	const struct lkl_ifinfomsg info = {
		.ifi_index = ifindex,
		.ifi_flags = flags,
		.ifi_change = change,
	};

	rtnl_begin(msg, LKL_RTM_NEWLINK, 0, &info, sizeof(info));
}

static int take_index(const void *body, size_t len, void *arg)
{
	int *ifindex = arg;

	if (len >= sizeof(struct lkl_ifinfomsg))
		*ifindex = ((const struct lkl_ifinfomsg *)body)->ifi_index;
	return 0;
}

int lkl_if_index(const char *name)
{
	const struct lkl_ifinfomsg any = { .ifi_family = LKL_AF_UNSPEC };
	struct rtnl_msg msg;
	int ifindex = -ENODEV, err;

	rtnl_begin(&msg, LKL_RTM_GETLINK, 0, &any, sizeof(any));
	rtnl_attr_string(&msg, LKL_IFLA_IFNAME, name);
	err = rtnl_dump(&msg, take_index, &ifindex);
	return err ? err : ifindex;
}

int lkl_if_up(int ifindex)
{
	struct rtnl_msg msg;

	begin_link(&msg, ifindex, LKL_IFF_UP, LKL_IFF_UP);
	return rtnl_talk(&msg);
}

int lkl_if_down(int ifindex)
{
	struct rtnl_msg msg;

	begin_link(&msg, ifindex, 0, LKL_IFF_UP);
	return rtnl_talk(&msg);
}

int lkl_if_set_mtu(int ifindex, unsigned int mtu)
{
	struct rtnl_msg msg;

	begin_link(&msg, ifindex, 0, 0);
	rtnl_attr_u32(&msg, LKL_IFLA_MTU, mtu);
	return rtnl_talk(&msg);
}

int lkl_if_set_mac(int ifindex, const unsigned char mac[6])
{
	struct rtnl_msg msg;

	begin_link(&msg, ifindex, 0, 0);
	rtnl_attr(&msg, LKL_IFLA_ADDRESS, mac, 6);
	return rtnl_talk(&msg);
}

int lkl_if_add(const char *name, const char *kind)
{
	struct lkl_ifinfomsg none = { 0 };
	struct rtnl_msg msg;
	size_t nest;
	int err;

	rtnl_begin(&msg, LKL_RTM_NEWLINK, CREATE, &none, sizeof(none));
	rtnl_attr_string(&msg, LKL_IFLA_IFNAME, name);
	nest = rtnl_nest(&msg, LKL_IFLA_LINKINFO);
	rtnl_attr_string(&msg, LKL_IFLA_INFO_KIND, kind);
	rtnl_nest_end(&msg, nest);
	err = rtnl_talk(&msg);
	return err ? err : lkl_if_index(name);
}

/* ------------------------------------------------------------------------ */
/* Addresses                                                                 */

static int change_addr(unsigned int type, unsigned int flags, int ifindex,
		       int family, const void *addr, unsigned int prefixlen)
{
	const struct lkl_ifaddrmsg ifa = {
		.ifa_family = family,
		.ifa_prefixlen = prefixlen,
		.ifa_flags = family == LKL_AF_INET6 ? LKL_IFA_F_NODAD : 0,
		.ifa_index = ifindex,
	};
	size_t len = addr_len(family);
	struct rtnl_msg msg;

	if (!len)
		return -EAFNOSUPPORT;
	if (prefixlen > len * 8)
		return -EINVAL;
	rtnl_begin(&msg, type, flags, &ifa, sizeof(ifa));
	rtnl_attr(&msg, LKL_IFA_LOCAL, addr, len);
	rtnl_attr(&msg, LKL_IFA_ADDRESS, addr, len);
	if (family == LKL_AF_INET && prefixlen < 31) {
		/* The last address of the subnet, where there is one (RFC 3021). */
		uint32_t all;

		memcpy(&all, addr, sizeof(all));
		all |= __builtin_bswap32(0xffffffffU >> prefixlen);
		rtnl_attr(&msg, LKL_IFA_BROADCAST, &all, sizeof(all));
	}
	return rtnl_talk(&msg);
}

int lkl_if_add_ip(int ifindex, int family, const void *addr,
		  unsigned int prefixlen)
{
	return change_addr(LKL_RTM_NEWADDR, CREATE, ifindex, family, addr,
			   prefixlen);
}

int lkl_if_del_ip(int ifindex, int family, const void *addr,
		  unsigned int prefixlen)
{
	return change_addr(LKL_RTM_DELADDR, 0, ifindex, family, addr,
			   prefixlen);
}

/* An address of one interface, of @family, with any of @flags; 0: of any. */
struct addr_filter {
	int ifindex;
	int family;
	unsigned int flags;
};

static int addr_matches(const void *body, size_t len, void *arg)
{
	const struct lkl_ifaddrmsg *ifa = body;
	const struct addr_filter *filter = arg;

	if (len < sizeof(*ifa))
		return -EBADMSG;
	return (!filter->ifindex || (int)ifa->ifa_index == filter->ifindex) &&
	       (!filter->family || ifa->ifa_family == filter->family) &&
	       (!filter->flags || ifa->ifa_flags & filter->flags);
}

static int find_addr(struct addr_filter *filter)
{
	const struct lkl_ifaddrmsg any = { .ifa_family = filter->family };
	struct rtnl_msg msg;

	rtnl_begin(&msg, LKL_RTM_GETADDR, LKL_NLM_F_DUMP, &any, sizeof(any));
	return rtnl_dump(&msg, addr_matches, filter);
}

int lkl_if_has_ip(int ifindex, int family)
{
	return find_addr(&(struct addr_filter){ .ifindex = ifindex,
						.family = family });
}

int lkl_ip_tentative(void)
{
	return find_addr(&(struct addr_filter){ .family = LKL_AF_INET6,
						.flags = LKL_IFA_F_TENTATIVE });
}

/* ------------------------------------------------------------------------ */
/* Routes                                                                    */

static int add_route(unsigned int flags, int family, const void *dst,
		     unsigned int prefixlen, const void *gateway, int ifindex,
		     unsigned int table)
{
	const struct lkl_rtmsg rtm = {
		.rtm_family = family,
		.rtm_dst_len = prefixlen,
		.rtm_protocol = LKL_RTPROT_BOOT,
		.rtm_scope = gateway || family == LKL_AF_INET6 ?
			     LKL_RT_SCOPE_UNIVERSE : LKL_RT_SCOPE_LINK,
		.rtm_type = LKL_RTN_UNICAST,
	};
	size_t len = addr_len(family);
	struct rtnl_msg msg;

	if (!len)
		return -EAFNOSUPPORT;
	if (prefixlen > len * 8 || (!dst && prefixlen))
		return -EINVAL;
	rtnl_begin(&msg, LKL_RTM_NEWROUTE, flags, &rtm, sizeof(rtm));
	if (dst && prefixlen)
		rtnl_attr(&msg, LKL_RTA_DST, dst, len);
	if (gateway)
		rtnl_attr(&msg, LKL_RTA_GATEWAY, gateway, len);
	if (ifindex)
		rtnl_attr_u32(&msg, LKL_RTA_OIF, ifindex);
	rtnl_attr_u32(&msg, LKL_RTA_TABLE, table ? table : LKL_RT_TABLE_MAIN);
	return rtnl_talk(&msg);
}

int lkl_route_add(int family, const void *dst, unsigned int prefixlen,
		  const void *gateway, int ifindex, unsigned int table)
{
	return add_route(CREATE, family, dst, prefixlen, gateway, ifindex,
			 table);
}

int lkl_set_gateway(int family, const void *gateway)
{
	return add_route(REPLACE, family, NULL, 0, gateway, 0, 0);
}

int lkl_if_set_gateway(int ifindex, int family, const void *gateway,
		       unsigned int table)
{
	return add_route(REPLACE, family, NULL, 0, gateway, ifindex, table);
}

static void begin_rule(struct rtnl_msg *msg, int family, unsigned int src_len,
		       unsigned int flags, unsigned int table)
{
	const struct lkl_fib_rule_hdr rule = {
		.family = family,
		.src_len = src_len,
		.action = LKL_FR_ACT_TO_TBL,
		.flags = flags,
	};

	rtnl_begin(msg, LKL_RTM_NEWRULE, CREATE, &rule, sizeof(rule));
	rtnl_attr_u32(msg, LKL_FRA_TABLE, table);
	if (!addr_len(family))
		msg->error = -EAFNOSUPPORT;
}

int lkl_rule_add(int family, const void *src, unsigned int table)
{
	struct rtnl_msg msg;

	begin_rule(&msg, family, addr_len(family) * 8, 0, table);
	rtnl_attr(&msg, LKL_FRA_SRC, src, addr_len(family));
	return rtnl_talk(&msg);
}

int lkl_rule_add_unmarked(int family, unsigned int mark, unsigned int table)
{
	struct rtnl_msg msg;
	int err;

	begin_rule(&msg, family, 0, LKL_FIB_RULE_INVERT, table);
	rtnl_attr_u32(&msg, LKL_FRA_FWMARK, mark);
	err = rtnl_talk(&msg);
	if (err)
		return err;
	/* It comes before the other one: the kernel counts downwards. */
	begin_rule(&msg, family, 0, 0, LKL_RT_TABLE_MAIN);
	rtnl_attr_u32(&msg, LKL_FRA_SUPPRESS_PREFIXLEN, 0);
	return rtnl_talk(&msg);
}

/* ------------------------------------------------------------------------ */
/* Neighbours and queueing disciplines                                       */

int lkl_neigh_add(int ifindex, int family, const void *addr,
		  const unsigned char mac[6])
{
	const struct lkl_ndmsg ndm = {
		.ndm_family = family,
		.ndm_ifindex = ifindex,
		.ndm_state = LKL_NUD_PERMANENT,
	};
	struct rtnl_msg msg;

	if (!addr_len(family))
		return -EAFNOSUPPORT;
	rtnl_begin(&msg, LKL_RTM_NEWNEIGH, REPLACE, &ndm, sizeof(ndm));
	rtnl_attr(&msg, LKL_NDA_DST, addr, addr_len(family));
	rtnl_attr(&msg, LKL_NDA_LLADDR, mac, 6);
	return rtnl_talk(&msg);
}

/* A class "MAJOR:MINOR", both hexadecimal. Return: 0 or -EINVAL. */
static int parse_class(const char *text, uint32_t *handle)
{
	unsigned long major, minor;
	char *end;

	major = strtoul(text, &end, 16);
	if (end == text || *end != ':' || major > 0xffff)
		return -EINVAL;
	text = end + 1;
	minor = strtoul(text, &end, 16);
	if (*end || minor > 0xffff)
		return -EINVAL;
	*handle = major << 16 | minor;
	return 0;
}

/* The parents with a name; those two have their own handle too. */
static const struct {
	const char *name;
	uint32_t parent;
	uint32_t handle;
} parents[] = {
	{ "root", LKL_TC_H_ROOT, 0 },
	{ "ingress", LKL_TC_H_INGRESS, 0xffff0000U },
	{ "clsact", LKL_TC_H_CLSACT, 0xffff0000U },
};

int lkl_qdisc_add(int ifindex, const char *parent, const char *kind)
{
	struct lkl_tcmsg tcm = { .tcm_ifindex = ifindex };
	struct rtnl_msg msg;
	size_t i;
	int err;

	for (i = 0; i < sizeof(parents) / sizeof(parents[0]); i++)
		if (!strcmp(parent, parents[i].name))
			break;
	if (i < sizeof(parents) / sizeof(parents[0])) {
		tcm.tcm_parent = parents[i].parent;
		tcm.tcm_handle = parents[i].handle;
	} else {
		err = parse_class(parent, &tcm.tcm_parent);
		if (err)
			return err;
	}
	rtnl_begin(&msg, LKL_RTM_NEWQDISC, REPLACE, &tcm, sizeof(tcm));
	rtnl_attr_string(&msg, LKL_TCA_KIND, kind);
	return rtnl_talk(&msg);
}
