// SPDX-License-Identifier: GPL-2.0-or-later
/* The backend pipe: packets, either side that comes late or goes, no SIGPIPE, clear messages. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../linux/lib/netdev/backend.h"
#include "check.h"

static char text[512];
static struct backend_error error = { text, sizeof(text) };
static char directory[32], rx_path[64], tx_path[64], both[160];

static void clean_up(void)
{
	unlink(rx_path);
	unlink(tx_path);
	rmdir(directory);
}

static void make_fifos(void)
{
	snprintf(directory, sizeof(directory), "/tmp/lkl-pipe-%d", getpid());
	CHECK_EQ(mkdir(directory, 0700), 0);
	snprintf(rx_path, sizeof(rx_path), "%s/rx", directory);
	snprintf(tx_path, sizeof(tx_path), "%s/tx", directory);
	snprintf(both, sizeof(both), "%s|%s", rx_path, tx_path);
	atexit(clean_up);
	CHECK_EQ(mkfifo(rx_path, 0600), 0);
	CHECK_EQ(mkfifo(tx_path, 0600), 0);
}

static int open_end(const char *path, int flags)
{
	int fd = open(path, flags | O_NONBLOCK);

	CHECK(fd >= 0);
	if (flags != O_RDONLY)
		CHECK_EQ(fcntl(fd, F_SETFL, O_NONBLOCK | O_DIRECT), 0);
	return fd;
}

static ssize_t rx(struct backend *b)
{
	static char packet[PIPE_BUF];
	struct iovec iov[2] = { { packet, 7 }, { packet + 7, sizeof(packet) - 7 } };

	return b->ops->rx(b, iov, 2);
}

static ssize_t tx(struct backend *b, size_t len)
{
	static char data[2 * PIPE_BUF];
	struct iovec iov[2] = { { data, 5 }, { data + 5, len - 5 } };

	return b->ops->tx(b, iov, 2);
}

/* Whether who watches the backend is woken to learn of its end. */
static bool tells_end(struct backend *b)
{
	struct pollfd p[2] = { { .fd = b->fd, .events = POLLIN },
			       { .fd = b->other_fd } };

	CHECK(poll(p, 2, 0) >= 0);
	return p[0].revents & POLLHUP || p[1].revents & POLLERR;
}

static int open_as(const char *param, struct backend **b)
{
	const struct lkl_netdev_args args = { .param = param };

	return pipe_open(&args, b, &error);
}

static struct backend *open_pipe(void)
{
	struct backend *b;

	if (open_as(both, &b)) {
		fprintf(stderr, "%s\n", text);
		exit(1);
	}
	return b;
}

static void expect_error(const char *param, int err, const char *part)
{
	struct backend *b;

	text[0] = '\0';
	CHECK_EQ(open_as(param, &b), err);
	if (!strstr(text, part)) {
		fprintf(stderr, "'%s' is not in: %s\n", part, text);
		exit(1);
	}
}

/* Before there is anybody, packets go nowhere; then they arrive, one by one. */
static void test_packets(void)
{
	struct backend *b = open_pipe();
	static char packet[PIPE_BUF];
	int reader, writer;

	CHECK_EQ(tx(b, 60), 0);
	CHECK_EQ(rx(b), -EAGAIN);
	reader = open_end(tx_path, O_RDONLY);
	writer = open_end(rx_path, O_WRONLY);
	CHECK_EQ(tx(b, 60), 60);
	CHECK_EQ(tx(b, PIPE_BUF), PIPE_BUF);
	CHECK_EQ(tx(b, PIPE_BUF + 1), 0);
	CHECK_EQ(read(reader, packet, sizeof(packet)), 60);
	CHECK_EQ(read(reader, packet, sizeof(packet)), PIPE_BUF);
	CHECK_EQ(write(writer, packet, 1514), 1514);
	CHECK_EQ(write(writer, packet, 60), 60);
	CHECK_EQ(rx(b), 1514);
	CHECK_EQ(rx(b), 60);
	CHECK_EQ(rx(b), -EAGAIN);
	CHECK(!tells_end(b));
	while (tx(b, 1514) > 0)
		;
	CHECK_EQ(tx(b, 1514), -EAGAIN);
	close(reader);
	close(writer);
	b->ops->close(b);
}

/* The end is seen though nothing is sent, and when something is. */
static void test_reader_goes(bool early)
{
	int reader = early ? open_end(tx_path, O_RDONLY) : -1;
	int writer = open_end(rx_path, O_RDWR);
	struct backend *b = open_pipe();

	if (!early) {
		CHECK_EQ(rx(b), -EAGAIN);
		reader = open_end(tx_path, O_RDONLY);
		CHECK_EQ(tx(b, 60), 60);
	}
	CHECK_EQ(rx(b), -EAGAIN);
	CHECK(!tells_end(b));
	close(reader);
	CHECK(tells_end(b));
	CHECK_EQ(rx(b), -EPIPE);
	CHECK_EQ(tx(b, 60), -EPIPE);
	close(writer);
	b->ops->close(b);
}

/* What was written before is there still. */
static void test_writer_goes(void)
{
	struct backend *b = open_pipe();
	int reader = open_end(tx_path, O_RDONLY);
	int writer = open_end(rx_path, O_WRONLY);

	CHECK_EQ(write(writer, text, 60), 60);
	close(writer);
	CHECK(tells_end(b));
	CHECK_EQ(rx(b), 60);
	CHECK_EQ(rx(b), -EPIPE);
	close(reader);
	b->ops->close(b);
}

/* The program's own SIGPIPE, which it blocks, waits on. */
static void test_blocked_signal(void)
{
	struct backend *b = open_pipe();
	sigset_t set, waiting;

	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	CHECK_EQ(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	CHECK_EQ(tx(b, 60), 0);
	CHECK_EQ(sigpending(&waiting), 0);
	CHECK(!sigismember(&waiting, SIGPIPE));
	CHECK_EQ(raise(SIGPIPE), 0);
	CHECK_EQ(tx(b, 60), 0);
	CHECK_EQ(sigpending(&waiting), 0);
	CHECK(sigismember(&waiting, SIGPIPE));
	CHECK_EQ(sigtimedwait(&set, NULL, &(struct timespec){ 0 }), SIGPIPE);
	CHECK_EQ(sigprocmask(SIG_UNBLOCK, &set, NULL), 0);
	b->ops->close(b);
}

static void test_errors(void)
{
	struct backend *b;
	char param[160];

	expect_error(NULL, -EINVAL, "two FIFOs");
	expect_error("/tmp/rx", -EINVAL, "two FIFOs");
	expect_error("a|b|c", -EINVAL, "two FIFOs");
	expect_error("|b", -EINVAL, "two FIFOs");
	snprintf(param, sizeof(param), "%s/none|%s", directory, tx_path);
	expect_error(param, -ENOENT, "mkfifo");
	snprintf(param, sizeof(param), "%s|%s/none", rx_path, directory);
	expect_error(param, -ENOENT, "mkfifo");
	snprintf(param, sizeof(param), "%s|/dev/null", rx_path);
	expect_error(param, -EINVAL, "not a FIFO");
	b = open_pipe();
	expect_error(both, -EBUSY, "read by another program");
	b->ops->close(b);
}

int main(void)
{
	make_fifos();
	test_packets();
	test_reader_goes(true);
	test_reader_goes(false);
	test_writer_goes();
	test_blocked_signal();
	test_errors();
	return 0;
}
