// SPDX-License-Identifier: GPL-2.0-or-later
/* The backends loop and fd: packets both ways, the peer's end, half-sent packets, clear messages. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "../../linux/lib/burst.h"
#include "../../linux/lib/netdev/backend.h"
#include "check.h"
#include "netpair.h"

static char text[512];
static struct backend_error error = { text, sizeof(text) };
static char packet[1 << 18];

static ssize_t rx_on(struct backend *b)
{
	struct iovec iov[2] = { { packet, 7 }, { packet + 7, 70000 } };

	return b->ops->rx(b, iov, 2);
}

/* As for an event. */
static ssize_t rx(struct backend *b)
{
	b->drained = false;
	return rx_on(b);
}

static ssize_t tx(struct backend *b, size_t len, unsigned int seed)
{
	static char data[1 << 18];
	struct iovec iov[3] = { { data, 5 }, { data + 5, 0 }, { data + 5, len - 5 } };
	size_t i;

	for (i = 0; i < len; i++)
		data[i] = pattern(seed, i);
	return b->ops->tx(b, iov, 3);
}

static void check_packet(const char *p, size_t len, unsigned int seed)
{
	size_t i;

	for (i = 0; i < len; i++)
		CHECK_EQ((uint8_t)p[i], pattern(seed, i));
}

static int open_as(backend_open *open, const char *param, struct backend **b)
{
	const struct lkl_netdev_args args = { .param = param };

	return open(&args, b, &error);
}

static void expect_error(backend_open *open, const char *param, int err,
			 const char *part)
{
	struct backend *b;

	text[0] = '\0';
	CHECK_EQ(open_as(open, param, &b), err);
	if (!strstr(text, part)) {
		fprintf(stderr, "'%s' is not in: %s\n", part, text);
		exit(1);
	}
}

/* Gives one end of a pair to the backend; it is gone from where it was. */
static struct backend *open_fd(int type, int *peer)
{
	struct backend *b;
	char param[16];
	int pair[2];

	CHECK_EQ(socketpair(AF_UNIX, type, 0, pair), 0);
	snprintf(param, sizeof(param), "%d", pair[0]);
	CHECK_EQ(open_as(fd_open, param, &b), 0);
	CHECK_EQ(fcntl(pair[0], F_GETFD), -1);
	CHECK(fcntl(b->fd, F_GETFD) & FD_CLOEXEC);
	*peer = pair[1];
	return b;
}

static void test_loop(void)
{
	struct backend *b;
	unsigned int sent = 0, got = 0;

	expect_error(loop_open, "lo", -EINVAL, "remove it");
	CHECK_EQ(open_as(loop_open, "", &b), 0);
	CHECK_EQ(rx(b), -EAGAIN);
	CHECK_EQ(tx(b, 65550, 1), 65550);
	CHECK_EQ(rx(b), 65550);
	check_packet(packet, 65550, 1);

	while (tx(b, 1000, sent) == 1000)
		sent++;
	CHECK(sent > 10);
	CHECK_EQ(tx(b, 1000, sent), -EAGAIN);
	while (rx(b) == 1000)
		check_packet(packet, 1000, got++);
	CHECK_EQ(got, sent);
	CHECK_EQ(tx(b, 60, 1), 60);
	b->ops->close(b);
}

static void test_messages(int type)
{
	struct backend *b;
	unsigned int i;
	int peer;

	b = open_fd(type, &peer);
	CHECK_EQ(rx(b), -EAGAIN);
	CHECK_EQ(tx(b, 1514, 1), 1514);
	CHECK_EQ(recv(peer, packet, sizeof(packet), 0), 1514);
	check_packet(packet, 1514, 1);
	for (i = 0; i < 3; i++)
		CHECK_EQ(send(peer, packet, 60 + i, 0), 60 + i);
	for (i = 0; i < 3; i++)
		CHECK_EQ(rx(b), 60 + i);
	/* An empty message is no packet, and no end either. */
	CHECK_EQ(send(peer, packet, 0, 0), 0);
	CHECK_EQ(rx(b), 0);
	CHECK_EQ(rx(b), -EAGAIN);

	while (tx(b, 30000, 2) > 0)
		;
	CHECK_EQ(tx(b, 30000, 2), -EAGAIN);
	close(peer);
	CHECK(tx(b, 60, 3) < 0);
	if (type == SOCK_SEQPACKET)
		CHECK(rx(b) < 0 && errno != EAGAIN);
	b->ops->close(b);
}

