// SPDX-License-Identifier: GPL-2.0-only
/* The network's configuration, by netlink (rtnetlink(7)) and by lkl.h. */
#include <stdint.h>
#include <string.h>
#include "boot.h"

/* The interface's index, name and flags as a dump of all links has them. */
struct link {
	int index;
	unsigned int flags;
	char name[LKL_IFNAMSIZ];
};

static void read_name(struct link *link, struct lkl_nlmsghdr *msg)
{
	struct lkl_ifinfomsg *info = LKL_NLMSG_DATA(msg);
	int len = LKL_IFLA_PAYLOAD(msg);
	struct lkl_rtattr *attr;

	link->index = info->ifi_index;
	link->flags = info->ifi_flags;
	for (attr = LKL_IFLA_RTA(info); LKL_RTA_OK(attr, len);
	     attr = LKL_RTA_NEXT(attr, len))
		if (attr->rta_type == LKL_IFLA_IFNAME)
			strncpy(link->name, LKL_RTA_DATA(attr),
				sizeof(link->name) - 1);
}

/* Fills @links with at most @max, and @count with how many there are. */
static bool dump_links(struct link *links, int max, int *count)
{
	static _Alignas(8) char buf[32768];
	struct {
		struct lkl_nlmsghdr head;
		struct lkl_ifinfomsg body;
	} request = {
		.head = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = LKL_RTM_GETLINK,
			.nlmsg_flags = LKL_NLM_F_REQUEST | LKL_NLM_F_DUMP,
			.nlmsg_seq = 7,
		},
	};
	long fd = lkl_sys_socket(LKL_AF_NETLINK, LKL_SOCK_RAW,
				 LKL_NETLINK_ROUTE);
	struct lkl_nlmsghdr *msg;
	bool done = false;
	unsigned int len;
	long n;

	EXPECT_OK(fd);
	EXPECT_IS(lkl_sys_sendto(fd, &request, sizeof(request), 0, NULL, 0),
		  sizeof(request));
	*count = 0;
	while (!done) {
		n = lkl_sys_recvfrom(fd, buf, sizeof(buf), 0, NULL, NULL);
		EXPECT(n > 0);
		len = n;
		for (msg = (struct lkl_nlmsghdr *)buf; LKL_NLMSG_OK(msg, len);
		     msg = LKL_NLMSG_NEXT(msg, len)) {
			EXPECT_IS(msg->nlmsg_seq, 7);
			if (msg->nlmsg_type == LKL_NLMSG_DONE) {
				done = true;
				break;
			}
			EXPECT_IS(msg->nlmsg_type, LKL_RTM_NEWLINK);
			if (*count < max)
				read_name(&links[*count], msg);
			(*count)++;
		}
	}
	EXPECT_IS(lkl_sys_close(fd), 0);
	return true;
}

bool test_netlink_links(void)
{
	struct link links[8] = { 0 };
	int count = 0, i;

	if (!dump_links(links, 8, &count))
		return false;
	for (i = 0; i < count && i < 8; i++)
		if (!strcmp(links[i].name, "lo"))
			break;
	EXPECT(i < count && i < 8);
	EXPECT_IS(links[i].index, 1);
	EXPECT(links[i].flags & LKL_IFF_LOOPBACK);
	EXPECT(links[i].flags & LKL_IFF_UP);
	EXPECT_IS(lkl_if_index("lo"), 1);
	EXPECT_IS(lkl_if_index("none"), -LKL_ENODEV);
	EXPECT_IS(lkl_if_up(12345), -LKL_ENODEV);
	return true;
}

bool test_loopback_up(void)
{
	EXPECT_IS(lkl_if_up(1), 0);
	return true;
}

/* Whether a UDP socket can be bound to an IPv4 address. */
static long try_bind(uint32_t address)
{
	struct lkl_sockaddr_in name = {
		.sin_family = LKL_AF_INET,
		.sin_addr = { address },
	};
	long fd = lkl_sys_socket(LKL_AF_INET, LKL_SOCK_DGRAM, 0), err;

	if (fd < 0)
		return fd;
	err = lkl_sys_bind(fd, (struct lkl_sockaddr *)&name, sizeof(name));
	lkl_sys_close(fd);
	return err;
}

bool test_netlink_addresses(void)
{
	static const uint8_t bytes[4] = { 192, 0, 2, 1 }; /* RFC 5737 */
	uint32_t address;

	memcpy(&address, bytes, 4);
	EXPECT_IS(try_bind(address), -LKL_EADDRNOTAVAIL);
	EXPECT_IS(lkl_if_add_ip(1, LKL_AF_INET, bytes, 32), 0);
	EXPECT_IS(lkl_if_add_ip(1, LKL_AF_INET, bytes, 32), -LKL_EEXIST);
	EXPECT_IS(try_bind(address), 0);
	EXPECT_IS(lkl_if_del_ip(1, LKL_AF_INET, bytes, 32), 0);
	EXPECT_IS(try_bind(address), -LKL_EADDRNOTAVAIL);
	return true;
}
