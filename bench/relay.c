// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The wire between two tap devices: what one sends, the other receives.
 *
 *   relay NAMESPACE TAP NAMESPACE TAP on|off
 *
 * A host's kernel behind a tap needs somebody who holds the tap, where LKL
 * holds it itself. This is the least that can be between two kernels: frames
 * are moved as they are, behind their virtio-net headers, so that with "on"
 * neither side needs to split them or to compute checksums.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Frames that are moved one way before it is the other way's turn. */
#define BURST	64

#define OFFLOADS (TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN)

static char frame[1 << 17];

static void die(const char *what)
{
	fprintf(stderr, "relay: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int open_tap(const char *namespace, const char *name, bool offload)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	int ns, fd;
	char path[256];

	snprintf(path, sizeof(path), "/run/netns/%s", namespace);
	ns = open(path, O_RDONLY | O_CLOEXEC);
	if (ns < 0 || setns(ns, CLONE_NEWNET))
		die(path);
	close(ns);
	fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
	strncpy(ifr.ifr_name, name, IFNAMSIZ - 1);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr) ||
	    ioctl(fd, TUNSETOFFLOAD, offload ? OFFLOADS : 0))
		die(name);
	return fd;
}

static void move(int from, int to)
{
	ssize_t n;
	int i;

	for (i = 0; i < BURST; i++) {
		n = read(from, frame, sizeof(frame));
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0)
			die("read");
		/* What a device has no room for is lost, as on a wire. */
		if (write(to, frame, n) < 0 && errno != EAGAIN &&
		    errno != ENOBUFS && errno != EIO)
			die("write");
	}
}

int main(int argc, char **argv)
{
	struct pollfd ends[2];
	bool offload;
	int i;

	if (argc != 6) {
		fprintf(stderr, "usage: relay NAMESPACE TAP NAMESPACE TAP on|off\n");
		return 2;
	}
	offload = !strcmp(argv[5], "on");
	for (i = 0; i < 2; i++)
		ends[i] = (struct pollfd){
			.fd = open_tap(argv[1 + 2 * i], argv[2 + 2 * i], offload),
			.events = POLLIN };
	puts("ready");
	fflush(stdout);
	while (poll(ends, 2, -1) > 0)
		for (i = 0; i < 2; i++)
			if (ends[i].revents)
				move(ends[i].fd, ends[!i].fd);
	die("poll");
}
