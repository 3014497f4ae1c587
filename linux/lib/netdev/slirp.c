// SPDX-License-Identifier: GPL-2.0-only
/*
 * libslirp: packets are translated to the sockets of an ordinary user, in this
 * process.
 *
 * A thread of its own runs the library, at the other end of a socket. It has a
 * descriptor table of its own, too, so that the program never meets the
 * library's sockets.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/close_range.h>
#include <linux/if_ether.h>
#include <netinet/icmp6.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include "../host.h"
#include "../own_fds.h"
#include "../posix.h"
#include "plugin.h"
#include "publish.h"
#include "slirp_abi.h"
#include "user_net.h"

#define NSEC_PER_MSEC 1000000ULL

/* For what the program has sent when it ends, milliseconds. */
#define LINGER_MS 3000

#define TIMERS 4

/* Of a frame with IPv6 and ICMPv6: where the fields are. */
#define NEXT_HEADER (ETH_HLEN + 6)
#define NEIGHBOUR_TYPE (ETH_HLEN + 40)

static typeof(slirp_new) *new_;
static typeof(slirp_cleanup) *cleanup;
static typeof(slirp_pollfds_fill) *pollfds_fill;
static typeof(slirp_pollfds_poll) *pollfds_poll;
static typeof(slirp_input) *input;
static typeof(slirp_add_hostxfwd) *add_hostxfwd;

static const struct plugin_symbol symbols[] = {
	{ "slirp_new", (void **)&new_ },
	{ "slirp_cleanup", (void **)&cleanup },
	{ "slirp_pollfds_fill", (void **)&pollfds_fill },
	{ "slirp_pollfds_poll", (void **)&pollfds_poll },
	{ "slirp_input", (void **)&input },
	{ "slirp_add_hostxfwd", (void **)&add_hostxfwd },
	{ NULL, NULL }
};

struct timer {
	SlirpTimerCb call;
	void *arg;
	unsigned long long at;	/* ns; 0 when it does not run */
};

/**
 * struct slirp - its state; all but @b and @thread is the thread's
 * @fd: the thread's end of the socket.
 * @ports, @port_count: to be published.
 * @failed, @publish_error: the one that could not be, and why; or 0.
 * @ready: a futex: 1 when the thread has set up everything, or failed to.
 * @fds, @fd_count, @fd_room: what to wait for; the socket is the first.
 * @packet: the one that is handed over.
 * @resolved: what the library keeps for want of an address can leave now; it
 *	does so after a wait, and drops what is a second old.
 */
struct slirp {
	struct backend b;
	pthread_t thread;
	int fd;
	Slirp *library;
	struct published_port ports[PUBLISH_MAX];
	int port_count;
	int failed;
	int publish_error;
	unsigned int ready;
	struct timer timers[TIMERS];
	struct pollfd *fds;
	unsigned int fd_count;
	unsigned int fd_room;
	uint8_t packet[BACKEND_FRAME_MAX];
	bool resolved;
};

/* ------------------------------------------------------------------------ */
/* What the library calls                                                    */

static ssize_t send_packet(const void *buf, size_t len, void *opaque)
{
	struct slirp *s = opaque;
	struct iovec iov = { (void *)buf, len };
	const struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	/* Waits until there is room; the kernel on the other side never does. */
	return host_sendmsg(s->fd, &msg, MSG_NOSIGNAL);
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
	struct timer *t = s->timers;

	while (t < s->timers + TIMERS - 1 && t->call)
		t++;
	*t = (struct timer){ call, arg, 0 };
	return t;
}

static void timer_free(void *timer, void *opaque)
{
	(void)opaque;
	*(struct timer *)timer = (struct timer){ 0 };
}

