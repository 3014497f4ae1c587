// SPDX-License-Identifier: GPL-2.0-only
/* Generic netlink, see genetlink.h. */
#include <errno.h>
#include <string.h>
#include "genetlink.h"
#include <lkl.h>
#include <lkl/linux/genetlink.h>

#define CONTROL_VERSION 2

void genl_begin(struct rtnl_msg *msg, int family, unsigned int command,
		unsigned int version, unsigned int flags)
{
	const struct lkl_genlmsghdr header = {
		.cmd = command,
		.version = version,
	};

	rtnl_begin(msg, family, flags, &header, sizeof(header));
	msg->protocol = LKL_NETLINK_GENERIC;
	if (family < 0)
		msg->error = family;
}

static int take_id(const void *body, size_t len, void *arg)
{
	const struct lkl_genlmsghdr *header = body;
	const void *value;
	uint16_t id;
	size_t size;

	if (len < sizeof(*header))
		return -EBADMSG;
	value = rtnl_find_attr(header + 1, len - sizeof(*header),
			       LKL_CTRL_ATTR_FAMILY_ID, &size);
	if (!value || size != sizeof(id))
		return -EBADMSG;
	memcpy(&id, value, sizeof(id));
	*(int *)arg = id;
	return 0;
}

int genl_family(const char *name)
{
	struct rtnl_msg msg;
	int id = -ENOENT, err;

	genl_begin(&msg, LKL_GENL_ID_CTRL, LKL_CTRL_CMD_GETFAMILY,
		   CONTROL_VERSION, 0);
	rtnl_attr_string(&msg, LKL_CTRL_ATTR_FAMILY_NAME, name);
	err = rtnl_dump(&msg, take_id, &id);
	return err ? err : id;
}
