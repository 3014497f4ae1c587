// SPDX-License-Identifier: GPL-2.0-or-later
/* The tap backend: packets both ways, offloads, and a clear message for each error. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "../../linux/lib/netdev/backend.h"
#include "../../linux/lib/virtio_net.h"
#include "check.h"

static char text[512];
static struct backend_error error = { text, sizeof(text) };

/* Makes a tap (or tun) device that stays, root's: one without owner is everybody's. */
static void make(const char *name, int flags)
{
	struct ifreq ifr = { .ifr_flags = flags | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR);

	strcpy(ifr.ifr_name, name);
	CHECK_EQ(ioctl(fd, TUNSETIFF, &ifr), 0);
	CHECK_EQ(ioctl(fd, TUNSETOWNER, 0), 0);
	CHECK_EQ(ioctl(fd, TUNSETPERSIST, 1), 0);
	close(fd);
}

static void set_up(const char *name)
{
	struct ifreq ifr = { 0 };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	strcpy(ifr.ifr_name, name);
	ifr.ifr_flags = IFF_UP;
	CHECK_EQ(ioctl(fd, SIOCSIFFLAGS, &ifr), 0);
	close(fd);
}

static int open_tap(const char *name, struct backend **b)
{
	const struct lkl_netdev_args args = { .param = name };

	return tap_open(&args, b, &error);
}

static void expect_error(const char *name, int err, const char *part)
{
	struct backend *b;

	text[0] = '\0';
	CHECK_EQ(open_tap(name, &b), err);
	if (!strstr(text, part)) {
		fprintf(stderr, "'%s' is not in: %s\n", part, text);
		exit(1);
	}
}

static void test_errors(void)
{
	struct backend *b;

	expect_error(NULL, -EINVAL, "name");
	expect_error("", -EINVAL, "name");
	expect_error("a-name-of-16-char", -ENAMETOOLONG, "at most 15");
	expect_error("tap9", -ENODEV, "ip tuntap add dev tap9 mode tap");
	CHECK_EQ(if_nametoindex("tap9"), 0);	/* and it was not made */
	expect_error("lo", -EINVAL, "not a tap");
	make("tun0", IFF_TUN);
	expect_error("tun0", -EINVAL, "not a tap");
	CHECK_EQ(open_tap("tap0", &b), 0);
	expect_error("tap0", -EBUSY, "in use");
	b->ops->close(b);

	CHECK(!backend_find("nosuch", &error));
	CHECK(strstr(text, "'nosuch'") && strstr(text, "tap"));
	CHECK(backend_find("tap", &error)->open == tap_open);
}

static void test_packets(void)
{
	/* A header, and an Ethernet frame to everybody. */
	static unsigned char out[12 + 60] = {
		[12 ... 17] = 0xff, [18] = 2, [24] = 0x88, [25] = 0xb5, [26] = 'a',
	};
	unsigned char in[2048];
	struct sockaddr_ll addr = { .sll_family = AF_PACKET };
	struct iovec iov[2] = { { out, 20 }, { out + 20, sizeof(out) - 20 } };
	int sock = socket(AF_PACKET, SOCK_RAW, htons(0x88b5));
	struct pollfd p;
	struct backend *b;

	CHECK(sock >= 0);
	CHECK_EQ(open_tap("tap0", &b), 0);
	CHECK(fcntl(b->fd, F_GETFD) & FD_CLOEXEC);
	CHECK(b->fd > 100);
	CHECK(b->vnet_hdr);

	/* The host's end is down: sent into nothing, and no end of the link. */
	CHECK_EQ(b->ops->tx(b, iov, 2), 0);
	set_up("tap0");
	addr.sll_ifindex = if_nametoindex("tap0");
	addr.sll_protocol = htons(0x88b5);
	CHECK_EQ(bind(sock, (struct sockaddr *)&addr, sizeof(addr)), 0);
	CHECK_EQ(b->ops->tx(b, iov, 2), sizeof(out));
	CHECK_EQ(recv(sock, in, sizeof(in), 0), sizeof(out) - 12);
	CHECK_EQ(memcmp(in, out + 12, sizeof(out) - 12), 0);

	CHECK_EQ(send(sock, out + 12, sizeof(out) - 12, 0), sizeof(out) - 12);
	p = (struct pollfd){ b->fd, POLLIN, 0 };
	do {
		CHECK_EQ(poll(&p, 1, -1), 1);
		iov[0] = (struct iovec){ in, 100 };
		iov[1] = (struct iovec){ in + 100, sizeof(in) - 100 };
	} while (b->ops->rx(b, iov, 2) != sizeof(out) || in[24] != 0x88);
	CHECK_EQ(memcmp(in + 12, out + 12, sizeof(out) - 12), 0);
	CHECK_EQ(in[0], 0);

	while (b->ops->rx(b, iov, 2) > 0)
		;
	CHECK_EQ(b->ops->rx(b, iov, 2), -EAGAIN);
	b->ops->close(b);
	close(sock);
}