static void timer_mod(void *timer, int64_t ms, void *opaque)
{
	(void)opaque;
	((struct timer *)timer)->at = ms * NSEC_PER_MSEC;
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

/* Hands over what LKL has sent. Return: false when it sends no more. */
static bool take_packets(struct slirp *s)
{
	struct iovec iov = { s->packet, sizeof(s->packet) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t len;

	while ((len = host_recvmsg(s->fd, &msg, MSG_DONTWAIT)) > 0) {
		input(s->library, s->packet, len);
		s->resolved |= resolves(s->packet, len);
	}
	return len == -EAGAIN || len == -EINTR;
}

static void run_timers(struct slirp *s)
{
	struct timer *t;

	for (t = s->timers; t < s->timers + TIMERS; t++) {
		if (!t->at || t->at > posix_time())
			continue;
		t->at = 0;
		t->call(t->arg);
	}
}

/* Milliseconds, rounded up, until the first of them is due. */
static uint32_t until_timer(const struct slirp *s, uint32_t most)
{
	unsigned long long now = posix_time(), left;
	const struct timer *t;

	for (t = s->timers; t < s->timers + TIMERS; t++) {
		if (!t->at)
			continue;
		left = t->at > now ? t->at - now : 0;
		left = (left + NSEC_PER_MSEC - 1) / NSEC_PER_MSEC;
		if (left < most)
			most = left;
	}
	return most;
}

/* One wait. Return: whether some socket of the host is to be written to. */
static bool turn(struct slirp *s, uint32_t most)
{
	uint32_t timeout = until_timer(s, most);
	bool writing = false;
	struct timespec ts;
	unsigned int i;
	int n;

	s->fds[0] = (struct pollfd){ .fd = s->fd, .events = POLLIN };
	s->fd_count = 1;
	pollfds_fill(s->library, &timeout, add_poll, s);
	if (s->resolved)
		timeout = 0;
	s->resolved = false;
	for (i = 1; i < s->fd_count; i++)
		writing |= s->fds[i].events & POLLOUT;
	ts.tv_sec = timeout / 1000;
	ts.tv_nsec = timeout % 1000 * NSEC_PER_MSEC;
	n = host_poll(s->fds, s->fd_count, timeout == UINT32_MAX ? NULL : &ts);
	pollfds_poll(s->library, n < 0, get_revents, s);
	run_timers(s);
	return writing;
}

/* Nothing of the program's; and what opens here is not seen there. */
static void own_descriptors(struct slirp *s)
{
	int null, i;

	if (host_close_range(0, s->fd - 1, CLOSE_RANGE_UNSHARE))
		return;		/* an old host: they are shared */
	host_close_range(s->fd + 1, ~0U, 0);
	null = host_open("/dev/null", O_RDWR);
	for (i = 1; i <= 2 && null >= 0; i++)
		host_fcntl(null, F_DUPFD_CLOEXEC, i);
}

/* Publishes a port of an address. Return: 0 or a negative errno. */
static int publish_v4(struct slirp *s, const struct published_port *p,
		      const char *address)
{
	struct sockaddr_in host = {
		.sin_family = AF_INET,
		.sin_port = htons(p->host),
	}, guest = {
		.sin_family = AF_INET,
		.sin_port = htons(p->guest),
	};

	inet_pton(AF_INET, address, &host.sin_addr);
	inet_pton(AF_INET, USER_NET_IP, &guest.sin_addr);
	return add_hostxfwd(s->library, (struct sockaddr *)&host, sizeof(host),
			    (struct sockaddr *)&guest, sizeof(guest),
			    p->udp ? SLIRP_HOSTFWD_UDP : 0) ? -errno : 0;
}

static int publish_v6(struct slirp *s, const struct published_port *p,
		      const char *address)
{
	struct sockaddr_in6 host = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(p->host),
	}, guest = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(p->guest),
	};

	inet_pton(AF_INET6, address, &host.sin6_addr);
	inet_pton(AF_INET6, USER_NET_IP6, &guest.sin6_addr);
	return add_hostxfwd(s->library, (struct sockaddr *)&host, sizeof(host),
			    (struct sockaddr *)&guest, sizeof(guest),
			    SLIRP_HOSTFWD_V6ONLY |
			    (p->udp ? SLIRP_HOSTFWD_UDP : 0)) ? -errno : 0;
}

static int publish(struct slirp *s, const struct published_port *p)
{
	int err;

	if (strchr(p->address, ':'))
		return publish_v6(s, p, p->address);
	err = publish_v4(s, p, *p->address ? p->address : "0.0.0.0");
	if (err || *p->address)
		return err;
	err = publish_v6(s, p, "::");
	/* A host without IPv6 lacks nothing. */
	return err == -EAFNOSUPPORT || err == -EADDRNOTAVAIL ? 0 : err;
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
		s->publish_error = publish(s, &s->ports[i]);
		s->failed = i;
	}
	if (s->library)
		lengthen_queues(s);
}

static void *serve(void *arg)
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
	while (take_packets(s))
		turn(s, UINT32_MAX);
	/* What LKL has sent, and the library acknowledged, is to arrive. */
	host_close(s->fd);
	s->fd = -1;
	end = posix_time() + LINGER_MS * NSEC_PER_MSEC;
	while (turn(s, 100) && posix_time() < end)
		;
	cleanup(s->library);
	return NULL;
}

