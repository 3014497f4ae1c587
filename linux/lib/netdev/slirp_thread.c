// SPDX-License-Identifier: GPL-2.0-only
/*
 * The thread that runs libslirp: packets come from a ring and go into another,
 * and it waits for the library's sockets in between.
 */
#include <arpa/inet.h>
#include <linux/close_range.h>
#include <linux/if_ether.h>
#include <netinet/icmp6.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include "../posix.h"
#include "../virtio_net.h"
#include "checksum.h"
#include "slirp.h"
#include "slirp_ping6.h"
#include "slirp_publish.h"
#include "user_net.h"

/* For what the program has sent when it ends, milliseconds. */
#define LINGER_MS 3000

/* Packets that are handed over between two looks at the sockets. */
#define PACKETS_MAX 64

/*
 * What LKL gets it is told of together: when there is so much, or when nothing
 * else is to be done at once. Whether there is costs a call of the host, so it
 * is asked where the answer has been yes lately, and now and then.
 */
#define BATCH_BYTES (16 * 1024)
#define BATCH_TURNS 16
#define ASK_EACH 16

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
	const struct iovec iov[2] = {
		{ (void *)header, sizeof(header) },
		{ (void *)buf, len },
	};

	/* Waits until there is room; the kernel on the other side never does. */
	while (!is_closing(s)) {
		if (ring_put(&s->in, iov, 2)) {
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

static void ignore_fd(int fd, void *opaque)
{
	(void)fd;
	(void)opaque;
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
	.register_poll_fd = ignore_fd,
	.unregister_poll_fd = ignore_fd,
	.notify = notify,
};

/* The library's bits have the meaning of poll(2)'s. */
static const struct {
	int theirs;
	short ours;
} events[] = {
	{ SLIRP_POLL_IN, POLLIN },
	{ SLIRP_POLL_OUT, POLLOUT },
	{ SLIRP_POLL_PRI, POLLPRI },
	{ SLIRP_POLL_ERR, POLLERR },
	{ SLIRP_POLL_HUP, POLLHUP },
};

#define EVENTS (sizeof(events) / sizeof(events[0]))

static int add_poll(int fd, int wanted, void *opaque)
{
	struct slirp *s = opaque;
	struct pollfd p = { .fd = fd };
	struct pollfd *more;
	unsigned int i;

	if (s->fd_count == s->fd_room) {
		more = realloc(s->fds, 2 * s->fd_room * sizeof(*more));
		if (!more)
			return -1;
		s->fds = more;
		s->fd_room *= 2;
	}
	for (i = 0; i < EVENTS; i++)
		if (wanted & events[i].theirs)
			p.events |= events[i].ours;
	s->fds[s->fd_count] = p;
	return s->fd_count++;
}

static int get_revents(int index, void *opaque)
{
	struct slirp *s = opaque;
	unsigned int i;
	int seen = 0;

	for (i = 0; index >= 0 && i < EVENTS; i++)
		if (s->fds[index].revents & events[i].ours)
			seen |= events[i].theirs;
	return seen;
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

/* Hands over a packet, or answers it. */
static void take_packet(struct slirp *s, const uint8_t *packet, size_t len)
{
	uint8_t answer[PING6_ANSWER_MAX];
	size_t refused = slirp_ping6_refuse(packet, len, answer);

	if (refused) {
		send_packet(answer, refused, s);
		return;
	}
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
			return false;
		checksum_complete(packet, len);
		take_packet(s, packet + VNET_HDR_LEN, len - VNET_HDR_LEN);
		if (ring_pop(&s->out))
			slirp_wake(s->b.fd);
	}
	return true;
}

/* Looks whether there is something to be done at once. Return: as poll(2). */
static int ask(struct slirp *s)
{
	static const struct timespec at_once;
	int n = 0;

	if (s->untold && (s->busy || !(++s->turns % ASK_EACH)) &&
	    ++s->put_off <= BATCH_TURNS) {
		n = host_poll(s->fds, s->fd_count, &at_once);
		s->busy = n > 0 ? ASK_EACH : s->busy - !!s->busy;
	}
	return n;
}

/* One wait. Return: whether some socket of the host is to be written to. */
static bool turn(struct slirp *s, uint32_t most)
{
	uint32_t timeout = slirp_timers_left(&s->timers, most);
	bool writing = false;
	struct timespec ts;
	uint64_t woken;
	unsigned int i;
	int n;

	s->fds[0] = (struct pollfd){ .fd = s->wake, .events = POLLIN };
	s->fd_count = 1;
	pollfds_fill(s->library, &timeout, add_poll, s);
	if (s->resolved)
		timeout = 0;
	s->resolved = false;
	for (i = 1; i < s->fd_count; i++)
		writing |= s->fds[i].events & POLLOUT;
	ts.tv_sec = timeout / 1000;
	ts.tv_nsec = timeout % 1000 * NSEC_PER_MSEC;
	n = ask(s);
	if (n <= 0) {
		tell(s);
		n = host_poll(s->fds, s->fd_count,
			      timeout == UINT32_MAX ? NULL : &ts);
	}
	if (n > 0 && s->fds[0].revents)
		host_read(s->wake, &woken, sizeof(woken));
	pollfds_poll(s->library, n < 0, get_revents, s);
	slirp_timers_run(&s->timers);
	return writing;
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

/*
 * The library lets one connection wait for each port: of sixteen that come at
 * once the host drops most, and their clients try again after a second.
 */
static void lengthen_queues(struct slirp *s)
{
	uint32_t timeout = 0;
	unsigned int i;

	s->fd_count = 0;
	pollfds_fill(s->library, &timeout, add_poll, s);
	for (i = 0; i < s->fd_count; i++)
		/* Those that do not listen, of UDP, refuse. */
		host_listen(s->fds[i].fd, SOMAXCONN);
}

static void set_up(struct slirp *s)
{
	SlirpConfig config = {
		.version = 1,
		.in_enabled = true,
		.in6_enabled = true,
		.vprefix_len = USER_NET_MASKLEN6,
		.if_mtu = USER_NET_MTU,
		.if_mru = USER_NET_MTU,
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
						 &s->ports[i]);
		s->failed = i;
	}
	if (s->library)
		lengthen_queues(s);
}

void *slirp_serve(void *arg)
{
	struct slirp *s = arg;
	unsigned long long end;

	host_prctl(PR_SET_NAME, (unsigned long)"lkl-slirp");
	own_descriptors(s);
	set_up(s);
	__atomic_store_n(&s->ready, 1, __ATOMIC_RELEASE);
	host_futex_wake(&s->ready, 1);
	if (!s->library)
		return NULL;
	while (!is_closing(s))
		turn(s, take_packets(s) ? 0 : UINT32_MAX);
	while (take_packets(s))
		;
	/* What LKL has sent, and the library acknowledged, is to arrive. */
	end = posix_time() + LINGER_MS * NSEC_PER_MSEC;
	while (turn(s, 100) && posix_time() < end)
		;
	cleanup(s->library);
	return NULL;
}
