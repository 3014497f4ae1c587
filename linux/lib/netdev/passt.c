// SPDX-License-Identifier: GPL-2.0-only
/*
 * passt, passt(1): a process that translates packets to the sockets of an
 * ordinary user. It is reached by a stream socket; where no one is named, a
 * process is started that ends with ours.
 */
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include "../host.h"
#include "backend.h"
#include "publish.h"
#include "spawn.h"
#include "user_net.h"

/* "ADDRESS/65535:65535" */
#define PORT_SIZE (INET6_ADDRSTRLEN + 12)

/* Those without ports, and two for each port. */
#define ARGS_MAX (24 + 2 * PUBLISH_MAX)

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

static int start(const char *param, struct backend_error *error)
{
	static const char *const options[] = {
		"passt", "--quiet", "--fd", "3",
		"--address", USER_NET_IP, "--netmask", USER_NET_NETMASK,
		"--gateway", USER_NET_GATEWAY,
		"--dns-forward", USER_NET_NAMESERVER,
		"--address", USER_NET_IP6,
		"--gateway", USER_NET_GATEWAY6,
		"--dns-forward", USER_NET_NAMESERVER6,
	};
	const int fixed = sizeof(options) / sizeof(options[0]);
	char text[PUBLISH_MAX][PORT_SIZE], said[256];
	struct published_port ports[PUBLISH_MAX];
	const char *args[ARGS_MAX];
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
	status = run(args, pair[1], said, sizeof(said));
	host_close(pair[1]);
	if (!status)
		return pair[0];
	host_close(pair[0]);
	return explain(status, said, param, error);
}

int passt_open(const char *param, struct backend **backend,
	       struct backend_error *error)
{
	bool found;
	int fd, err;

	if (!param)
		param = "";
	found = strchr(param, '/') && !strchr("0123456789[", *param);
	fd = found ? connect_to(param, error) : start(param, error);
	if (fd < 0)
		return fd;
	err = stream_backend(fd, backend);
	if (err) {
		host_close(fd);
		return backend_fail(error, err, "type 'passt': %s",
				    strerror(-err));
	}
	/* What another one has been told to be, it says by DHCP. */
	if (!found)
		(*backend)->network = &passt_network;
	return 0;
}
