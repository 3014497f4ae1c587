// SPDX-License-Identifier: GPL-2.0-or-later
/* read(2), write(2) and all their forms on sockets are as on the host. */
#define _FILE_OFFSET_BITS 64
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include "compare.h"

ssize_t __read_chk(int fd, void *buf, size_t len, size_t room);
ssize_t __recv_chk(int fd, void *buf, size_t len, size_t room, int flags);
ssize_t __recvfrom_chk(int fd, void *buf, size_t len, size_t room, int flags,
		       struct sockaddr *addr, socklen_t *addrlen);

static char buf[64];

/* Wrong counts are meant. */
#pragma GCC diagnostic ignored "-Wstringop-overread"
#pragma GCC diagnostic ignored "-Wstringop-overflow"

static void streams(void)
{
	struct iovec out[2] = { { "one", 3 }, { "two", 3 } };
	struct iovec in[2] = { { buf, 2 }, { buf + 2, 4 } };
	int pair[2];

	tcp_pair(pair);
	R(write(pair[0], "hello", 5));
	R(read(pair[1], buf, 3));
	R(read(pair[1], buf + 3, 10));
	B(buf, 5);
	R(writev(pair[0], out, 2));
	R(readv(pair[1], in, 2));
	B(buf, 6);
	R(pwritev2(pair[0], out, 2, -1, 0));
	R(preadv2(pair[1], in, 2, -1, 0));
	B(buf, 6);
	R(preadv2(pair[1], in, 2, -1, RWF_NOWAIT));
	R(pread(pair[1], buf, 1, 0));
	R(pwrite(pair[1], buf, 1, 0));
	R(preadv(pair[1], in, 2, 0));
	R(pwritev(pair[1], in, 2, 0));
	R(write(pair[0], buf, 0));
	R(read(pair[0], buf, 0));
	R(writev(pair[0], out, 0));
	R(writev(pair[0], out, 1025));
	R(readv(pair[0], in, 1025));
	R(write(pair[0], "chk", 3));
	R(__read_chk(pair[1], buf, 3, 64));
	R(write(pair[0], "chk", 3));
	R(__recv_chk(pair[1], buf, 3, 64, 0));
	R(write(pair[0], "chk", 3));
	R(__recvfrom_chk(pair[1], buf, 3, 64, 0, NULL, NULL));
	B(buf, 3);

	signal(SIGPIPE, SIG_IGN);
	R(close(pair[1]));
	R(read(pair[0], buf, 1));
	R(write(pair[0], "x", 1));
	R(write(pair[0], "x", 1));
	R(writev(pair[0], out, 2));
	R(send(pair[0], "x", 1, 0));
	R(close(pair[0]));
}

static int file_of(const char *text)
{
	int fd = memfd_create("test", 0);

	if (write(fd, text, strlen(text)) < 0)
		return -1;
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static void between(void)
{
	int pair[2], p[2], q[2], file = R(file_of("0123456789"));
	off_t at = 4;

	tcp_pair(pair);
	R(sendfile(pair[0], file, NULL, 3));
	R(lseek(file, 0, SEEK_CUR));
	R(recv(pair[1], buf, sizeof(buf), 0));
	B(buf, 3);
	R(sendfile(pair[0], file, &at, 100));
	V(at);
	R(lseek(file, 0, SEEK_CUR));
	R(recv(pair[1], buf, sizeof(buf), 0));
	B(buf, 6);
	R(sendfile(pair[0], file, &at, 5));
	R(sendfile(file, pair[0], NULL, 5));
	R(sendfile(99, file, NULL, 5));
	R(sendfile(pair[0], 99, NULL, 5));

	R(pipe(p));
	R(write(p[1], "piped", 5));
	R(splice(p[0], NULL, pair[0], NULL, 5, 0));
	R(recv(pair[1], buf, sizeof(buf), 0));
	B(buf, 5);
	R(send(pair[0], "socket", 6, 0));
	R(splice(pair[1], NULL, p[1], NULL, 100, SPLICE_F_MOVE));
	R(read(p[0], buf, sizeof(buf)));
	B(buf, 6);
	R(fcntl(pair[1], F_SETFL, O_NONBLOCK));
	R(splice(pair[1], NULL, p[1], NULL, 100, SPLICE_F_NONBLOCK));
	R(splice(pair[1], NULL, pair[0], NULL, 100, SPLICE_F_NONBLOCK));
	R(splice(p[0], NULL, file, NULL, 100, SPLICE_F_NONBLOCK));
	R(pipe(q));
	R(write(p[1], "tee", 3));
	R(tee(p[0], q[1], 100, 0));
	R(tee(p[0], pair[0], 100, 0));
	R(read(q[0], buf, sizeof(buf)));
	R(read(p[0], buf, sizeof(buf)));
	R(shutdown(pair[0], SHUT_WR));
	R(splice(pair[1], NULL, p[1], NULL, 100, 0));
	R(close(pair[0]));
	R(close(pair[1]));
	R(close(p[0]));
	R(close(p[1]));
	R(close(q[0]));
	R(close(q[1]));
	R(close(file));
}

/* The host's own descriptors, which pass through. */
static void passing(void)
{
	struct iovec in[2] = { { buf, 2 }, { buf + 2, 4 } };
	int file = R(file_of("0123456789")), p[2];

	R(pread(file, buf, 4, 3));
	B(buf, 4);
	R(preadv(file, in, 2, 1));
	B(buf, 6);
	R(pwrite(file, "xx", 2, 20));
	R(lseek(file, 0, SEEK_END));
	R(ftruncate(file, 5));
	R(lseek(file, 0, SEEK_END));
	R(preadv2(file, in, 2, 0, 0));
	R(pipe(p));
	R(write(p[1], "abc", 3));
	R(__read_chk(p[0], buf, 3, 64));
	B(buf, 3);
	R(close(p[0]));
	R(close(p[1]));
	R(close(file));
	R(read(file, buf, 1));
	R(send(1, "x", 1, 0));
}

void body(void)
{
	closefrom(3);
	streams();
	between();
	passing();
}
