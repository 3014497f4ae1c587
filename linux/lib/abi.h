/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's numbers and types that this library itself uses. */
#ifndef LKL_LIB_ABI_H
#define LKL_LIB_ABI_H

#include <stdint.h>

#define __lkl__NR_close 57
#define __lkl__NR_socket 198
#define __lkl__NR_sendto 206
#define __lkl__NR_recvfrom 207
#define __lkl__NR_reboot 142

#define LKL_AF_UNSPEC 0
#define LKL_AF_INET 2
#define LKL_AF_INET6 10
#define LKL_AF_NETLINK 16
#define LKL_SOCK_RAW 3
#define LKL_SOCK_CLOEXEC 02000000
#define LKL_NETLINK_ROUTE 0

#define LKL_NLM_F_REQUEST 0x01
#define LKL_NLM_F_ACK 0x04
#define LKL_NLM_F_DUMP 0x300
#define LKL_NLM_F_REPLACE 0x100
#define LKL_NLM_F_EXCL 0x200
#define LKL_NLM_F_CREATE 0x400
#define LKL_NLMSG_ERROR 2
#define LKL_NLMSG_DONE 3
#define LKL_NLA_F_NESTED 0x8000

#define LKL_RTM_NEWLINK 16
#define LKL_RTM_GETLINK 18
#define LKL_RTM_NEWADDR 20
#define LKL_RTM_DELADDR 21
#define LKL_RTM_NEWROUTE 24
#define LKL_RTM_NEWNEIGH 28
#define LKL_RTM_NEWRULE 32
#define LKL_RTM_NEWQDISC 36

#define LKL_IFLA_ADDRESS 1
#define LKL_IFLA_IFNAME 3
#define LKL_IFLA_MTU 4
#define LKL_IFLA_PERM_ADDRESS 54
#define LKL_IFLA_PARENT_DEV_BUS_NAME 57
#define LKL_IFF_UP 1

#define LKL_IFA_ADDRESS 1
#define LKL_IFA_LOCAL 2
#define LKL_IFA_BROADCAST 4
#define LKL_IFA_F_NODAD 0x02

#define LKL_RTA_DST 1
#define LKL_RTA_OIF 4
#define LKL_RTA_GATEWAY 5
#define LKL_RTA_TABLE 15
#define LKL_RT_TABLE_UNSPEC 0
#define LKL_RT_TABLE_MAIN 254
#define LKL_RTPROT_BOOT 3
#define LKL_RTPROT_STATIC 4
#define LKL_RT_SCOPE_UNIVERSE 0
#define LKL_RT_SCOPE_LINK 253
#define LKL_RTN_UNICAST 1

#define LKL_FRA_SRC 2
#define LKL_FRA_TABLE 15
#define LKL_FR_ACT_TO_TBL 1

#define LKL_NDA_DST 1
#define LKL_NDA_LLADDR 2
#define LKL_NUD_PERMANENT 0x80

#define LKL_TCA_KIND 1
#define LKL_TC_H_ROOT 0xFFFFFFFFU
#define LKL_TC_H_INGRESS 0xFFFFFFF1U
#define LKL_TC_H_CLSACT LKL_TC_H_INGRESS

struct lkl_nlmsghdr {
	uint32_t nlmsg_len;
	uint16_t nlmsg_type;
	uint16_t nlmsg_flags;
	uint32_t nlmsg_seq;
	uint32_t nlmsg_pid;
};

struct lkl_rtattr {
	unsigned short rta_len;
	unsigned short rta_type;
};

struct lkl_ifinfomsg {
	unsigned char ifi_family;
	unsigned char __ifi_pad;
	unsigned short ifi_type;
	int ifi_index;
	unsigned int ifi_flags;
	unsigned int ifi_change;
};

struct lkl_ifaddrmsg {
	uint8_t ifa_family;
	uint8_t ifa_prefixlen;
	uint8_t ifa_flags;
	uint8_t ifa_scope;
	uint32_t ifa_index;
};

struct lkl_rtmsg {
	unsigned char rtm_family;
	unsigned char rtm_dst_len;
	unsigned char rtm_src_len;
	unsigned char rtm_tos;
	unsigned char rtm_table;
	unsigned char rtm_protocol;
	unsigned char rtm_scope;
	unsigned char rtm_type;
	unsigned int rtm_flags;
};

struct lkl_ndmsg {
	uint8_t ndm_family;
	uint8_t ndm_pad1;
	uint16_t ndm_pad2;
	int32_t ndm_ifindex;
	uint16_t ndm_state;
	uint8_t ndm_flags;
	uint8_t ndm_type;
};

struct lkl_fib_rule_hdr {
	uint8_t family;
	uint8_t dst_len;
	uint8_t src_len;
	uint8_t tos;
	uint8_t table;
	uint8_t res1;
	uint8_t res2;
	uint8_t action;
	uint32_t flags;
};

struct lkl_tcmsg {
	unsigned char tcm_family;
	unsigned char tcm__pad1;
	unsigned short tcm__pad2;
	int tcm_ifindex;
	uint32_t tcm_handle;
	uint32_t tcm_parent;
	uint32_t tcm_info;
};

#endif
