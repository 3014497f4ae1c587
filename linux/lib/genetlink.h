/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests to families of generic netlink
 * (Documentation/userspace-api/netlink/intro.rst), by rtnetlink.h.
 */
#ifndef LKL_LIB_GENETLINK_H
#define LKL_LIB_GENETLINK_H

#include "rtnetlink.h"

/**
 * genl_family() - the number that a family has got
 * Return: it, -ENOENT when the kernel has no such family, or another negative
 * errno.
 */
int genl_family(const char *name);

/**
 * genl_begin() - starts a request
 * @family: of genl_family(); if that is an error, so is rtnl_talk().
 * @command: of the family.
 * @version: of the family.
 * @flags: LKL_NLM_F_* besides REQUEST and ACK.
 */
void genl_begin(struct rtnl_msg *msg, int family, unsigned int command,
		unsigned int version, unsigned int flags);

#endif
