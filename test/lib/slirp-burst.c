// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Datagrams behind one of libslirp's: those of the same path go out of the same
 * socket and arrive as they were, together or one by one; all else is left to the
 * library.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "../../linux/lib/netdev/backend.h"
#include "../../linux/lib/netdev/checksum.h"
#include "../../linux/lib/netdev/network_order.h"
#include "../../linux/lib/netdev/slirp_burst.h"
#include "datagrams.h"

#define HEADERS (VNET_HDR_LEN + 14)

static struct slirp_burst burst;

/* One datagram: what the tests change of it. */
struct datagram {
	const char *to;
	uint16_t from_port;
	uint16_t to_port;
	uint8_t hops;
	size_t size;
	uint8_t fill;
};

static uint8_t packet[HEADERS + 40 + 8 + 65536];
static size_t packet_len;
static uint8_t *udp;

static void make(const struct datagram *d)
{
	bool v6 = strchr(d->to, ':');
	uint8_t *ip = packet + HEADERS;

	udp = ip + (v6 ? 40 : 20);
	packet_len = udp + 8 + d->size - packet;
	memset(packet, 0, packet_len);
	packet[0] = VNET_HDR_NEEDS_CSUM;
	write16(ip - 2, v6 ? 0x86dd : 0x0800);
	ip[0] = v6 ? 0x60 : 0x45;
	ip[v6 ? 6 : 9] = IPPROTO_UDP;
	ip[v6 ? 7 : 8] = d->hops;
	CHECK_EQ(inet_pton(v6 ? AF_INET6 : AF_INET, v6 ? "fec0::15" : "10.0.2.15",
			   ip + (v6 ? 8 : 12)), 1);
	CHECK_EQ(inet_pton(v6 ? AF_INET6 : AF_INET, d->to, ip + (v6 ? 24 : 16)),
		 1);
	write16(udp, d->from_port);
	write16(udp + 2, d->to_port);
	write16(udp + 4, 8 + d->size);
	memset(udp + 8, d->fill, d->size);
}

/* The library has one, and opens @fd for it, or nothing (-1). */
static void begin(const struct datagram *d, int fd)
{
	slirp_burst_end(&burst);
	make(d);
	slirp_burst_begin(&burst, packet, packet_len);
	if (fd >= 0)
		slirp_burst_opened(&burst, fd);
	slirp_burst_begun(&burst);
}

static bool take(const struct datagram *d)
{
	make(d);
	return slirp_burst_take(&burst, packet, packet_len);
}

static void expect(int server, size_t size, uint8_t fill)
{
	static uint8_t data[65536];
	ssize_t n = recv(server, data, sizeof(data), MSG_DONTWAIT);
	ssize_t i;

	CHECK_EQ(n, (ssize_t)size);
	for (i = 0; i < n; i++)
		CHECK_EQ(data[i], fill);
}

static void expect_nothing(int server)
{
	CHECK_EQ(recv(server, NULL, 0, MSG_DONTWAIT), -1);
}

/* Equal ones, a shorter one, a longer one, and more than go together. */
static void test_sizes(int server, int fd, struct datagram d)
{
	int i;

	begin(&d, fd);
	for (i = 0; i < 3; i++) {
		d.fill = i;
		CHECK(take(&d));
	}
	d.size = 10;
	CHECK(take(&d));
	for (i = 0; i < 3; i++)
		expect(server, 1000, i);
	expect(server, 10, 2);
	d.size = 2000;
	CHECK(take(&d));
	d.size = 2001;
	CHECK(take(&d));
	slirp_burst_end(&burst);
	expect(server, 2000, 2);
	expect(server, 2001, 2);
	expect_nothing(server);
	CHECK(!take(&d));		/* the library is to have one first */

	begin(&d, -1);			/* which has its socket already */
	d.size = 1;
	for (i = 0; i < 150; i++) {
		d.fill = i;
		CHECK(take(&d));
	}
	slirp_burst_end(&burst);
	for (i = 0; i < 150; i++)
		expect(server, 1, i);
	d.size = 30000;
	begin(&d, -1);
	for (i = 0; i < 3; i++)
		CHECK(take(&d));
	slirp_burst_end(&burst);
	for (i = 0; i < 3; i++)
		expect(server, 30000, d.fill);
	expect_nothing(server);
}

/* A host that does not send them together. */
static void test_one_by_one(int server, int fd, struct datagram d)
{
	int one = 1, i;

	CHECK(!setsockopt(fd, SOL_SOCKET, SO_NO_CHECK, &one, sizeof(one)));
	begin(&d, fd);
	for (i = 0; i < 3; i++) {
		d.fill = i;
		CHECK(take(&d));
	}
	d.size = 7;
	CHECK(take(&d));
	slirp_burst_end(&burst);
	for (i = 0; i < 3; i++)
		expect(server, 1000, i);
	expect(server, 7, 2);
	expect_nothing(server);
}

