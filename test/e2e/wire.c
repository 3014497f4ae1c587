// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The other end of a wire: packets go between a tap device and what a backend
 * is connected to, until either ends.
 *
 *   wire TAP dgram|seqpacket|stream|tap PROGRAM ARGUMENTS...
 *	runs the program with the backend's end as descriptor 5 ("tap": the tap
 *	itself); a child of it, whose process ID is written to the file in
 *	WIRE_PID, holds the other end.
 *   wire TAP pipe RX TX PROGRAM ARGUMENTS...
 *	runs the program, too, whose backend has the other ends of two FIFOs.
 *
 * Written from the descriptions of the wires, as what stands there in earnest.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define BACKEND_FD 5

static char packet[1 << 17];

static void fail(const char *what)
{
	fprintf(stderr, "wire: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int open_tap(const char *name, int flags)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | flags };
	int fd = open("/dev/net/tun", O_RDWR), tries;

	strncpy(ifr.ifr_name, name, IFNAMSIZ - 1);
	/* The one before may still have it for a moment. */
	for (tries = 0; ioctl(fd, TUNSETIFF, &ifr); tries++) {
		if (fd < 0 || errno != EBUSY || tries == 500)
			fail(name);
		poll(NULL, 0, 20);
	}
	return fd;
}

/* Exactly so many bytes, or the end. */
static int read_all(int fd, void *buf, size_t len)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = read(fd, (char *)buf + done, len - done);
		if (n <= 0)
			return -1;
		done += n;
	}
	return 0;
}

static ssize_t get(int fd, int framed)
{
	uint32_t len;

	if (!framed)
		return read(fd, packet, sizeof(packet));
	if (read_all(fd, &len, sizeof(len)))
		return 0;
	len = ntohl(len);
	if (len > sizeof(packet) || read_all(fd, packet, len))
		return 0;
	return len;
}

/* The length and the packet at once: passt of 2023 loses a length by itself. */
static void put_framed(int fd, size_t len)
{
	uint32_t length = htonl(len);
	struct iovec iov[2] = { { &length, sizeof(length) }, { packet, len } };
	struct iovec *rest = iov;
	ssize_t n;

	while (rest < iov + 2) {
		n = writev(fd, rest, iov + 2 - rest);
		if (n < 0)
			exit(0);
		for (; rest < iov + 2 && n >= (ssize_t)rest->iov_len; rest++)
			n -= rest->iov_len;
		if (rest < iov + 2) {
			rest->iov_base = (char *)rest->iov_base + n;
			rest->iov_len -= n;
		}
	}
}

static void put(int fd, int framed, size_t len)
{
	if (framed)
		put_framed(fd, len);
	else if (write(fd, packet, len) < 0)
		return;		/* dropped, as wires may */
}

static void relay(int tap, int in, int out, int framed)
{
	struct pollfd p[2] = { { .fd = tap, .events = POLLIN },
			       { .fd = in, .events = POLLIN } };
	ssize_t n;

	for (;;) {
		if (poll(p, 2, -1) < 0)
			fail("poll");
		if (p[0].revents) {
			n = read(tap, packet, sizeof(packet));
			if (n < 0)
				return;
			put(out, framed, n);
		}
		if (p[1].revents) {
			n = get(in, framed);
			if (n <= 0)
				return;
			put(tap, 0, n);
		}
	}
}

static void write_pid(pid_t pid)
{
	const char *file = getenv("WIRE_PID");
	FILE *f = file ? fopen(file, "w") : NULL;

	if (!f || fprintf(f, "%d", pid) < 0 || fclose(f))
		fail("WIRE_PID");
}

/*
 * The child ends with the program, also one that is over before the child has
 * begun: a datagram socket does not tell, and a FIFO waits for the next one.
 */
static pid_t fork_relay(void)
{
	const pid_t program = getpid();
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != program)
			exit(0);
		/* Nobody waits for the end of its output. */
		close(0);
		close(1);
	}
	return pid;
}

static void run(const char *tap, int type, char **program)
{
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, type, 0, pair))
		fail("socketpair");
	pid = fork_relay();
	if (!pid) {
		close(pair[0]);
		relay(open_tap(tap, 0), pair[1], pair[1], type == SOCK_STREAM);
		exit(0);
	}
	close(pair[1]);
	write_pid(pid);
	if (dup2(pair[0], BACKEND_FD) < 0)
		fail("dup2");
	if (pair[0] != BACKEND_FD)
		close(pair[0]);
	execvp(*program, program);
	fail(*program);
}

static void run_pipe(const char *tap, const char *rx, const char *tx,
		     char **program)
{
	int in, out;

	if (!fork_relay()) {
		/* Each opening waits for the other side's. */
		in = open(rx, O_RDONLY);
		out = open(tx, O_WRONLY);
		if (in < 0 || out < 0 || fcntl(out, F_SETFL, O_DIRECT))
			fail("FIFO");
		relay(open_tap(tap, 0), in, out, 0);
		exit(0);
	}
	execvp(*program, program);
	fail(*program);
}

int main(int argc, char **argv)
{
	int fd;

	if (argc < 4)
		return 2;
	if (!strcmp(argv[2], "tap")) {
		fd = open_tap(argv[1], IFF_VNET_HDR);
		if (dup2(fd, BACKEND_FD) < 0)
			fail("dup2");
		if (fd != BACKEND_FD)
			close(fd);
		execvp(argv[3], argv + 3);
		fail(argv[3]);
	}
	if (!strcmp(argv[2], "dgram"))
		run(argv[1], SOCK_DGRAM, argv + 3);
	if (!strcmp(argv[2], "seqpacket"))
		run(argv[1], SOCK_SEQPACKET, argv + 3);
	if (!strcmp(argv[2], "stream"))
		run(argv[1], SOCK_STREAM, argv + 3);
	if (!strcmp(argv[2], "pipe") && argc > 5)
		run_pipe(argv[1], argv[3], argv[4], argv + 5);
	return 2;
}
