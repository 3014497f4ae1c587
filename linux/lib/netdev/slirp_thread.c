// SPDX-License-Identifier: GPL-2.0-only
/*
 * The thread that runs libslirp: packets come from a ring and go into another,
 * and it waits for the library's sockets in between.
 */
#include <arpa/inet.h>
#include <linux/close_range.h>
#include <linux/if_ether.h>
#include <netinet/icmp6.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "../own_thread.h"
#include "../posix.h"
#include "../virtio_net.h"
#include "checksum.h"
#include "slirp.h"
#include "slirp_local.h"
#include "slirp_ping6.h"
#include "slirp_publish.h"
#include "user_net.h"

/* For what the program has sent when it ends, milliseconds. */
#define LINGER_MS 3000

/*
 * The longest segment of TCP that the library makes, and no shorter than a
 * packet of LKL's is cut to (HOST_TSO4). As this divides its buffers, it does not
 * allocate them twice for each connection, which copies 256 KiB of nothing.
 */
#define SEGMENT_MAX 32768

/* Packets that are handed over between two looks at the sockets. */
#define PACKETS_MAX 64

/*
 * What LKL gets it is told of together: when there is so much, half of a window
 * of the library's, or when nothing else is to be done at once. Whether there is
 * costs a call of the host, so it is asked where the answer has been yes lately,
 * and now and then.
 */
#define BATCH_BYTES (32 * 1024)
#define BATCH_TURNS 16
#define ASK_EACH 16

/*
 * A request and its answer: so long the thread looks for what comes next before
 * it sleeps, while waits are short even if it sleeps; after looks in vain, when so
 * many have been in a row. To wake a processor takes longer than most of what is
 * done here. LKL does the same (arch/lkl/kernel/idle.c).
 */
#define LOOK_NS 50000
#define SHORT_NS 70000
#define NEEDED_MAX 1024

/*
 * Whom it lets have the processor meanwhile may keep it for a whole turn of some
 * milliseconds, as those do who send without an end: if one has, it looks in no
 * stream for so many waits.
 */
#define TURN_NS 500000
#define CROWDED_WAITS 1024

/*
 * Of a socket with datagrams, as far as the host allows: what comes while others
 * have this thread's processor.
 */
#define RECEIVE_BYTES (2 << 20)

/* Of a frame with IPv4: where its protocol is. */
#define IPV4_PROTOCOL (ETH_HLEN + 9)

/* Of a frame with IPv6 and ICMPv6: where the fields are. */
#define NEXT_HEADER (ETH_HLEN + 6)
#define NEIGHBOUR_TYPE (ETH_HLEN + 40)

static typeof(slirp_new) *new_;
static typeof(slirp_cleanup) *cleanup;
static typeof(slirp_pollfds_fill) *pollfds_fill;
static typeof(slirp_pollfds_poll) *pollfds_poll;
static typeof(slirp_input) *input;
static typeof(slirp_add_hostxfwd) *add_hostxfwd;

const struct plugin_symbol slirp_symbols[] = {
	{ "slirp_new", (void **)&new_ },
	{ "slirp_cleanup", (void **)&cleanup },
	{ "slirp_pollfds_fill", (void **)&pollfds_fill },
	{ "slirp_pollfds_poll", (void **)&pollfds_poll },
	{ "slirp_input", (void **)&input },
	{ "slirp_add_hostxfwd", (void **)&add_hostxfwd },
	{ NULL, NULL }
};

/* ------------------------------------------------------------------------ */
/* What the library calls                                                    */

static bool is_closing(struct slirp *s)
{
	return __atomic_load_n(&s->closing, __ATOMIC_ACQUIRE);
}

/* There are packets for LKL. */
static void tell(struct slirp *s)
{
	if (s->untold && ring_wakes_reader(&s->in))
		slirp_wake(s->b.fd);
	s->untold = 0;
	s->put_off = 0;
}

static ssize_t send_packet(const void *buf, size_t len, void *opaque)
{
	static const char header[VNET_HDR_LEN];
	struct slirp *s = opaque;
	uint8_t changed[SLIRP_HEADERS_MAX];
	size_t n = slirp_local_headers(buf, len, changed);
	const struct iovec iov[3] = {
		{ (void *)header, sizeof(header) },
		{ changed, n },
		{ (char *)buf + n, len - n },
	};

	slirp_closed_sent(&s->closed, buf, len);
	slirp_arrivals_made(&s->arrivals, n ? changed : buf, len);
	s->moved += len;
	/* Waits until there is room; the kernel on the other side never does. */
	while (!is_closing(s)) {
		if (ring_put(&s->in, iov, 3)) {
			s->untold += len;
			if (s->untold >= BATCH_BYTES)
				tell(s);
			return len;
		}
		tell(s);
		host_futex_wait(&s->in.blocked, 1, NULL);
	}
	return -1;
}

