// SPDX-License-Identifier: GPL-2.0-only
/* Building, sending and reading routing netlink messages: rtnetlink(7). */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include "rtnetlink.h"
#include <lkl.h>

#define ALIGN4(n) (((n) + 3UL) & ~3UL)

/* The kernel fills what the reader offers, at least this (netlink_dump()). */
#define REPLY_SIZE 8192

#define CALL(nr, ...) lkl_syscall(nr, (const long[6]){ __VA_ARGS__ })

/* ------------------------------------------------------------------------ */
/* Building                                                                  */

static void *extend(struct rtnl_msg *msg, size_t len)
{
	void *p = msg->buf + msg->len;

	if (ALIGN4(len) > sizeof(msg->buf) - msg->len) {
		msg->error = -EMSGSIZE;
		return NULL;
	}
	memset(p, 0, ALIGN4(len));
	msg->len += ALIGN4(len);
	return p;
}

void rtnl_begin(struct rtnl_msg *msg, unsigned int type, unsigned int flags,
		const void *body, size_t len)
{
	struct lkl_nlmsghdr *header;

	msg->len = 0;
	msg->error = 0;
	msg->protocol = LKL_NETLINK_ROUTE;
	header = extend(msg, sizeof(*header) + len);
	if (!header)
		return;
	header->nlmsg_type = type;
	header->nlmsg_flags = LKL_NLM_F_REQUEST | LKL_NLM_F_ACK | flags;
	memcpy(header + 1, body, len);
}

void rtnl_attr(struct rtnl_msg *msg, unsigned int type, const void *data,
	       size_t len)
{
	struct lkl_rtattr *attr = extend(msg, sizeof(*attr) + len);

	if (!attr)
		return;
	attr->rta_type = type;
	attr->rta_len = sizeof(*attr) + len;
	if (len)
		memcpy(attr + 1, data, len);
}

void rtnl_attr_u32(struct rtnl_msg *msg, unsigned int type, uint32_t value)
{
	rtnl_attr(msg, type, &value, sizeof(value));
}

void rtnl_attr_string(struct rtnl_msg *msg, unsigned int type,
		      const char *text)
{
	rtnl_attr(msg, type, text, strlen(text) + 1);
}

size_t rtnl_nest(struct rtnl_msg *msg, unsigned int type)
{
	size_t nest = msg->len;

	rtnl_attr(msg, type | LKL_NLA_F_NESTED, NULL, 0);
	return nest;
}

void rtnl_nest_end(struct rtnl_msg *msg, size_t nest)
{
	struct lkl_rtattr *attr = (struct lkl_rtattr *)(msg->buf + nest);

	if (!msg->error)
		attr->rta_len = msg->len - nest;
}

/* ------------------------------------------------------------------------ */
/* Talking                                                                   */

static long request(struct rtnl_msg *msg)
{
	struct lkl_nlmsghdr *header = (struct lkl_nlmsghdr *)msg->buf;
	long fd, n;

	if (msg->error)
		return msg->error;
	header->nlmsg_len = msg->len;

	fd = CALL(__lkl__NR_socket, LKL_AF_NETLINK,
		  LKL_SOCK_RAW | LKL_SOCK_CLOEXEC, msg->protocol);
	if (fd < 0)
		return fd;
	n = CALL(__lkl__NR_sendto, fd, (long)msg->buf, msg->len);
	if (n >= 0)
		return fd;
	CALL(__lkl__NR_close, fd);
	return n;
}

/*
 * Handles one datagram of replies. Return: 0 when more follow; 1 when all is
 * well at the end; a negative errno; or what @each returned.
 */
