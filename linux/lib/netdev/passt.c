// SPDX-License-Identifier: GPL-2.0-only
/*
 * passt, passt(1): a process that translates packets to the sockets of an
 * ordinary user. It is reached by a stream socket; where no one is named, a
 * process is started that ends with ours.
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include "../burst.h"
#include "../host.h"
#include "backend.h"
#include "checksum.h"
#include "publish.h"
#include "spawn.h"
#include "user_net.h"

/* Of stream_backend(). */
static const struct backend_ops *stream_ops;

/* "ADDRESS/65535:65535" */
#define PORT_SIZE (INET6_ADDRSTRLEN + 12)

/* Those without ports, and two for each port. */
#define ARGS_MAX (24 + 2 * PUBLISH_MAX)

/* A frame with an advertisement of a neighbour (RFC 4861). */
struct advertisement {
	uint8_t to[ETH_ALEN];
	uint8_t from[ETH_ALEN];
	uint16_t type;
	uint32_t version;
	uint16_t payload;
	uint8_t next_header;
	uint8_t hop_limit;
	uint8_t source[16];
	uint8_t destination[16];
	uint8_t icmp_type;
	uint8_t code;
	uint16_t checksum;
	uint32_t flags;
	uint8_t target[16];
	uint8_t option;
	uint8_t option_length;
	uint8_t address[ETH_ALEN];
} __attribute__((packed));

#define ICMP_BYTES 32

/*
 * passt learns LKL's addresses from what it gets, and what comes to a published
 * port it passes on at once, to whatever it knows, and not again. So before LKL
 * says anything, this does: its MAC address, and the one that IPv6 makes of that.
 */
