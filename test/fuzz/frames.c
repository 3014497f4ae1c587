// SPDX-License-Identifier: GPL-2.0-or-later
/* time limit: 200 s */
/*
 * What a backend hands over may be anything: malformed frames, absurd headers of
 * virtio-net, random bytes, and the device and the kernel behind it go on.
 *
 *   fuzz-frames [SECONDS [SEED]]     so long; without arguments a few thousand
 *                                    frames that are always the same
 *   fuzz-frames --replay FILE        the last frames of a run that has failed
 *
 * The library is compiled with sanitizers and runs with the real kernel: eth0
 * takes frames with headers of virtio-net, eth1 plain ones, the kernel forwards
 * between the two, and servers listen. Every so often the kernel has to answer a
 * ping; its log may have no warning.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <lkl.h>
#include "check.h"
#include "frame.h"
#include "host.h"
#include "virtio_net.h"

#define SHORT_FRAMES 6000
#define SHORT_SEED 1
#define PING_EVERY 500
#define PLUG_EVERY 2500
#define CONNECT_EVERY 100
#define PING_TRIES 1200
#define KEPT 256

#define NETS 2
#define FAILED_FILE "fuzz-frames.failed"

/* A frame that was sent, for the record. */
struct record {
	unsigned int net;
	struct frame frame;
};

static struct wire wires[NETS];
static int ends[NETS];		/* our ends of the devices' sockets */
static int vnet_fd;		/* the device's end of the first */
static struct record kept[KEPT];
static unsigned long frames;
static unsigned long pongs;
static _Atomic unsigned long echoed, accepted;
static unsigned long long seed;
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static char log_text[1 << 20];
static size_t log_length;

const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	/* The kernel's memory is not the allocator's; stacks are the kernel's. */
	return "detect_leaks=0:abort_on_error=1:detect_stack_use_after_return=0";
}

/* ------------------------------------------------------------------------ */
/* Failing                                                                   */

