// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pair of FIFOs, one for each direction, between two programs.
 *
 * They are used in packet mode (O_DIRECT, pipe(2)): what is written at once is
 * read at once, and never cut in two as long as it is not longer than PIPE_BUF.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include "../host.h"
#include "backend.h"

#define ETHERNET_HEADER 14

/* Room in the FIFO, bytes: what unprivileged users may have (pipe(7)). */
#define FIFO_BYTES (1 << 20)

/**
 * struct fifos - its state
 * @is_read: somebody reads what is written, or has: when nobody does any more,
 *	the link has ended. Until then packets go nowhere.
 */
struct fifos {
	struct backend b;
	bool is_read;
};

/* Whether @event has come: POLLHUP, all writers have gone; POLLERR, no reader. */
static bool is_told(int fd, short event)
{
	static const struct timespec at_once;
	struct pollfd p = { .fd = fd };

	return host_poll(&p, 1, &at_once) > 0 && p.revents & event;
}

static bool reader_is_gone(struct fifos *f)
{
	if (!is_told(f->b.other_fd, POLLERR))
		f->is_read = true;
	else if (f->is_read)
		return true;
	return false;
}

static ssize_t pipe_rx(struct backend *b, const struct iovec *iov, int n)
{
	ssize_t len = host_readv(b->fd, iov, n);

	/* Of no writer yet, poll(2) tells nothing. */
	if (len == 0)
		len = is_told(b->fd, POLLHUP) ? -EPIPE : -EAGAIN;
	if (len == -EAGAIN && reader_is_gone((struct fifos *)b))
		return -EPIPE;
	return len;
}

static ssize_t pipe_tx(struct backend *b, const struct iovec *iov, int n)
{
	struct fifos *f = (struct fifos *)b;
	ssize_t len;

	/* A longer one would arrive in pieces. */
	if (iov_length(iov, n) > PIPE_BUF)
		return 0;
	len = host_writev_silent(b->other_fd, iov, n);
	if (len == -EPIPE && !f->is_read)
		return 0;
	f->is_read = true;
	return len;
}

static const struct backend_ops pipe_ops = {
	.rx = pipe_rx,
	.tx = pipe_tx,
	.close = backend_close,
};

/* Cuts "RX|TX" in two. */
static int parse(const char *param, char *rx, const char **tx,
		 struct backend_error *error)
{
	const char *bar = param ? strchr(param, '|') : NULL;
	size_t len = bar ? bar - param : 0;

	if (!len || !bar[1] || strchr(bar + 1, '|') || len >= PATH_MAX)
		return backend_fail(error, -EINVAL,
			"param '%s': type 'pipe' needs two FIFOs, to read from and to write to, as \"param\": \"/tmp/rx|/tmp/tx\"",
			param ? param : "");
	memcpy(rx, param, len);
	rx[len] = '\0';
	*tx = bar + 1;
	return 0;
}

/* For writing: without a reader the host opens it only to who reads, too. */
static int open_unread(const char *path)
{
	int reader = host_open(path, O_RDONLY | O_NONBLOCK), fd;

	if (reader < 0)
		return reader;
	fd = host_open(path, O_WRONLY | O_NONBLOCK);
	host_close(reader);
	return fd;
}

static int open_fifo(const char *path, int flags, struct backend_error *error)
{
	int fd = host_open(path, flags | O_NONBLOCK);

	if (fd == -ENXIO)
		fd = open_unread(path);
	fd = host_fd_hide(fd);
	if (fd == -ENOENT)
		return backend_fail(error, fd,
			"FIFO '%s' does not exist: make it with: mkfifo '%s'",
			path, path);
	if (fd < 0)
		return backend_fail(error, fd,
			"FIFO '%s': %s: correct 'param' or the file's permissions",
			path, strerror(-fd));
	if (host_fcntl(fd, F_GETPIPE_SZ, 0) < 0) {
		host_close(fd);
		return backend_fail(error, -EINVAL,
			"'%s' is not a FIFO: make one with mkfifo(1), and name it",
			path);
	}
	return fd;
}

int pipe_open(const struct lkl_netdev_args *args, struct backend **backend,
	      struct backend_error *error)
{
	const char *param = args->param;
	char rx_path[PATH_MAX];
	const char *tx_path = NULL;
	struct backend *b;
	int rx, tx, err;

	err = parse(param, rx_path, &tx_path, error);
	if (err)
		return err;
	rx = open_fifo(rx_path, O_RDONLY, error);
	if (rx < 0)
		return rx;
	/* Two readers would get half of the packets each. */
	if (host_flock(rx, LOCK_EX | LOCK_NB)) {
		err = backend_fail(error, -EBUSY,
			"FIFO '%s' is read by another program: end that one, or use other FIFOs",
			rx_path);
		goto close_rx;
	}
	tx = open_fifo(tx_path, O_WRONLY, error);
	if (tx < 0) {
		err = tx;
		goto close_rx;
	}
	err = host_fcntl(tx, F_SETFL, O_NONBLOCK | O_DIRECT);
	b = err ? NULL : backend_new(sizeof(struct fifos), &pipe_ops, rx);
	if (!b) {
		err = err ? err : -ENOMEM;
		backend_fail(error, err, "param '%s': %s", param,
			     strerror(-err));
		host_close(tx);
		goto close_rx;
	}
	host_fcntl(tx, F_SETPIPE_SZ, FIFO_BYTES);	/* if it may be so much */
	b->other_fd = tx;
	b->other_events = EPOLLOUT;
	b->mtu_max = PIPE_BUF - ETHERNET_HEADER;
	*backend = b;
	return 0;

close_rx:
	host_close(rx);
	return err;
}