/* Several packets in one call arrive whole, and in order. */
static void test_bursts(void)
{
	static unsigned char out[BURST_MAX][12 + 1500];
	static unsigned char in[2048];
	struct sockaddr_ll addr = { .sll_family = AF_PACKET };
	struct burst_write packets[BURST_MAX];
	struct iovec iov[BURST_MAX][2];
	int sock = socket(AF_PACKET, SOCK_RAW, htons(0x88b5));
	unsigned int round, i;
	struct backend *b;
	int sent;

	CHECK_EQ(open_tap("tap0", &b), 0);
	addr.sll_ifindex = if_nametoindex("tap0");
	addr.sll_protocol = htons(0x88b5);
	CHECK_EQ(bind(sock, (struct sockaddr *)&addr, sizeof(addr)), 0);
	for (round = 0; round < 100; round++) {
		for (i = 0; i < BURST_MAX; i++) {
			memset(out[i] + 12, round * BURST_MAX + i, 1500);
			memset(out[i] + 12, 0xff, 6);
			memcpy(out[i] + 24, "\x88\xb5", 2);
			iov[i][0] = (struct iovec){ out[i], 20 };
			iov[i][1] = (struct iovec){ out[i] + 20, 1492 };
			packets[i] = (struct burst_write){ iov[i], 2, 0 };
		}
		sent = b->ops->tx_burst(b, packets, BURST_MAX);
		if (sent == -ENOSYS) {
			printf("this host has no io_uring for bursts\n");
			break;
		}
		CHECK_EQ(sent, BURST_MAX);
		for (i = 0; i < BURST_MAX; i++) {
			CHECK_EQ(recv(sock, in, sizeof(in), MSG_DONTWAIT), 1500);
			CHECK_EQ(memcmp(in, out[i] + 12, 1500), 0);
		}
	}
	b->ops->close(b);
	close(sock);
}

static void test_offloads(void)
{
	const uint64_t all = VIRTIO_NET_GUEST_OFFLOADS;
	struct backend *b;

	CHECK_EQ(open_tap("tap0", &b), 0);
	CHECK(b->features & VIRTIO_NET_F_HOST_TSO4);
	CHECK(b->features & VIRTIO_NET_F_MRG_RXBUF);
	CHECK_EQ(b->features & ~VIRTIO_NET_OFFLOADS, 0);
	CHECK_EQ(b->ops->set_offload(b, 0), 0);
	CHECK_EQ(b->ops->set_offload(b, VIRTIO_NET_F_GUEST_CSUM), 0);
	CHECK_EQ(b->ops->set_offload(b, all & b->features), 0);
	b->ops->close(b);
}

/* The device vanishes: an error that is for good, both ways. */
static void test_deleted(void)
{
	char buf[100] = { 0 };
	struct iovec iov = { buf, sizeof(buf) };
	struct burst_write packet = { &iov, 1, 0 };
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	struct backend *b;
	int err;

	CHECK_EQ(open_tap("tap0", &b), 0);
	strcpy(ifr.ifr_name, "tap0");
	CHECK_EQ(ioctl(b->fd, TUNSETPERSIST, 0), 0);
	/* Only the last user's end deletes it, so delete it by netlink's tool. */
	CHECK_EQ(system("ip link del dev tap0"), 0);
	CHECK_EQ(b->ops->rx(b, &iov, 1), -EBADFD);
	CHECK_EQ(b->ops->tx(b, &iov, 1), -EBADFD);
	err = b->ops->tx_burst(b, &packet, 1);
	CHECK(err == -EBADFD || err == -ENOSYS);
	b->ops->close(b);
	expect_error("tap0", -ENODEV, "does not exist");
}

/* Without rights: someone else's device, and no other. */
static void test_unprivileged(void)
{
	struct backend *b;

	make("tap1", IFF_TAP);
	make("tapmine", IFF_TAP);
	CHECK_EQ(system("ip tuntap del dev tapmine mode tap; ip tuntap add dev tapmine mode tap user 65534"), 0);
	CHECK_EQ(setgid(65534), 0);
	CHECK_EQ(setuid(65534), 0);
	if (access("/dev/net/tun", R_OK | W_OK)) {
		expect_error("tap1", -EACCES, "chmod");
		return;
	}
	expect_error("tap1", -EPERM, "ip tuntap add dev tap1 mode tap user");
	CHECK_EQ(open_tap("tapmine", &b), 0);
	b->ops->close(b);
}

int main(void)
{
	if (geteuid() || unshare(CLONE_NEWNET))
		SKIP("making a network namespace needs root");
	if (access("/dev/net/tun", R_OK | W_OK))
		SKIP("the host has no /dev/net/tun");
	make("tap0", IFF_TAP);
	test_errors();
	test_packets();
	test_bursts();
	test_offloads();
	test_deleted();
	test_unprivileged();
	return 0;
}
