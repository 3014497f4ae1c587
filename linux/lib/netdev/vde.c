// SPDX-License-Identifier: GPL-2.0-only
/*
 * A port of a VDE switch, vde_switch(1), plugged in by libvdeplug.
 *
 * The library makes the connection: a stream socket that ends with the switch,
 * and a datagram socket for the packets, which are used from here.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include "../host.h"
#include "plugin.h"

#define INTERFACE_VERSION 1	/* of vde_open_real() */

/* A switch answers at once, if it runs. */
#define ANSWER_NS 5000000000ULL

/* libvdeplug's functions, by its manual page vdeplug(3). */
static void *(*vde_open_real)(char *url, char *description, int version,
			      void *args);
static int (*vde_datafd)(void *connection);
static int (*vde_ctlfd)(void *connection);
static int (*vde_close)(void *connection);

static const struct plugin_symbol symbols[] = {
	{ "vde_open_real", (void **)&vde_open_real },
	{ "vde_datafd", (void **)&vde_datafd },
	{ "vde_ctlfd", (void **)&vde_ctlfd },
	{ "vde_close", (void **)&vde_close },
	{ NULL, NULL }
};

static bool switch_is_gone(int control)
{
	char c;
	struct iovec iov = { &c, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	return host_recvmsg(control, &msg, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static ssize_t vde_rx(struct backend *b, const struct iovec *iov, int n)
{
	struct msghdr msg = { .msg_iov = (struct iovec *)iov, .msg_iovlen = n };
	ssize_t len = host_recvmsg(b->fd, &msg, MSG_DONTWAIT);

	return len == -EAGAIN && switch_is_gone(b->other_fd) ? -EPIPE : len;
}

static ssize_t vde_tx(struct backend *b, const struct iovec *iov, int n)
{
	const struct msghdr msg = {
		.msg_iov = (struct iovec *)iov,
		.msg_iovlen = n,
	};
	ssize_t len = host_sendmsg(b->fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (len < 0 && len != -EAGAIN)
		return switch_is_gone(b->other_fd) ? -EPIPE : 0;
	return len;
}

static const struct backend_ops vde_ops = {
	.rx = vde_rx,
	.tx = vde_tx,
	.close = backend_close,
};

/* Whether packets can go over it without the library. */
static bool is_datagram_socket(int fd)
{
	unsigned int len = sizeof(int);
	int type = 0;

	return !host_getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) &&
	       type == SOCK_DGRAM;
}

/**
 * struct opening - the library's wait for the switch, which has no end
 * @connection: NULL when it was refused, for the reason @err, an errno.
 * @settled: one of the two threads is done with this; the other one frees it.
 */
struct opening {
	char *param;
	void *connection;
	int err;
	atomic_bool settled;
};

static void opening_free(struct opening *o)
{
	free(o->param);
	free(o);
}

static void *open_connection(void *arg)
{
	struct opening *o = arg;

	errno = 0;
	o->connection = vde_open_real(o->param, "lkl-hijack",
				      INTERFACE_VERSION, NULL);
	o->err = errno ? errno : ECONNREFUSED;
	/* Nobody waits for it any more. */
	if (atomic_exchange(&o->settled, true)) {
		if (o->connection)
			vde_close(o->connection);
		opening_free(o);
	}
	return NULL;
}

/* Starts it in a thread that takes no signals. Return: 0 or an errno. */
static int opening_start(struct opening *o, pthread_t *thread)
{
	const uint64_t all = ~0ULL;
	uint64_t mask;
	int err;

	host_sigmask(SIG_SETMASK, &all, &mask);
	err = pthread_create(thread, NULL, open_connection, o);
	host_sigmask(SIG_SETMASK, &mask, NULL);
	return err;
}

static void opening_wait(pthread_t thread)
{
	unsigned long long until = host_clock(CLOCK_MONOTONIC) + ANSWER_NS;
	const struct timespec end = {
		until / 1000000000, until % 1000000000
	};

	if (pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &end))
		pthread_detach(thread);
}

/*
 * Connects to a switch. Return: 0; an errno: ETIMEDOUT where something is there
 * that does not answer.
 */
static int plug_in(const char *param, void **connection)
{
	struct opening *o = calloc(1, sizeof(*o));
	pthread_t thread;
	int err;

	if (!o)
		return ENOMEM;
	o->param = strdup(param);
	err = o->param ? opening_start(o, &thread) : ENOMEM;
	if (!err) {
		opening_wait(thread);
		if (!atomic_exchange(&o->settled, true))
			return ETIMEDOUT;
		*connection = o->connection;
		err = o->connection ? 0 : o->err;
	}
	opening_free(o);
	return err;
}

int vde_open(const struct lkl_netdev_args *args, struct backend **backend,
	     struct backend_error *error)
{
	const char *param = args->param;
	struct backend *b;
	void *connection;
	int err, data, control;

	if (!param || !*param)
		return backend_fail(error, -EINVAL,
			"type 'vde' needs the socket directory of a switch, as \"param\": \"/run/vde/switch\"");
	err = plugin_load("libvdeplug.so.2", "libvdeplug2", symbols, error);
	if (err)
		return err;
	err = plug_in(param, &connection);
	if (err == ETIMEDOUT)
		return backend_fail(error, -err,
			"param '%s': the switch there does not answer: if it is stopped, have it go on (kill -CONT), else start another one",
			param);
	if (err)
		return backend_fail(error, -err,
			"param '%s': no VDE switch is there that lets us in (%s): start one with: vde_switch -s %s",
			param, strerror(err), param);
	data = vde_datafd(connection);
	control = vde_ctlfd(connection);
	if (control < 0 || !is_datagram_socket(data))
		return backend_fail(error, -EOPNOTSUPP,
			"param '%s': it is not a switch: use the socket directory of a vde_switch",
			param);
	/* The library's own record of them is not used again. */
	data = host_fd_hide(data);
	control = host_fd_hide(control);
	b = backend_new(sizeof(*b), &vde_ops, data);
	if (!b) {
		host_close(data);
		host_close(control);
		return backend_fail(error, -ENOMEM, "param '%s': %s", param,
				    strerror(ENOMEM));
	}
	b->other_fd = control;
	b->other_events = EPOLLIN;
	*backend = b;
	return 0;
}