/* What was sent before is there still; then the peer says nothing any more. */
static void test_half_closed(int type)
{
	struct backend *b;
	int peer;

	b = open_fd(type, &peer);
	CHECK_EQ(send(peer, packet, 60, 0), 60);
	CHECK_EQ(shutdown(peer, SHUT_WR), 0);
	CHECK_EQ(rx(b), 60);
	CHECK_EQ(rx(b), -ECONNRESET);
	b->ops->close(b);
	close(peer);
}

/* Sends a length, and @len bytes of a pattern. */
static void send_framed(int peer, uint32_t claimed, size_t len, unsigned int seed)
{
	static char data[1 << 18];
	size_t i;

	claimed = htonl(claimed);
	memcpy(data, &claimed, 4);
	for (i = 0; i < len; i++)
		data[4 + i] = pattern(seed, i);
	CHECK_EQ(send(peer, data, 4 + len, 0), 4 + len);
}

static void test_stream(void)
{
	struct backend *b;
	unsigned int i;
	int peer;

	b = open_fd(SOCK_STREAM, &peer);
	CHECK_EQ(rx(b), -EAGAIN);
	for (i = 1; i < 60; i++)
		send_framed(peer, 1000 + i, 1000 + i, i);
	for (i = 1; i < 60; i++) {
		CHECK_EQ(rx(b), 1000 + i);
		check_packet(packet, 1000 + i, i);
	}
	CHECK_EQ(rx(b), -EAGAIN);

	/* Byte by byte. */
	CHECK_EQ(send(peer, "\0\0\0", 3, 0), 3);
	CHECK_EQ(rx(b), -EAGAIN);
	CHECK_EQ(send(peer, "\2x", 2, 0), 2);
	CHECK_EQ(rx(b), -EAGAIN);
	CHECK_EQ(send(peer, "y", 1, 0), 1);
	CHECK_EQ(rx(b), 2);
	CHECK_EQ(memcmp(packet, "xy", 2), 0);

	/* What comes after less than there was room for, is left to its event. */
	send_framed(peer, 61, 61, 3);
	CHECK_EQ(rx_on(b), -EAGAIN);
	CHECK_EQ(rx_on(b), -EAGAIN);
	CHECK_EQ(rx(b), 61);
	check_packet(packet, 61, 3);

	/* Empty ones and longer ones than there are, are left out. */
	send_framed(peer, 0, 0, 0);
	send_framed(peer, 100000, 100000, 1);
	send_framed(peer, 60, 60, 2);
	CHECK_EQ(rx(b), 60);
	check_packet(packet, 60, 2);
	CHECK_EQ(rx(b), -EAGAIN);
	/* What cannot be meant, is the end. */
	send_framed(peer, 0x47455420, 100, 0);
	CHECK_EQ(rx(b), -EPROTO);
	b->ops->close(b);
	close(peer);

	b = open_fd(SOCK_STREAM, &peer);
	close(peer);
	CHECK_EQ(rx(b), -ECONNRESET);
	CHECK_EQ(tx(b, 60, 0), -EPIPE);
	b->ops->close(b);
}

/* Sends a packet while the peer reads it, without the stream ever having room for it. */
static void send_slowly(struct backend *b, int peer, size_t len, unsigned int seed)
{
	ssize_t sent = -EAGAIN, n;
	size_t have = 0;
	uint32_t length;

	while (have < 4 + len) {
		if (sent == -EAGAIN)
			sent = tx(b, len, seed);
		n = recv(peer, packet + have, 4 + len - have, MSG_DONTWAIT);
		if (n > 0)
			have += n;
	}
	CHECK_EQ(sent, len);
	memcpy(&length, packet, 4);
	CHECK_EQ(ntohl(length), len);
	check_packet(packet + 4, len, seed);
}

/* The stream takes part of a packet: the rest follows, in step. */
static void test_half_sent(void)
{
	struct backend *b;
	int peer, room = 10000;
	unsigned int i;
	uint32_t length;

	b = open_fd(SOCK_STREAM, &peer);
	CHECK_EQ(setsockopt(b->fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room)), 0);
	for (i = 0; i < 50; i++)
		send_slowly(b, peer, 60000 + i, i);

	/* Another packet follows the first half of one: the peer stays in step. */
	CHECK_EQ(tx(b, 60000, 1), -EAGAIN);
	for (length = 0; length < 60004; )
		if (tx(b, 100, 2) == -EAGAIN || length)
			length += recv(peer, packet + length, 60004 - length, 0);
	send_slowly(b, peer, 60000, 3);
	b->ops->close(b);
	close(peer);
}

