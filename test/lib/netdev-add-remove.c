// SPDX-License-Identifier: GPL-2.0-or-later
/* Network devices come and go while the kernel runs; what cannot be says why. */
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "check.h"
#include "stack.h"
#include <lkl.h>

static char error[512];

static int add(const char *tap, unsigned char mac)
{
	struct lkl_netdev_args args = {
		.type = "tap",
		.param = tap,
		.offload = LKL_OFFLOAD_DEFAULT,
		.mac = { 2, 0, 0, 0, 0, mac },
	};
	int id = lkl_netdev_add(&args, error, sizeof(error));

	if (id < 0)
		fprintf(stderr, "%s\n", error);
	return id;
}

static void expect_error(struct lkl_netdev_args args, const char *part)
{
	error[0] = '\0';
	CHECK(lkl_netdev_add(&args, error, sizeof(error)) < 0);
	if (!strstr(error, part)) {
		fprintf(stderr, "'%s' is not in: %s\n", part, error);
		exit(1);
	}
}

static void test_errors(void)
{
	const struct lkl_netdev_args good = {
		.type = "tap", .param = "tap2", .offload = LKL_OFFLOAD_DEFAULT,
	};
	struct lkl_netdev_args args;

	args = good;
	args.type = "tab";
	expect_error(args, "'tab'");
	args = good;
	args.type = NULL;
	expect_error(args, "tap");
	args = good;
	args.param = "tap77";
	expect_error(args, "does not exist");
	args = good;
	args.offload = 1 << 5;
	expect_error(args, "0x20");
	args = good;
	args.mtu = 67;
	expect_error(args, "MTU 67");
	args = good;
	args.queue_size = 100;
	expect_error(args, "power of two");
	args = good;
	args.mac[0] = 1;
	expect_error(args, "first octet");
	CHECK(lkl_netdev_add(&args, NULL, 0) < 0);

	CHECK_EQ(lkl_netdev_remove(12345), -LKL_ENODEV);
	CHECK_EQ(lkl_netdev_release(12345), -LKL_ENODEV);
	CHECK_EQ(lkl_netdev_ifindex(12345), -LKL_ENODEV);
	CHECK_EQ(lkl_netdev_ifindex(-1), -LKL_ENODEV);
}

/* Nobody holds the host's device. */
static void check_free(const char *tap)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR);

	strcpy(ifr.ifr_name, tap);
	CHECK_EQ(ioctl(fd, TUNSETIFF, &ifr), 0);
	close(fd);
}

int main(void)
{
	struct lkl_netdev_args any = {
		.type = "tap", .param = "tap2", .offload = LKL_OFFLOAD_DEFAULT,
	};
	int first, second, late, twin, removed, i;

	make_namespace(4);
	test_errors();

	/* Before the kernel boots: three, one of which goes again. */
	first = add("tap0", 1);
	removed = add("tap1", 9);
	CHECK_EQ(lkl_netdev_ifindex(first), -LKL_ENODEV);
	CHECK_EQ(lkl_netdev_remove(removed), 0);
	check_free("tap1");
	second = add("tap1", 2);
	CHECK(first >= 0 && second > first);
	CHECK_EQ(lkl_start_kernel("mem=64M"), 0);
	CHECK_EQ(lkl_netdev_ifindex(first), lkl_if_index("eth0"));
	CHECK_EQ(lkl_netdev_ifindex(second), lkl_if_index("eth1"));
	configure_lkl(lkl_netdev_ifindex(first));
	ping(&lkl_stack, &host_stack, AF_INET);
	test_errors();

	/* While it runs: one with the same address, one with any. */
	twin = add("tap2", 2);
	CHECK_EQ(lkl_netdev_ifindex(twin), lkl_if_index("eth2"));
	CHECK_EQ(lkl_netdev_ifindex(second), lkl_if_index("eth1"));
	any.param = "tap3";
	late = lkl_netdev_add(&any, error, sizeof(error));
	CHECK_EQ(lkl_netdev_ifindex(late), lkl_if_index("eth3"));
	ping(&host_stack, &lkl_stack, AF_INET6);
	CHECK_EQ(lkl_if_set_mac(lkl_netdev_ifindex(late),
				(unsigned char[6]){ 2, 7, 7, 7, 7, 7 }), 0);
	CHECK_EQ(lkl_netdev_ifindex(late), lkl_if_index("eth3"));

	/* Out and in again, in use all the while. */
	CHECK_EQ(lkl_netdev_remove(second), 0);
	CHECK_EQ(lkl_netdev_remove(second), -LKL_ENODEV);
	CHECK_EQ(lkl_if_index("eth1"), -LKL_ENODEV);
	check_free("tap1");
	CHECK_EQ(lkl_netdev_ifindex(twin), lkl_if_index("eth2"));
	for (i = 0; i < 100; i++) {
		CHECK_EQ(lkl_netdev_remove(first), 0);
		first = add("tap0", 1);
		CHECK(first >= 0);
		configure_lkl(lkl_netdev_ifindex(first));
		ping(&lkl_stack, &host_stack, AF_INET);
		ping(&host_stack, &lkl_stack, AF_INET6);
	}
	check_log();
	CHECK_EQ(lkl_halt(), 0);
	CHECK_EQ(lkl_netdev_remove(first), -LKL_ENODEV);
	check_free("tap0");
	check_free("tap2");
	check_free("tap3");
	return 0;
}