static void announce(int fd, const uint8_t mac[ETH_ALEN])
{
	const uint8_t own[16] = {
		0xfe, 0x80, [8] = mac[0] ^ 2, mac[1], mac[2], 0xff,
		0xfe, mac[3], mac[4], mac[5],
	};
	struct advertisement a = {
		.to = { 0x33, 0x33, 0, 0, 0, 1 },
		.type = htons(ETH_P_IPV6),
		.version = htonl(6U << 28),
		.payload = htons(ICMP_BYTES),
		.next_header = IPPROTO_ICMPV6,
		.hop_limit = 255,
		.destination = { 0xff, 2, [15] = 1 },
		.icmp_type = 136,
		/* What is in the sum besides: length and protocol. */
		.checksum = htons(ICMP_BYTES + IPPROTO_ICMPV6),
		.flags = htonl(1U << 29),	/* override */
		.option = 2,
		.option_length = 1,
	};
	uint32_t length = htonl(sizeof(a));
	struct iovec iov[] = { { &length, sizeof(length) }, { &a, sizeof(a) } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };

	memcpy(a.from, mac, ETH_ALEN);
	memcpy(a.address, mac, ETH_ALEN);
	memcpy(a.source, own, sizeof(own));
	memcpy(a.target, own, sizeof(own));
	a.checksum = ~checksum_sum(a.source, 2 * sizeof(own) + ICMP_BYTES);
	/* The first on this socket: it fits, or nobody is there. */
	host_sendmsg(fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/*
 * Packets that IPv6 sends from no address, as it does until it is sure of its own,
 * get no answer, but passt takes that for LKL's address.
 */
static bool is_from_nobody(const struct iovec *iov)
{
	static const uint8_t nobody[16];
	const struct advertisement *frame = iov->iov_base;

	return iov->iov_len >= offsetof(struct advertisement, icmp_type) &&
	       frame->type == htons(ETH_P_IPV6) &&
	       !memcmp(frame->source, nobody, sizeof(nobody));
}

static int passt_tx_burst(struct backend *b, struct burst_write *packets,
			  unsigned int n)
{
	unsigned int i = 0;

	while (i < n && !is_from_nobody(packets[i].iov))
		i++;
	return i ? stream_ops->tx_burst(b, packets, i) : 1;
}

static int connect_to(const char *path, struct backend_error *error)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, err;

	if (strlen(path) >= sizeof(addr.sun_path))
		return backend_fail(error, -ENAMETOOLONG,
			"param '%s': the path of a socket has at most %zu characters",
			path, sizeof(addr.sun_path) - 1);
	strcpy(addr.sun_path, path);
	fd = host_fd_hide(host_socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
	if (fd < 0)
		return backend_fail(error, fd, "param '%s': socket: %s", path,
				    strerror(-fd));
	err = host_connect(fd, &addr, sizeof(addr));
	if (!err)
		return fd;
	host_close(fd);
	if (err == -EACCES)
		return backend_fail(error, err,
			"param '%s': no permission to connect: run passt as the same user",
			path);
	return backend_fail(error, err,
		"param '%s': no passt listens there (%s): start it with: passt --socket %s, or leave 'param' empty",
		path, strerror(-err), path);
}

/* Appends the ports of one protocol to passt's options; where there are none: "none". */
static int add_ports(const char **args, const char *option,
		     char text[][PORT_SIZE], const struct published_port *ports,
		     int n, bool udp)
{
	int count = 0;

	for (; n--; ports++, text++) {
		if (ports->udp != udp)
			continue;
		snprintf(*text, PORT_SIZE, "%s%s%u:%u", ports->address,
			 *ports->address ? "/" : "", ports->host, ports->guest);
		args[count++] = option;
		args[count++] = *text;
	}
	if (!count) {
		args[count++] = option;
		args[count++] = "none";
	}
	return count;
}

static int explain(int status, const char *said, const char *param,
		   struct backend_error *error)
{
	if (status < 0)
		return backend_fail(error, status,
				    "type 'passt': it cannot be started: %s",
				    strerror(-status));
	if (status == 127)
		return backend_fail(error, -ENOENT,
			"type 'passt': the program 'passt' is not installed: install it (apt install passt), or use type 'slirp'");
	/* A program above this one may have the ports: see hijack/boot.c. */
	if (strstr(said, "bind"))
		return backend_fail(error, -EBUSY,
			"type 'passt', param '%s': %s: a port of the host is another program's, or below 1024 without CAP_NET_BIND_SERVICE, or its address is not this host's: choose another one",
			param, said);
	return backend_fail(error, -ECONNABORTED,
		"type 'passt', param '%s': passt ended with status %d: %s: correct what it says",
		param, status, *said ? said : "it said nothing");
}

/*
 * Runs passt. Ports that are taken may be those of a program that has just
 * ended: its passt sees that a moment later.
 */
static int run(const char *const args[], int fd, char *said, size_t size)
{
	static const struct timespec moment = { 0, 50000000 };
	int tries = 6, status;

	for (;;) {
		status = spawn(args, fd, said, size);
		if (status <= 0 || !strstr(said, "bind") || !--tries)
			return status;
		host_syscall3(SYS_nanosleep, (long)&moment, 0, 0);
	}
}

static int start(const struct lkl_netdev_args *net,
		 struct backend_error *error)
{
	const char *const options[] = {
		"passt", "--quiet", "--fd", "3",
		"--address", net->ip ? net->ip : USER_NET_IP,
		"--netmask", USER_NET_NETMASK,
		"--gateway", USER_NET_GATEWAY,
		"--dns-forward", USER_NET_NAMESERVER,
		"--address", net->ipv6 ? net->ipv6 : USER_NET_IP6,
		"--gateway", USER_NET_GATEWAY6,
		"--dns-forward", USER_NET_NAMESERVER6,
	};
	const int fixed = sizeof(options) / sizeof(options[0]);
	char text[PUBLISH_MAX][PORT_SIZE], said[256];
	struct published_port ports[PUBLISH_MAX];
	const char *args[ARGS_MAX], *param = net->param ? net->param : "";
	int pair[2], n, status, count;

	n = publish_parse(param, ports, error);
	if (n < 0)
		return n;
	memcpy(args, options, sizeof(options));
	count = fixed + add_ports(args + fixed, "--tcp-ports", text, ports, n,
				  false);
	count += add_ports(args + count, "--udp-ports", text, ports, n, true);
	args[count] = NULL;
	status = host_socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, pair);
	if (status)
		return explain(status, "", param, error);
	pair[0] = host_fd_hide(pair[0]);
	pair[1] = host_fd_hide(pair[1]);
	announce(pair[0], net->mac);
	status = run(args, pair[1], said, sizeof(said));
	host_close(pair[1]);
	if (!status)
		return pair[0];
	host_close(pair[0]);
	return explain(status, said, param, error);
}

int passt_open(const struct lkl_netdev_args *args, struct backend **backend,
	       struct backend_error *error)
{
	const char *param = args->param ? args->param : "";
	static struct backend_ops ops;
	bool found;
	int fd, err;

	found = strchr(param, '/') && !strchr("0123456789[", *param);
	fd = found ? connect_to(param, error) : start(args, error);
	if (fd < 0)
		return fd;
	if (found)
		announce(fd, args->mac);
	err = stream_backend(fd, backend);
	if (err) {
		host_close(fd);
		return backend_fail(error, err, "type 'passt': %s",
				    strerror(-err));
	}
	stream_ops = (*backend)->ops;
	ops = *stream_ops;
	ops.tx_burst = passt_tx_burst;
	(*backend)->ops = &ops;
	/* What another one has been told to be, it says by DHCP. */
	if (!found)
		(*backend)->network = &passt_network;
	return 0;
}