static void guest_error(const char *text, void *opaque)
{
	(void)text;
	(void)opaque;
}

static int64_t clock_get_ns(void *opaque)
{
	(void)opaque;
	return posix_time();
}

static void *timer_new(SlirpTimerCb call, void *arg, void *opaque)
{
	struct slirp *s = opaque;

	return slirp_timers_new(&s->timers, call, arg);
}

static void timer_free(void *timer, void *opaque)
{
	(void)opaque;
	slirp_timer_free(timer);
}

static void timer_mod(void *timer, int64_t ms, void *opaque)
{
	(void)opaque;
	slirp_timer_set(timer, ms);
}

static void opened_fd(int fd, void *opaque)
{
	static const int bytes = RECEIVE_BYTES;
	struct slirp *s = opaque;
	int type = 0;
	unsigned int len = sizeof(type);

	/* The host sizes a connection's buffers by itself. */
	if (!host_getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) &&
	    type == SOCK_DGRAM)
		host_setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes,
				sizeof(bytes));
	slirp_set_forget(&s->set, fd);
	slirp_burst_opened(&s->burst, fd);
}

static void closes_fd(int fd, void *opaque)
{
	struct slirp *s = opaque;

	slirp_set_forget(&s->set, fd);
	slirp_burst_closes(&s->burst, fd);
}

/* Everything happens in one thread, which looks at all after each wait. */
static void notify(void *opaque)
{
	(void)opaque;
}

static const SlirpCb callbacks = {
	.send_packet = send_packet,
	.guest_error = guest_error,
	.clock_get_ns = clock_get_ns,
	.timer_new = timer_new,
	.timer_free = timer_free,
	.timer_mod = timer_mod,
	.register_poll_fd = opened_fd,
	.unregister_poll_fd = closes_fd,
	.notify = notify,
};

static int add_poll(int fd, int events, void *opaque)
{
	struct slirp *s = opaque;

	return slirp_set_add(&s->set, fd, events);
}

/* Has what follows the datagram that the library has read, if it has. */
static void take_arrivals(struct slirp *s)
{
	size_t bytes = slirp_arrivals_end(&s->arrivals, &s->in);

	s->moved += bytes;
	s->untold += bytes;
	if (s->untold >= BATCH_BYTES)
		tell(s);
}

/* The library asks for one socket after another, and reads at once. */
static int get_revents(int index, void *opaque)
{
	struct slirp *s = opaque;
	int ready = slirp_set_ready(&s->set, index);

	take_arrivals(s);
	if (ready == SLIRP_POLL_IN)
		slirp_arrivals_begin(&s->arrivals, index, s->set.turn);
	return ready;
}

/* ------------------------------------------------------------------------ */
/* The thread                                                                */

/* Whether a packet tells who has an address: ARP, or neighbour discovery. */
static bool resolves(const uint8_t *packet, ssize_t len)
{
	static const uint8_t arp[2] = { 0x08, 0x06 }, ipv6[2] = { 0x86, 0xdd };

	if (len < NEIGHBOUR_TYPE + 1)
		return len >= ETH_HLEN && !memcmp(packet + 12, arp, 2);
	return !memcmp(packet + 12, arp, 2) ||
	       (!memcmp(packet + 12, ipv6, 2) &&
		packet[NEXT_HEADER] == IPPROTO_ICMPV6 &&
		packet[NEIGHBOUR_TYPE] == ND_NEIGHBOR_ADVERT);
}

/*
 * Fills in the checksum that LKL has left open. Over IPv4 a datagram needs none
 * (RFC 768), and the library then does not check it either.
 */
static void complete(uint8_t *packet, size_t len)
{
	static const uint8_t ipv4[2] = { 0x08, 0x00 }, none[2];
	uint8_t *frame = packet + VNET_HDR_LEN;
	size_t udp;

	if (len > VNET_HDR_LEN + IPV4_PROTOCOL &&
	    packet[0] & VNET_HDR_NEEDS_CSUM &&
	    !memcmp(frame + 12, ipv4, sizeof(ipv4)) &&
	    frame[IPV4_PROTOCOL] == IPPROTO_UDP) {
		udp = VNET_HDR_LEN + ETH_HLEN + 4 * (frame[ETH_HLEN] & 15);
		if (udp + 8 <= len)
			memcpy(packet + udp + 6, none, sizeof(none));
		return;
	}
	checksum_complete(packet, len);
}