static int read_replies(const char *buf, size_t len, rtnl_each_fn *each,
			void *arg, bool *end)
{
	const struct lkl_nlmsghdr *header;
	int result = 0;

	while (len >= sizeof(*header)) {
		header = (const struct lkl_nlmsghdr *)buf;
		if (header->nlmsg_len < sizeof(*header) ||
		    header->nlmsg_len > len)
			return -EBADMSG;
		switch (header->nlmsg_type) {
		case LKL_NLMSG_DONE:
		case LKL_NLMSG_ERROR:
			*end = true;
			if (header->nlmsg_len < sizeof(*header) + 4)
				return -EBADMSG;
			/* Both begin with an errno. */
			memcpy(&result, header + 1, sizeof(result));
			return result;
		default:
			if (each)
				result = each(header + 1, header->nlmsg_len -
					      sizeof(*header), arg);
			if (result)
				return result;
		}
		if (ALIGN4(header->nlmsg_len) >= len)
			break;
		len -= ALIGN4(header->nlmsg_len);
		buf += ALIGN4(header->nlmsg_len);
	}
	return 0;
}

/* A host signal ended the call: the kernel's codes, see lkl_syscall(). */
static bool interrupted(long result)
{
	return result <= -512 && result >= -516;
}

static int talk(struct rtnl_msg *msg, char *reply, size_t size,
		rtnl_each_fn *each, void *arg)
{
	long fd = request(msg);
	bool end = false;
	long n;
	int result = 0;

	if (fd < 0)
		return fd;
	while (!end && !result) {
		n = CALL(__lkl__NR_recvfrom, fd, (long)reply, size);
		if (interrupted(n))
			continue;
		result = n < 0 ? n : read_replies(reply, n, each, arg, &end);
	}
	CALL(__lkl__NR_close, fd);
	return result;
}

int rtnl_talk(struct rtnl_msg *msg)
{
	_Alignas(4) char reply[RTNL_MSG_SIZE + 128];

	return talk(msg, reply, sizeof(reply), NULL, NULL);
}

int rtnl_dump(struct rtnl_msg *msg, rtnl_each_fn *each, void *arg)
{
	_Alignas(4) char reply[REPLY_SIZE];

	return talk(msg, reply, sizeof(reply), each, arg);
}

/* ------------------------------------------------------------------------ */
/* Reading                                                                   */

const void *rtnl_find_attr(const void *attrs, size_t len, unsigned int type,
			   size_t *size)
{
	const struct lkl_rtattr *attr = attrs;

	while (len >= sizeof(*attr) && attr->rta_len >= sizeof(*attr) &&
	       attr->rta_len <= len) {
		if (attr->rta_type == type) {
			*size = attr->rta_len - sizeof(*attr);
			return attr + 1;
		}
		if (ALIGN4(attr->rta_len) >= len)
			break;
		len -= ALIGN4(attr->rta_len);
		attr = (const void *)((const char *)attr +
				      ALIGN4(attr->rta_len));
	}
	return NULL;
}

struct wanted {
	const uint8_t *mac;
	unsigned int skip;
};

/* Return: the interface's index if it is the one, else 0. */
static int is_wanted(const void *body, size_t len, void *arg)
{
	const struct lkl_ifinfomsg *info = body;
	const void *attrs = info + 1, *value;
	struct wanted *wanted = arg;
	size_t size;

	if (len < sizeof(*info))
		return -EBADMSG;
	len -= sizeof(*info);

	/* The address it was made with, whatever it has been set to since. */
	value = rtnl_find_attr(attrs, len, LKL_IFLA_PERM_ADDRESS, &size);
	if (!value || size != 6 || memcmp(value, wanted->mac, 6))
		return 0;
	value = rtnl_find_attr(attrs, len, LKL_IFLA_PARENT_DEV_BUS_NAME, &size);
	if (!value || size != sizeof("virtio") ||
	    memcmp(value, "virtio", sizeof("virtio")))
		return 0;
	return wanted->skip-- ? 0 : info->ifi_index;
}

int rtnl_find_virtio(const uint8_t mac[6], unsigned int skip)
{
	const struct lkl_ifinfomsg all = { .ifi_family = LKL_AF_UNSPEC };
	struct wanted wanted = { mac, skip };
	struct rtnl_msg msg;
	int result;

	rtnl_begin(&msg, LKL_RTM_GETLINK, LKL_NLM_F_DUMP, &all, sizeof(all));
	result = rtnl_dump(&msg, is_wanted, &wanted);
	return result ? result : -ENODEV;
}
