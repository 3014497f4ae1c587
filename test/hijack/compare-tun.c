// SPDX-License-Identifier: GPL-2.0-or-later
/* /dev/net/tun makes interfaces of the network that the program has. */
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "compare.h"

#define TUN "/dev/net/tun"

static void file(void)
{
	struct stat st;
	FILE *f;

	R(stat(TUN, &st));
	V(S_ISCHR(st.st_mode));
	V(major(st.st_rdev));
	V(minor(st.st_rdev));
	R(access(TUN, R_OK | W_OK));
	R(chdir("/dev/net"));
	R(close(R(open("tun", O_RDWR | O_NONBLOCK))));
	R(chdir("/"));
	f = fopen(TUN, "r+");
	V(f != NULL);
	R(fclose(f));
}

static unsigned short sum(const void *data, size_t len)
{
	const unsigned short *word = data;
	unsigned int total = 0;

	for (; len; len -= 2)
		total += *word++;
	total = (total >> 16) + (total & 0xffff);
	return ~(total + (total >> 16));
}

/* An answer to the packet @in, by whom it was sent to. */
static void answer(int tun, const char *in)
{
	struct {
		struct iphdr ip;
		struct udphdr udp;
		char text[6];
	} out;

	memcpy(&out, in, sizeof(out));
	out.ip.saddr = ((const struct iphdr *)in)->daddr;
	out.ip.daddr = ((const struct iphdr *)in)->saddr;
	out.ip.check = 0;
	out.ip.check = sum(&out.ip, sizeof(out.ip));
	out.udp.source = ((const struct udphdr *)(in + sizeof(out.ip)))->dest;
	out.udp.dest = ((const struct udphdr *)(in + sizeof(out.ip)))->source;
	out.udp.check = 0;
	memcpy(out.text, "answer", sizeof(out.text));
	R(write(tun, &out, sizeof(out)));
}

static void packets(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET }, peer;
	struct ifreq r = { .ifr_name = "lkl%d" };
	char in[256] = "", text[16] = "";
	int s = socket(AF_INET, SOCK_DGRAM, 0), tun = R(open(TUN, O_RDWR)), ready;
	socklen_t len = sizeof(peer);
	struct pollfd p = { .fd = tun, .events = POLLIN };

	R(read(tun, in, sizeof(in)));
	r.ifr_flags = IFF_TUN | IFF_NO_PI;
	R(ioctl(tun, TUNSETIFF, &r));
	S(r.ifr_name);
	V(if_nametoindex(r.ifr_name) > 0);
	R(fcntl(tun, F_SETFL, O_NONBLOCK));
	addr.sin_addr.s_addr = htonl(0x0a090001);
	memcpy(&r.ifr_addr, &addr, sizeof(addr));
	R(ioctl(s, SIOCSIFADDR, &r));
	addr.sin_addr.s_addr = htonl(0xffffff00);
	memcpy(&r.ifr_netmask, &addr, sizeof(addr));
	R(ioctl(s, SIOCSIFNETMASK, &r));
	r.ifr_flags = IFF_UP;
	R(ioctl(s, SIOCSIFFLAGS, &r));

	peer = (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons(9),
				     .sin_addr.s_addr = htonl(0x0a090002) };
	R(sendto(s, "packet", 6, 0, (struct sockaddr *)&peer, sizeof(peer)));
	/* The kernel may send some of its own (IPv6). */
	do
		ready = poll(&p, 1, -1);
	while (read(tun, in, sizeof(in)) > 0 && *in >> 4 != 4);
	V(ready);
	V(((struct iphdr *)in)->protocol);
	B(&((struct iphdr *)in)->saddr, 8);
	B(in + sizeof(struct iphdr) + sizeof(struct udphdr), 6);
	answer(tun, in);
	R(recvfrom(s, text, sizeof(text), 0, (struct sockaddr *)&peer, &len));
	S(text);
	V(ntohs(peer.sin_port));
	B(&peer.sin_addr, 4);
	R(close(tun));
	V(if_nametoindex(r.ifr_name));
	R(close(s));
}

void body(void)
{
	closefrom(3);
	file();
	packets();
}