/* Packets @first and on, as many as may go together, each of @len bytes and more. */
static int tx_burst(struct backend *b, size_t len, unsigned int first)
{
	static char data[BURST_MAX][20000];
	struct burst_write packets[BURST_MAX];
	struct iovec iov[BURST_MAX][2];
	unsigned int i;
	size_t j;

	for (i = 0; i < BURST_MAX; i++) {
		for (j = 0; j < len + i + first; j++)
			data[i][j] = pattern(i + first, j);
		iov[i][0] = (struct iovec){ data[i], 14 };
		iov[i][1] = (struct iovec){ data[i] + 14, j - 14 };
		packets[i] = (struct burst_write){ iov[i], 2, 0 };
	}
	return b->ops->tx_burst(b, packets, BURST_MAX);
}

/* Takes the packets with the numbers @first to @end - 1 from what the peer has got. */
static size_t check_framed(size_t len, unsigned int first, unsigned int end)
{
	size_t at = 0;
	uint32_t length;

	for (; first < end; first++) {
		memcpy(&length, packet + at, 4);
		CHECK_EQ(ntohl(length), len + first);
		check_packet(packet + at + 4, len + first, first);
		at += 4 + len + first;
	}
	return at;
}

/* Packets go together, as far as no reader can find a part of one. */
static void test_bursts(void)
{
	static const int room = 30000;
	unsigned int first = 0;
	struct backend *b;
	ssize_t have = 0;
	int peer, n;

	b = open_fd(SOCK_STREAM, &peer);
	CHECK_EQ(tx_burst(b, 100, 0), BURST_MAX);
	CHECK_EQ(recv(peer, packet, sizeof(packet), 0), check_framed(100, 0, BURST_MAX));
	CHECK_EQ(tx_burst(b, 9000, 0), 3);
	CHECK_EQ(recv(peer, packet, sizeof(packet), 0), check_framed(9000, 0, 3));

	/* The stream has less room than that: they stay in step. */
	CHECK_EQ(setsockopt(b->fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room)), 0);
	while (first < 20) {
		n = tx_burst(b, 9000, first);
		CHECK(n > 0 || n == -EAGAIN);
		first += n > 0 ? n : 0;
		while ((n = recv(peer, packet + have, sizeof(packet) - have,
				 MSG_DONTWAIT)) > 0)
			have += n;
	}
	CHECK_EQ(have, check_framed(9000, 0, first));
	b->ops->close(b);
	close(peer);
}

static void test_fd_errors(void)
{
	char param[16];
	int fds[2], fd;

	expect_error(fd_open, NULL, -EINVAL, "number of an open descriptor");
	expect_error(fd_open, "", -EINVAL, "number");
	expect_error(fd_open, "7x", -EINVAL, "'7x'");
	expect_error(fd_open, "-1", -EINVAL, "'-1'");
	expect_error(fd_open, "99999999999", -EINVAL, "number");
	expect_error(fd_open, "1", -EINVAL, "the program's own");
	expect_error(fd_open, "999", -EBUSY, "not open");

	CHECK_EQ(pipe(fds), 0);
	snprintf(param, sizeof(param), "%d", fds[0]);
	expect_error(fd_open, param, -EINVAL, "neither a socket nor a tap");
	CHECK_EQ(fcntl(fds[0], F_GETFD), 0);	/* left where it was */
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	snprintf(param, sizeof(param), "%d", fd);
	expect_error(fd_open, param, -ENOTCONN, "not connected");
	fd = open("/dev/net/tun", O_RDWR);
	if (fd >= 0) {
		snprintf(param, sizeof(param), "%d", fd);
		expect_error(fd_open, param, -EINVAL, "neither a socket nor a tap");
	}
}

int main(void)
{
	test_loop();
	test_messages(SOCK_DGRAM);
	test_messages(SOCK_SEQPACKET);
	test_half_closed(SOCK_SEQPACKET);
	test_stream();
	test_half_sent();
	test_bursts();
	test_fd_errors();
	return 0;
}