/* What is not of the path, or not as LKL makes it, is the library's. */
static void test_others(int server, int fd, const struct datagram *d)
{
	struct datagram other;
	size_t i;

	begin(d, fd);
	for (i = 0; i < 5; i++) {
		other = *d;
		other.from_port += i == 0;
		other.to_port += i == 1;
		other.hops -= i == 2;
		other.to = i == 3 ? "127.0.0.2" : d->to;
		other.size = i == 4 ? 0 : d->size;
		CHECK(!take(&other));
	}
	make(d);
	packet[0] = 0;			/* its checksum may be wrong */
	CHECK(!slirp_burst_take(&burst, packet, packet_len));
	make(d);
	write16(udp + 4, 8 + d->size - 1);
	CHECK(!slirp_burst_take(&burst, packet, packet_len));
	for (i = 0; i < packet_len; i++) {
		make(d);
		CHECK(!slirp_burst_take(&burst, packet, i));
	}
	make(d);
	packet[HEADERS + 6] = 0x20;	/* more fragments */
	CHECK(!slirp_burst_take(&burst, packet, packet_len));
	make(d);
	packet[HEADERS + 9] = IPPROTO_TCP;
	CHECK(!slirp_burst_take(&burst, packet, packet_len));
	CHECK(take(d));
	slirp_burst_end(&burst);
	expect(server, d->size, d->fill);
	expect_nothing(server);
}

/* The library does something else with these itself. */
static void test_special(int fd, const struct datagram *d)
{
	static const char *const addresses[] = {
		"10.0.2.2", "10.0.2.3", "10.0.2.255", "224.0.0.1",
		"255.255.255.255", "fec0::2", "fec0::3", "ff02::1", "fe80::1",
	};
	struct datagram special = *d;
	size_t i;

	for (i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		special.to = addresses[i];
		begin(&special, fd);
		CHECK(!take(&special));
	}
	special = *d;
	special.hops = 1;
	begin(&special, fd);
	CHECK(!take(&special));
}

/* A socket that is closed, or is another's, is not used. */
static void test_closed(int fd, const struct datagram *d)
{
	struct datagram other = *d;

	begin(d, fd);
	slirp_burst_closes(&burst, fd);
	CHECK(!take(d));
	begin(d, -1);
	CHECK(!take(d));
	begin(d, fd);
	CHECK(take(d));
	/* Of TCP now, say. */
	slirp_burst_end(&burst);
	make(d);
	packet[HEADERS + 9] = IPPROTO_TCP;
	slirp_burst_begin(&burst, packet, packet_len);
	slirp_burst_opened(&burst, fd);
	slirp_burst_begun(&burst);
	begin(d, -1);
	CHECK(!take(d));
	/* In the same place, and that with another's address. */
	begin(d, fd);
	other.from_port += SLIRP_FLOWS;
	begin(&other, fd + 1);
	begin(d, -1);
	CHECK(!take(d));
	/* What the library opens later, by itself, is nobody's. */
	slirp_burst_end(&burst);
	slirp_burst_opened(&burst, fd);
	begin(d, -1);
	CHECK(!take(d));
}

/* Headers of all kinds, for a socket that there is not. */
static void test_noise(const struct datagram *d)
{
	static const int nowhere = 1 << 20;
	unsigned int i, changes;
	size_t len;

	srandom(1);
	for (i = 0; i < 100000; i++) {
		make(d);
		slirp_burst_end(&burst);
		for (changes = random() % 4; changes; changes--)
			packet[random() % (HEADERS + 48)] = random();
		len = random() % 4 ? packet_len : random() % packet_len;
		slirp_burst_begin(&burst, packet, len);
		slirp_burst_opened(&burst, nowhere);
		slirp_burst_begun(&burst);
		for (changes = random() % 4; changes; changes--) {
			packet[random() % (HEADERS + 48)] ^= random() % 2;
			slirp_burst_take(&burst, packet, len);
		}
	}
	slirp_burst_closes(&burst, nowhere);
}

int main(void)
{
	struct datagram d = {
		.to = "127.0.0.1",
		.from_port = 1000,
		.hops = 64,
		.size = 1000,
	};
	uint16_t port;
	int server = open_datagrams(AF_INET, &port);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	CHECK(server >= 0 && fd >= 0);
	d.to_port = port;
	test_sizes(server, fd, d);
	test_others(server, fd, &d);
	test_special(fd, &d);
	test_one_by_one(server, fd, d);
	test_closed(fd, &d);
	test_noise(&d);
	close(server);

	server = open_datagrams(AF_INET6, &port);
	if (server < 0)
		return 0;		/* a host without IPv6 */
	fd = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	CHECK(fd >= 0);
	d.to = "::1";
	d.to_port = port;
	test_sizes(server, fd, d);
	test_one_by_one(server, fd, d);
	test_noise(&d);
	return 0;
}
