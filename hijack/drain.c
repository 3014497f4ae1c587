// SPDX-License-Identifier: GPL-2.0-only
/* The end of connections at the program's exit: drain.h. */
#include <linux/if.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/sockios.h>
#include <stdbool.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include "deadline.h"
#include "dispatch.h"
#include "drain.h"
#include "lkl_nr.h"
#include <lkl.h>

#define DRAIN_NS	2000000000LL
#define LOOK_AGAIN_NS	2000000L

/* States in which something of ours is still to be acknowledged. */
#define UNFINISHED (1U << TCP_FIN_WAIT1 | 1U << TCP_CLOSING | 1U << TCP_LAST_ACK)

/* Whether any connection of @family is in such a state (sock_diag(7)). */
static bool unfinished(int fd, int family)
{
	struct {
		struct nlmsghdr nlh;
		struct inet_diag_req_v2 req;
	} request = {
		.nlh = { .nlmsg_len = sizeof(request),
			 .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.req = { .sdiag_family = family,
			 .sdiag_protocol = IPPROTO_TCP,
			 .idiag_states = UNFINISHED },
	};
	static char buf[8192];
	bool any = false;
	long n;

	if (lkl_do(__lkl__NR_sendto, fd, &request, sizeof(request), 0, 0, 0) < 0)
		return false;
	for (;;) {
		struct nlmsghdr *nlh = (struct nlmsghdr *)buf;

		n = lkl_do(__lkl__NR_recvfrom, fd, buf, sizeof(buf), 0, 0, 0);
		if (n <= 0)
			return any;
		for (; NLMSG_OK(nlh, n); nlh = NLMSG_NEXT(nlh, n)) {
			if (nlh->nlmsg_type == NLMSG_DONE ||
			    nlh->nlmsg_type == NLMSG_ERROR)
				return any;
			any = true;
		}
	}
}

bool drain_threads(void)
{
	struct timespec pause = { 0, LOOK_AGAIN_NS / 10 };
	int64_t end = deadline_now() + DRAIN_NS;
	bool any = false;

	while (lkl_interrupt_others() > 0 && deadline_now() < end) {
		lkl_do(__lkl__NR_nanosleep, &pause, NULL);
		any = true;
	}
	return any;
}

static bool is_running(int fd, int ifindex)
{
	struct ifreq ifr = { .ifr_ifindex = ifindex };

	return lkl_do(__lkl__NR_ioctl, fd, SIOCGIFNAME, &ifr) >= 0 &&
	       lkl_do(__lkl__NR_ioctl, fd, SIOCGIFFLAGS, &ifr) >= 0 &&
	       ifr.ifr_flags & IFF_RUNNING;
}

bool drain_has_link(const int *ids, unsigned int n)
{
	int fd = lkl_do(__lkl__NR_socket, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	bool any = false;

	while (fd >= 0 && n-- && !any)
		any = ids[n] >= 0 && is_running(fd, lkl_netdev_ifindex(ids[n]));
	lkl_do(__lkl__NR_close, fd);
	return any;
}

void drain_tcp(const int *ids, unsigned int n)
{
	struct timespec pause = { 0, LOOK_AGAIN_NS };
	int64_t end = deadline_now() + DRAIN_NS;
	int fd = lkl_do(__lkl__NR_socket, AF_NETLINK, SOCK_RAW,
			NETLINK_SOCK_DIAG);

	if (fd < 0)
		return;
	while ((unfinished(fd, AF_INET) || unfinished(fd, AF_INET6)) &&
	       deadline_now() < end && drain_has_link(ids, n))
		lkl_do(__lkl__NR_nanosleep, &pause, NULL);
	lkl_do(__lkl__NR_close, fd);
}