static void keep_record(void)
{
	int fd = open(FAILED_FILE, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	unsigned long i;

	for (i = frames > KEPT ? frames - KEPT : 0; fd >= 0 && i < frames; i++)
		if (write(fd, &kept[i % KEPT], sizeof(*kept)) < 0)
			break;
}

static void failed(const char *why)
{
	fprintf(stderr,
		"fuzz-frames: %s, seed %llu, after %lu frames; the last are in %s\n",
		why, seed, frames, FAILED_FILE);
	keep_record();
}

static void aborted(int signal)
{
	(void)signal;
	failed("aborted");
	_exit(1);
}

static void print(const char *text, unsigned int len)
{
	pthread_mutex_lock(&log_lock);
	if (len > sizeof(log_text) - 1 - log_length)
		log_length = 0;
	memcpy(log_text + log_length, text, len);
	log_length += len;
	pthread_mutex_unlock(&log_lock);
}

/* Looks for what the kernel says of itself, not of the frames. */
static void check_log(void)
{
	static const char *const findings[] = {
		"WARNING:", "BUG:", "cut here", "Oops", "UBSAN",
		"general protection", "hw csum failure", "refcount_t",
		"Kernel panic", "soft lockup", "Call Trace", "use-after-free",
		"unregister_netdevice:",
	};
	size_t i;

	pthread_mutex_lock(&log_lock);
	log_text[log_length] = '\0';
	for (i = 0; i < sizeof(findings) / sizeof(findings[0]); i++) {
		if (!strstr(log_text, findings[i]))
			continue;
		fprintf(stderr, "%s\n", log_text);
		failed(findings[i]);
		_exit(1);
	}
	log_length = 0;
	pthread_mutex_unlock(&log_lock);
}

/* ------------------------------------------------------------------------ */
/* The kernel and what runs in it                                            */

static ssize_t vnet_rx(struct backend *b, const struct iovec *iov, int n)
{
	struct msghdr msg = { .msg_iov = (struct iovec *)iov, .msg_iovlen = n };

	return host_recvmsg(b->fd, &msg, MSG_DONTWAIT);
}

static ssize_t vnet_tx(struct backend *b, const struct iovec *iov, int n)
{
	const struct msghdr msg = {
		.msg_iov = (struct iovec *)iov, .msg_iovlen = n,
	};
	ssize_t len = host_sendmsg(b->fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);

	return len >= 0 || len == -EAGAIN ? len : 0;
}

static const struct backend_ops vnet_ops = {
	.rx = vnet_rx,
	.tx = vnet_tx,
	.close = backend_close,
};

/* In place of the library's: a socket whose packets have headers. */
int loop_open(const struct lkl_netdev_args *args, struct backend **backend,
	      struct backend_error *error)
{
	(void)args;
	(void)error;
	*backend = backend_new(sizeof(**backend), &vnet_ops, vnet_fd);
	(*backend)->vnet_hdr = true;
	(*backend)->features = VIRTIO_NET_F_MRG_RXBUF |
			       VIRTIO_NET_GUEST_OFFLOADS |
			       VIRTIO_NET_HOST_OFFLOADS;
	return 0;
}

static int add(const char *type, int fd, unsigned int net)
{
	struct lkl_netdev_args args = {
		.type = type, .offload = LKL_OFFLOAD_DEFAULT,
		.mac = { 2, 0, 0, 0, net, SELF },
	};
	char error[256] = "", number[16];
	int id;

	if (fd >= 0) {
		snprintf(number, sizeof(number), "%d", fd);
		args.param = number;
	}
	id = lkl_netdev_add(&args, error, sizeof(error));
	if (id < 0)
		fprintf(stderr, "%s\n", error);
	CHECK(id >= 0);
	return id;
}

static void configure(int id, unsigned int net)
{
	static const unsigned char mac[6] = { 2, 0, 0, 0, 0, PEER };
	unsigned char v4[4] = { 10, 0, net, SELF };
	unsigned char v6[16] = { 0xfd, 0, 0, net, [15] = SELF };
	int ifindex = lkl_netdev_ifindex(id);

	CHECK(ifindex > 0);
	CHECK_EQ(lkl_if_up(ifindex), 0);
	CHECK_EQ(lkl_if_add_ip(ifindex, AF_INET, v4, 24), 0);
	CHECK_EQ(lkl_if_add_ip(ifindex, AF_INET6, v6, 64), 0);
	v4[3] = PEER;
	v6[15] = PEER;
	CHECK_EQ(lkl_neigh_add(ifindex, AF_INET, v4, mac), 0);
	CHECK_EQ(lkl_neigh_add(ifindex, AF_INET6, v6, mac), 0);
}

static void *serve_udp(void *arg)
{
	struct sockaddr_in6 addr = {
		.sin6_family = AF_INET6, .sin6_port = htons(SERVER_PORT),
	};
	static char buf[65536];
	struct lkl_sockaddr_storage peer;
	long fd = lkl_sys_socket(AF_INET6, SOCK_DGRAM, 0), n;
	int len;

	CHECK_EQ(lkl_sys_bind(fd, (struct lkl_sockaddr *)&addr, sizeof(addr)),
		 0);
	for (;;) {
		len = sizeof(peer);
		n = lkl_sys_recvfrom(fd, buf, sizeof(buf), 0,
				     (struct lkl_sockaddr *)&peer, &len);
		if (n < 0)
			continue;
		echoed++;
		lkl_sys_sendto(fd, buf, n, LKL_MSG_DONTWAIT,
			       (struct lkl_sockaddr *)&peer, len);
	}
	return arg;
}

static void *serve_tcp(void *arg)
{
	struct sockaddr_in6 addr = {
		.sin6_family = AF_INET6, .sin6_port = htons(SERVER_PORT),
	};
	const struct timeval soon = { .tv_usec = 50000 };
	long fd = lkl_sys_socket(AF_INET6, SOCK_STREAM, 0), c, n;
	static char buf[65536];

	CHECK_EQ(lkl_sys_bind(fd, (struct lkl_sockaddr *)&addr, sizeof(addr)),
		 0);
	CHECK_EQ(lkl_sys_listen(fd, 16), 0);
	for (;;) {
		c = lkl_sys_accept(fd, NULL, NULL);
		if (c < 0)
			continue;
		accepted++;
		lkl_sys_setsockopt(c, LKL_SOL_SOCKET, LKL_SO_RCVTIMEO_NEW,
				   (char *)&soon, sizeof(soon));
		while ((n = lkl_sys_recvfrom(c, buf, sizeof(buf), 0, NULL,
					     NULL)) > 0)
			lkl_sys_sendto(c, buf, n, LKL_MSG_DONTWAIT, NULL, 0);
		lkl_sys_close(c);
	}
	return arg;
}

/* All that comes and goes, with the headers that the kernel makes of it. */
static void *capture(void *arg)
{
	long fd = lkl_sys_socket(AF_PACKET, SOCK_RAW, htons(3));
	const int on = 1;
	static char buf[70000];

	CHECK(fd >= 0);
	lkl_sys_setsockopt(fd, 263, 15, (char *)&on, sizeof(on));
	for (;;)
		lkl_sys_recvfrom(fd, buf, sizeof(buf), 0, NULL, NULL);
	return arg;
}

static void start_kernel(void)
{
	static void *(*const servers[])(void *) = {
		serve_udp, serve_tcp, capture,
	};
	static const char *const settings[] = {
		"net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding",
		"net/ipv6/conf/all/accept_dad",
	};
	int pair[2], ids[NETS];
	pthread_t thread;
	size_t i;

	CHECK_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	ends[0] = pair[0];
	vnet_fd = pair[1];
	ids[0] = add("loop", -1, 0);
	CHECK_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	ends[1] = pair[0];
	ids[1] = add("fd", pair[1], 1);
	lkl_set_print(print);
	CHECK_EQ(lkl_start_kernel("mem=128M"), 0);
	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		lkl_sysctl_write(settings[i], i < 2 ? "1" : "0");
	for (i = 0; i < NETS; i++) {
		wires[i] = (struct wire){
			.net = i, .mac = { 2, 0, 0, 0, i, SELF },
		};
		configure(ids[i], i);
	}
	for (i = 0; i < sizeof(servers) / sizeof(servers[0]); i++)
		CHECK_EQ(pthread_create(&thread, NULL, servers[i], NULL), 0);
}

/* ------------------------------------------------------------------------ */
/* The other end                                                             */

/* Reads what the kernel sends. */
static bool drain(unsigned int net, uint16_t number)
{
	static uint8_t buf[1 << 17];
	size_t header = net ? 0 : VNET_LEN;
	bool pong = false;
	ssize_t n;

	while ((n = recv(ends[net], buf, sizeof(buf), MSG_DONTWAIT)) >= 0) {
		if ((size_t)n <= header)
			continue;
		frame_learn(buf + header, n - header, &wires[net]);
		pong |= frame_is_pong(buf + header, n - header, number);
	}
	return pong;
}

static bool drain_all(uint16_t number)
{
	bool pong = false;
	unsigned int net;

	for (net = 0; net < NETS; net++)
		pong |= drain(net, number);
	return pong;
}

static void send_frame(unsigned int net, struct frame *f)
{
	struct iovec iov[2] = {
		{ f->vnet, net ? 0 : VNET_LEN }, { f->data, f->len },
	};
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };
	struct pollfd p = { .fd = ends[net], .events = POLLOUT };

	/* An empty message is the end of such a socket. */
	if (net && !f->len)
		return;
	while (sendmsg(ends[net], &msg, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
		CHECK(errno == EAGAIN);
		drain_all(0);
		poll(&p, 1, 10);
	}
}

static void ping(unsigned int net)
{
	struct pollfd p = { .fd = ends[net], .events = POLLIN };
	static struct frame f;
	static uint16_t number;
	int tries;

	frame_ping(&f, &wires[net], ++number);
	/* By the clock, a machine that stood still would be the kernel's fault. */
	for (tries = 0; tries < PING_TRIES; tries++) {
		send_frame(net, &f);
		poll(&p, 1, 50);
		if (drain_all(number))
			break;
	}
	if (tries == PING_TRIES) {
		fprintf(stderr, "%s\n", log_text);
		failed("the kernel answers no more");
		_exit(1);
	}
	pongs++;
}

/* A connection that frames to come may belong to. */
static void connect_one(unsigned int net, uint64_t *state)
{
	unsigned int c = random_below(state, CONNECTIONS), tries;
	struct pollfd p = { .fd = ends[net], .events = POLLIN };
	struct wire *w = &wires[net];
	static struct frame f;
	uint32_t ack;

	drain_all(0);
	ack = w->ack[c];
	w->seq[c] = random_below(state, ~0U);
	frame_tcp(&f, w, c, 0x02);
	send_frame(net, &f);
	for (tries = 0; tries < 10 && w->ack[c] == ack; tries++) {
		poll(&p, 1, 5);
		drain_all(0);
	}
	frame_tcp(&f, w, c, 0x10);
	send_frame(net, &f);
}

/* A device on a stream that soon makes no sense: the link is lost, and it goes. */
static void plug(uint64_t *state)
{
	static struct frame f;
	uint32_t length;
	int pair[2], id, n;

	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	id = add("fd", pair[1], 2);
	CHECK_EQ(lkl_if_up(lkl_netdev_ifindex(id)), 0);
	for (n = random_below(state, 20); n; n--) {
		frame_make(&f, &wires[1], state);
		length = htonl(random_below(state, 8) ? f.len :
						       random_below(state, ~0U));
		if (send(pair[0], &length, 4, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ||
		    send(pair[0], f.data, f.len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
			break;
	}
	/* The kernel looks at some of it before. */
	ping(1);
	CHECK_EQ(lkl_netdev_remove(id), 0);
	close(pair[0]);
}

static void run(unsigned long count, time_t end)
{
	uint64_t state = seed * 0x9e3779b97f4a7c15ULL + 1;
	unsigned int net;

	while (count ? frames < count : time(NULL) < end) {
		struct record *r = &kept[frames % KEPT];

		net = random_below(&state, 3) == 0;
		r->net = net;
		frame_make(&r->frame, &wires[net], &state);
		frames++;
		send_frame(net, &r->frame);
		if (!(frames % 16))
			drain_all(0);
		if (!(frames % PING_EVERY)) {
			ping(0);
			ping(1);
			check_log();
		}
		if (!(frames % CONNECT_EVERY))
			connect_one(net, &state);
		if (!(frames % PLUG_EVERY))
			plug(&state);
	}
}

static void replay(const char *file)
{
	static struct record r;
	int fd = open(file, O_RDONLY);

	CHECK(fd >= 0);
	while (read(fd, &r, sizeof(r)) == sizeof(r)) {
		kept[frames++ % KEPT] = r;
		send_frame(r.net, &r.frame);
		drain_all(0);
		ping(r.net);
		check_log();
	}
}

int main(int argc, char **argv)
{
	unsigned long seconds = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;

	seed = argc > 2 ? strtoull(argv[2], NULL, 10) :
	       seconds ? (unsigned long long)time(NULL) : SHORT_SEED;
	signal(SIGABRT, aborted);
	start_kernel();
	ping(0);
	ping(1);
	if (argc == 3 && !strcmp(argv[1], "--replay"))
		replay(argv[2]);
	else
		run(seconds ? 0 : SHORT_FRAMES, time(NULL) + seconds);
	check_log();
	printf("seed %llu: %lu frames, %lu pings answered, %lu datagrams, %lu connections\n",
	       seed, frames, pongs, echoed, accepted);
	/* They come beyond the first checks. */
	CHECK(echoed && accepted);
	fflush(stdout);
	/* The servers run for ever. */
	_exit(0);
}