/* Hands over a packet, or answers it. */
static void take_packet(struct slirp *s, const uint8_t *packet, size_t len)
{
	uint8_t answer[PING6_ANSWER_MAX];
	size_t refused = slirp_ping6_refuse(packet, len, answer);

	if (refused) {
		send_packet(answer, refused, s);
		return;
	}
	slirp_closed_got(&s->closed, packet, len);
	input(s->library, packet, len);
	s->resolved |= resolves(packet, len);
}

/* Hands over what LKL has sent. Return: whether there may be more of it. */
static bool take_packets(struct slirp *s)
{
	uint8_t *packet;
	size_t len;
	int n;

	for (n = 0; n < PACKETS_MAX; n++) {
		packet = ring_peek(&s->out, &len);
		if (!packet)
			break;
		s->moved += len;
		if (!slirp_burst_take(&s->burst, packet, len)) {
			slirp_burst_end(&s->burst);
			slirp_burst_begin(&s->burst, packet, len);
			complete(packet, len);
			take_packet(s, packet + VNET_HDR_LEN,
				    len - VNET_HDR_LEN);
			slirp_burst_begun(&s->burst);
		}
		if (ring_pop(&s->out))
			slirp_wake(s->b.fd);
	}
	slirp_burst_end(&s->burst);
	return n == PACKETS_MAX;
}

/* Looks whether there is something to be done at once. Return: as a wait. */
static int ask(struct slirp *s)
{
	int n = 0;

	if (s->untold && (s->busy || !(++s->turns % ASK_EACH)) &&
	    ++s->put_off <= BATCH_TURNS) {
		n = slirp_set_wait(&s->set, 0);
		s->busy = n > 0 ? ASK_EACH : s->busy - !!s->busy;
	}
	return n;
}

/* Has the library drop connections that have ended. */
static void drop_closed(struct slirp *s)
{
	const uint8_t *reset;
	size_t len;

	while ((reset = slirp_closed_reset(&s->closed, &len)))
		input(s->library, reset, len);
}

/* Whether LKL is where this thread would be in its way. */
static bool is_shared_cpu(const struct slirp *s)
{
	return sched_getcpu() == __atomic_load_n(&s->cpu, __ATOMIC_RELAXED);
}

/*
 * Looks for packets and sockets for a while, in which LKL need not wake this
 * thread; others may have the processor. Return: as a wait; *@found is set where
 * there is no need for one.
 */
static int look(struct slirp *s, unsigned long long end, bool *found)
{
	size_t len;
	int n = 0;

	ring_reader_looks(&s->out);
	for (;;) {
		n = slirp_set_wait(&s->set, 0);
		*found = n != 0 || ring_has_packets(&s->out);
		if (*found || is_shared_cpu(s) || posix_time() >= end)
			break;
		sched_yield();
	}
	*found |= ring_peek(&s->out, &len) != NULL;
	return n;
}

/*
 * Waits, and looks for a while before it sleeps: where waits are short, and in a
 * stream of data, which a window of the library's, 64 KiB, makes a row of
 * requests. What becomes of that look says nothing of others.
 */
static int await(struct slirp *s, uint32_t ms)
{
	bool bulk = s->moved >= BULK_BYTES;
	bool looks = ms && (bulk ? !s->crowded : s->short_waits > s->needed);
	unsigned long long begin = posix_time(), taken;
	bool found = false;
	int n = 0;

	s->moved = 0;
	s->crowded -= !!s->crowded;
	if (looks) {
		n = look(s, begin + LOOK_NS, &found);
		if (posix_time() - begin > TURN_NS)
			s->crowded = CROWDED_WAITS;
	}
	if (!found)
		n = slirp_set_wait(&s->set, ms);
	if (bulk)
		return n;
	taken = posix_time() - begin;
	if (looks && taken < LOOK_NS) {
		s->needed -= (s->needed + 3) / 4;
	} else if (looks) {
		s->needed = s->needed < NEEDED_MAX ? 4 * s->needed + 4 :
						     s->needed;
		s->short_waits = 0;
	} else {
		s->short_waits = taken < SHORT_NS ? s->short_waits + 1 : 0;
	}
	return n;
}

