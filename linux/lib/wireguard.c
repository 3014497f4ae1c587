// SPDX-License-Identifier: GPL-2.0-only
/* Setting up tunnels of WireGuard: <linux/wireguard.h> has the messages. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include "genetlink.h"
#include <lkl.h>
#include <lkl/linux/genetlink.h>
#include <lkl/linux/wireguard.h>

/* Prefixes of one message, whose size is bounded. */
#define PREFIXES_AT_ONCE 6

static void begin(struct rtnl_msg *msg, int ifindex, unsigned int command,
		  unsigned int flags)
{
	genl_begin(msg, genl_family(LKL_WG_GENL_NAME), command,
		   LKL_WG_GENL_VERSION, flags);
	rtnl_attr_u32(msg, LKL_WGDEVICE_A_IFINDEX, ifindex);
}

/* Keys do not stay on the stack. */
static int talk(struct rtnl_msg *msg)
{
	int err = rtnl_talk(msg);

	explicit_bzero(msg, sizeof(*msg));
	return err;
}

int lkl_wg_set(int ifindex, const unsigned char private_key[LKL_WG_KEY],
	       unsigned short port, unsigned int mark)
{
	struct rtnl_msg msg;

	begin(&msg, ifindex, LKL_WG_CMD_SET_DEVICE, 0);
	rtnl_attr(&msg, LKL_WGDEVICE_A_PRIVATE_KEY, private_key, LKL_WG_KEY);
	rtnl_attr(&msg, LKL_WGDEVICE_A_LISTEN_PORT, &port, sizeof(port));
	rtnl_attr_u32(&msg, LKL_WGDEVICE_A_FWMARK, mark);
	return talk(&msg);
}

static void add_prefix(struct rtnl_msg *msg, const struct lkl_prefix *prefix)
{
	size_t nest = rtnl_nest(msg, 0);
	uint16_t family = prefix->family;
	uint8_t len = prefix->len;

	rtnl_attr(msg, LKL_WGALLOWEDIP_A_FAMILY, &family, sizeof(family));
	rtnl_attr(msg, LKL_WGALLOWEDIP_A_IPADDR, prefix->addr,
		  family == LKL_AF_INET6 ? 16 : 4);
	rtnl_attr(msg, LKL_WGALLOWEDIP_A_CIDR_MASK, &len, sizeof(len));
	rtnl_nest_end(msg, nest);
}

/* What is told of a peer once, besides its prefixes. */
static void add_properties(struct rtnl_msg *msg, const struct lkl_wg_peer *peer)
{
	rtnl_attr_u32(msg, LKL_WGPEER_A_FLAGS,
		      LKL_WGPEER_F_REPLACE_ALLOWEDIPS);
	if (peer->preshared_key)
		rtnl_attr(msg, LKL_WGPEER_A_PRESHARED_KEY, peer->preshared_key,
			  LKL_WG_KEY);
	if (peer->endpoint)
		rtnl_attr(msg, LKL_WGPEER_A_ENDPOINT, peer->endpoint,
			  peer->endpoint_len);
	rtnl_attr(msg, LKL_WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL,
		  &peer->keepalive, sizeof(peer->keepalive));
}

int lkl_wg_set_peer(int ifindex, const struct lkl_wg_peer *peer)
{
	size_t peers, one, prefixes;
	unsigned int n = 0, end;
	struct rtnl_msg msg;
	int err;

	do {
		end = n + PREFIXES_AT_ONCE;
		if (end > peer->prefixes)
			end = peer->prefixes;
		begin(&msg, ifindex, LKL_WG_CMD_SET_DEVICE, 0);
		peers = rtnl_nest(&msg, LKL_WGDEVICE_A_PEERS);
		one = rtnl_nest(&msg, 0);
		rtnl_attr(&msg, LKL_WGPEER_A_PUBLIC_KEY, peer->public_key,
			  LKL_WG_KEY);
		if (!n)
			add_properties(&msg, peer);
		prefixes = rtnl_nest(&msg, LKL_WGPEER_A_ALLOWEDIPS);
		while (n < end)
			add_prefix(&msg, &peer->prefix[n++]);
		rtnl_nest_end(&msg, prefixes);
		rtnl_nest_end(&msg, one);
		rtnl_nest_end(&msg, peers);
		err = talk(&msg);
	} while (!err && n < peer->prefixes);
	return err;
}

/* Whether something is sent to a peer that has never answered. */
static bool waits(const void *peer, size_t len)
{
	struct __lkl__kernel_timespec answered;
	uint64_t sent;
	const void *value;
	size_t size;

	value = rtnl_find_attr(peer, len, LKL_WGPEER_A_TX_BYTES, &size);
	if (!value || size != sizeof(sent))
		return false;
	memcpy(&sent, value, sizeof(sent));
	value = rtnl_find_attr(peer, len, LKL_WGPEER_A_LAST_HANDSHAKE_TIME,
			       &size);
	if (!value || size != sizeof(answered))
		return false;
	memcpy(&answered, value, sizeof(answered));
	return sent && !answered.tv_sec && !answered.tv_nsec;
}

static int any_waits(const void *body, size_t len, void *unused)
{
	const struct lkl_genlmsghdr *header = body;
	const struct lkl_rtattr *peer;
	size_t left;

	(void)unused;
	if (len < sizeof(*header))
		return -EBADMSG;
	peer = rtnl_find_attr(header + 1, len - sizeof(*header),
			      LKL_WGDEVICE_A_PEERS | LKL_NLA_F_NESTED, &left);
	while (peer && left >= sizeof(*peer) && peer->rta_len <= left &&
	       peer->rta_len >= sizeof(*peer)) {
		if (waits(peer + 1, peer->rta_len - sizeof(*peer)))
			return 1;
		/* Attributes of such a list are of whole words. */
		left -= peer->rta_len;
		peer = (const void *)((const char *)peer + peer->rta_len);
	}
	return 0;
}

int lkl_wg_waits(int ifindex)
{
	struct rtnl_msg msg;

	begin(&msg, ifindex, LKL_WG_CMD_GET_DEVICE, LKL_NLM_F_DUMP);
	return rtnl_dump(&msg, any_waits, NULL);
}
