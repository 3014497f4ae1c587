/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests to the kernel's routing netlink (RFC 3549, rtnetlink(7)).
 *
 * A message is begun with its fixed part, attributes are added, and it is
 * sent; errors on the way are kept in it, so that only the end needs a look.
 * genetlink.h begins those of other families, which are built the same way.
 */
#ifndef LKL_LIB_RTNETLINK_H
#define LKL_LIB_RTNETLINK_H

#include <stddef.h>
#include <stdint.h>

#define RTNL_MSG_SIZE 512

/**
 * struct rtnl_msg - a request under construction
 * @buf: it, from its struct nlmsghdr on.
 * @len: its length so far.
 * @error: the first error in building it, or 0.
 * @protocol: LKL_NETLINK_*, whom it is for.
 */
struct rtnl_msg {
	_Alignas(4) char buf[RTNL_MSG_SIZE];
	size_t len;
	int error;
	int protocol;
};

/**
 * rtnl_begin() - starts a request
 * @type: LKL_RTM_*.
 * @flags: LKL_NLM_F_* besides REQUEST and ACK.
 * @body: fixed part of this type of message, @len bytes.
 */
void rtnl_begin(struct rtnl_msg *msg, unsigned int type, unsigned int flags,
		const void *body, size_t len);

/** rtnl_attr() - adds an attribute of @len bytes */
void rtnl_attr(struct rtnl_msg *msg, unsigned int type, const void *data,
	       size_t len);

/** rtnl_attr_u32() - adds an attribute that is a number */
void rtnl_attr_u32(struct rtnl_msg *msg, unsigned int type, uint32_t value);

/** rtnl_attr_string() - adds an attribute that is text */
void rtnl_attr_string(struct rtnl_msg *msg, unsigned int type,
		      const char *text);

/**
 * rtnl_nest() - starts an attribute that holds others
 * Return: what rtnl_nest_end() needs.
 */
size_t rtnl_nest(struct rtnl_msg *msg, unsigned int type);

/** rtnl_nest_end() - ends it */
void rtnl_nest_end(struct rtnl_msg *msg, size_t nest);

/**
 * rtnl_talk() - sends a request and waits for the kernel's verdict
 * Return: 0 or a negative errno.
 */
int rtnl_talk(struct rtnl_msg *msg);

/**
 * rtnl_each_fn - looks at one object of a dump
 * @body: the fixed part, followed by attributes; @len bytes in all.
 *
 * Return: 0 to go on, else the dump ends with this result.
 */
typedef int rtnl_each_fn(const void *body, size_t len, void *arg);

/**
 * rtnl_dump() - calls @each for every object that a request lists
 * Return: 0, what @each returned, or a negative errno.
 */
int rtnl_dump(struct rtnl_msg *msg, rtnl_each_fn *each, void *arg);

/**
 * rtnl_find_attr() - an attribute of an object
 * @attrs: where they start, @len bytes.
 * @size: filled with its length.
 *
 * Return: its value, or NULL.
 */
const void *rtnl_find_attr(const void *attrs, size_t len, unsigned int type,
			   size_t *size);

/**
 * rtnl_find_virtio() - the interface of a virtio device
 * @mac: address that the device was made with.
 * @skip: how many with the same address come before it.
 *
 * Return: its index, or -ENODEV, or another negative errno.
 */
int rtnl_find_virtio(const uint8_t mac[6], unsigned int skip);

#endif