/* One wait. Return: whether some socket of the host is to be written to. */
static bool turn(struct slirp *s, uint32_t most)
{
	uint32_t timeout = slirp_timers_left(&s->timers, most);
	int n;

	slirp_set_begin(&s->set);
	pollfds_fill(s->library, &timeout, add_poll, s);
	slirp_set_end(&s->set);
	/* What LKL has sent last may be with the library still. */
	if (!s->set.is_writing)
		drop_closed(s);
	if (s->resolved)
		timeout = 0;
	s->resolved = false;
	n = ask(s);
	if (n <= 0) {
		tell(s);
		n = await(s, timeout);
	}
	pollfds_poll(s->library, n < 0, get_revents, s);
	take_arrivals(s);
	slirp_timers_run(&s->timers);
	return s->set.is_writing;
}

/* Nothing of the program's; and what opens here is not seen there. */
static void own_descriptors(struct slirp *s)
{
	int first = s->wake < s->b.fd ? s->wake : s->b.fd;
	int last = s->wake < s->b.fd ? s->b.fd : s->wake;
	int null, i;

	if (host_close_range(0, first - 1, CLOSE_RANGE_UNSHARE))
		return;		/* an old host: they are shared */
	if (last > first + 1)
		host_close_range(first + 1, last - 1, 0);
	host_close_range(last + 1, ~0U, 0);
	null = host_open("/dev/null", O_RDWR);
	for (i = 1; i <= 2 && null >= 0; i++)
		host_fcntl(null, F_DUPFD_CLOEXEC, i);
}

static int lengthen_queue(int fd, int events, void *opaque)
{
	(void)events;
	(void)opaque;
	/* Those that do not listen, of UDP, refuse. */
	host_listen(fd, SOMAXCONN);
	return -1;
}

/*
 * The library lets one connection wait for each port: of sixteen that come at
 * once the host drops most, and their clients try again after a second.
 */
static void lengthen_queues(struct slirp *s)
{
	uint32_t timeout = 0;

	pollfds_fill(s->library, &timeout, lengthen_queue, s);
}

static void set_up(struct slirp *s)
{
	SlirpConfig config = {
		.version = 1,
		.in_enabled = true,
		.in6_enabled = true,
		.vprefix_len = USER_NET_MASKLEN6,
		.if_mtu = USER_NET_MTU,
		.if_mru = SEGMENT_MAX + 40,
	};
	int i;

	inet_pton(AF_INET, USER_NET_NETWORK, &config.vnetwork);
	inet_pton(AF_INET, USER_NET_NETMASK, &config.vnetmask);
	inet_pton(AF_INET, USER_NET_GATEWAY, &config.vhost);
	inet_pton(AF_INET, USER_NET_NAMESERVER, &config.vnameserver);
	inet_pton(AF_INET, USER_NET_IP, &config.vdhcp_start);
	inet_pton(AF_INET6, USER_NET_PREFIX6, &config.vprefix_addr6);
	inet_pton(AF_INET6, USER_NET_GATEWAY6, &config.vhost6);
	inet_pton(AF_INET6, USER_NET_NAMESERVER6, &config.vnameserver6);
	s->library = new_(&config, &callbacks, s);
	for (i = 0; s->library && !s->publish_error && i < s->port_count; i++) {
		s->publish_error = slirp_publish(s->library, add_hostxfwd,
						 &s->ports[i], s->ip, s->ipv6);
		s->failed = i;
	}
	if (s->library)
		lengthen_queues(s);
}

void *slirp_serve(void *arg)
{
	struct slirp *s = arg;
	unsigned long long end;

	own_thread_begin("lkl-slirp");
	own_descriptors(s);
	s->set_error = slirp_set_open(&s->set, s->wake);
	if (!s->set_error)
		set_up(s);
	__atomic_store_n(&s->ready, 1, __ATOMIC_RELEASE);
	host_futex_wake(&s->ready, 1);
	if (!s->library)
		goto out;
	while (!is_closing(s))
		turn(s, take_packets(s) ? 0 : UINT32_MAX);
	while (take_packets(s))
		;
	/* What LKL has sent, and the library acknowledged, is to arrive. */
	end = posix_time() + LINGER_MS * NSEC_PER_MSEC;
	while (turn(s, 100) && posix_time() < end)
		;
	cleanup(s->library);
out:
	if (!s->set_error)
		slirp_set_close(&s->set);
	own_thread_end();
	return NULL;
}