/* ------------------------------------------------------------------------ */
/* The backend: the other end of the socket                                  */

static ssize_t slirp_rx(struct backend *b, const struct iovec *iov, int n)
{
	struct msghdr msg = { .msg_iov = (struct iovec *)iov, .msg_iovlen = n };

	return host_recvmsg(b->fd, &msg, MSG_DONTWAIT);
}

static ssize_t slirp_tx(struct backend *b, const struct iovec *iov, int n)
{
	const struct msghdr msg = {
		.msg_iov = (struct iovec *)iov,
		.msg_iovlen = n,
	};
	ssize_t len = host_sendmsg(b->fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);

	return len >= 0 || len == -EAGAIN || len == -EPIPE ? len : 0;
}

static void slirp_close(struct backend *b)
{
	struct slirp *s = (struct slirp *)b;

	own_fd_close(b->fd);
	pthread_join(s->thread, NULL);
	free(s->fds);
	free(s);
}

static const struct backend_ops slirp_ops = {
	.rx = slirp_rx,
	.tx = slirp_tx,
	.close = slirp_close,
};

/* Return: 0 or a negative errno. */
static int start_thread(struct slirp *s)
{
	/* Signals are for the program's threads; but 32 and 33 are libc's own. */
	const uint64_t most = ~(3ULL << 31);
	uint64_t old;
	int err;

	host_sigmask(SIG_SETMASK, &most, &old);
	err = pthread_create(&s->thread, NULL, serve, s);
	host_sigmask(SIG_SETMASK, &old, NULL);
	while (!err && !__atomic_load_n(&s->ready, __ATOMIC_ACQUIRE))
		host_futex_wait(&s->ready, 0, NULL);
	return -err;
}

/* Makes the socket that joins the two sides. Return: 0 or a negative errno. */
static int join(struct slirp *s)
{
	int pair[2];
	int err = host_socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, pair);

	if (err)
		return err;
	s->b.fd = host_fd_hide(pair[0]);
	s->fd = host_fd_hide(pair[1]);
	return 0;
}

/* An error of the host's: -EBUSY where a program above may have the port. */
static int explain_port(const struct published_port *p, int err,
			struct backend_error *error)
{
	const char *address = *p->address ? p->address : "any address";

	if (err == -EADDRINUSE)
		return backend_fail(error, -EBUSY,
			"type 'slirp': port %u of %s cannot be published: another program of the host has it: choose another one",
			p->host, address);
	if (err == -EACCES)
		return backend_fail(error, err,
			"type 'slirp': port %u of %s cannot be published: ports below 1024 need CAP_NET_BIND_SERVICE: choose another one, or lower net.ipv4.ip_unprivileged_port_start",
			p->host, address);
	return backend_fail(error, err,
		"type 'slirp': port %u of %s cannot be published: %s: choose an address of this host",
		p->host, address, strerror(-err));
}

static int start(struct slirp *s, struct backend_error *error)
{
	int err;

	s->fd_room = 64;
	s->fds = malloc(s->fd_room * sizeof(*s->fds));
	err = s->fds ? join(s) : -ENOMEM;
	if (!err) {
		err = start_thread(s);
		if (err) {
			host_close(s->b.fd);
			host_close(s->fd);
		}
	}
	if (err) {
		free(s->fds);
		free(s);
		return backend_fail(error, err, "type 'slirp': %s",
				    strerror(-err));
	}
	if (!s->library)
		err = backend_fail(error, -ENOTSUP,
			"type 'slirp': libslirp does not start: install another version of the package libslirp0");
	else if (s->publish_error)
		err = explain_port(&s->ports[s->failed], s->publish_error,
				   error);
	if (err)
		slirp_close(&s->b);
	return err;
}

int slirp_open(const char *param, struct backend **backend,
	       struct backend_error *error)
{
	struct slirp *s = backend_new(sizeof(*s), &slirp_ops, -1);
	int err;

	if (!s)
		return backend_fail(error, -ENOMEM, "type 'slirp': %s",
				    strerror(ENOMEM));
	s->port_count = publish_parse(param, s->ports, error);
	err = s->port_count < 0 ? s->port_count :
	      plugin_load("libslirp.so.0", "libslirp0", symbols, error);
	if (err) {
		free(s);
		return err;
	}
	err = start(s, error);
	if (err)
		return err;
	s->b.network = &slirp_network;
	*backend = &s->b;
	return 0;
}
