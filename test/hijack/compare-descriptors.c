// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers, copies, flags and ends of descriptors are as on the host. */
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/nsfs.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "compare.h"

static void numbers(void)
{
	int a = R(socket(AF_INET, SOCK_STREAM, 0));
	int b = R(open("/dev/null", O_RDONLY));
	int c = R(socket(AF_INET6, SOCK_DGRAM, 0));

	R(close(a));
	R(socket(AF_INET, SOCK_DGRAM, 0));
	R(close(b));
	R(dup(c));
	R(close(a));
	R(close(b));
	R(close(c));
	R(close(c));
	R(close(-1));
	R(close(1 << 30));
	R(dup(c));
	R(read(c, &a, 1));
	R(socket(AF_INET, SOCK_STREAM, 9999));
	R(socket(AF_INET, 77, 0));
	R(socket(4711, SOCK_STREAM, 0));
	R(socket(AF_INET, SOCK_STREAM | 0x10000000, 0));
	R(socketpair(AF_INET, SOCK_STREAM, 0, (int[2]){ 0 }));
	R(socketpair(AF_UNIX, SOCK_STREAM, 0, (int[2]){ 0 }));
	R(close(3));
	R(close(4));
}

static void copies(void)
{
	int pair[2], copy, file = R(open("/dev/null", O_RDWR));
	char c = 0;

	udp_pair(pair);
	copy = R(dup(pair[0]));
	R(send(copy, "x", 1, 0));
	R(recv(pair[1], &c, 1, 0));
	V(c);
	R(dup2(pair[0], pair[0]));
	R(dup2(pair[0], 50));
	R(send(50, "y", 1, 0));
	R(recv(pair[1], &c, 1, 0));
	V(c);
	R(dup3(pair[0], pair[0], 0));
	R(dup3(pair[0], 51, O_CLOEXEC));
	R(dup3(pair[0], 52, 0x7f));
	R(fcntl(51, F_GETFD));
	R(fcntl(50, F_GETFD));
	R(dup2(file, 50));
	R(write(50, "z", 1));
	R(dup2(pair[0], file));
	R(send(file, "w", 1, 0));
	R(recv(pair[1], &c, 1, 0));
	V(c);
	R(dup2(77, 78));
	R(dup2(pair[0], -1));
	R(dup2(pair[0], 1 << 28));
	R(fcntl(pair[0], F_DUPFD, 100));
	R(fcntl(pair[0], F_DUPFD, 100));
	R(fcntl(pair[0], F_DUPFD_CLOEXEC, 100));
	R(fcntl(102, F_GETFD));
	R(fcntl(pair[0], F_DUPFD, -1));
	R(fcntl(pair[0], F_DUPFD, 1 << 28));
	R(close(pair[0]));
	R(send(100, "v", 1, 0));
	R(recv(pair[1], &c, 1, 0));
	V(c);
	R(syscall(SYS_dup, 100));
	R(syscall(SYS_close, 103));
	R(close_range(50, 110, 0));
	R(send(100, "v", 1, 0));
	R(write(50, "z", 1));
	R(close_range(10, 9, 0));
	R(close_range(3, 49, 8));
	closefrom(3);
	R(fcntl(pair[1], F_GETFD));
	R(open("/dev/null", O_RDONLY));
	R(close(3));
}

static void beyond_select(void)
{
	struct rlimit limit = { 4096, 4096 };
	int pair[2];
	char c = 0;

	R(setrlimit(RLIMIT_NOFILE, &limit));
	udp_pair(pair);
	R(fcntl(pair[0], F_DUPFD, 1500));
	R(fcntl(pair[0], F_DUPFD, 4000));
	R(fcntl(pair[0], F_DUPFD, 4096));
	R(send(4000, "x", 1, 0));
	R(recv(pair[1], &c, 1, 0));
	V(c);
	R(close(4000));
	R(close(1500));
	R(close(pair[0]));
	R(close(pair[1]));
	R(getrlimit(RLIMIT_NOFILE, &limit));
	V(limit.rlim_cur);
}

static void full(void)
{
	struct rlimit limit = { 10, 4096 };
	int i, fd[10];

	R(setrlimit(RLIMIT_NOFILE, &limit));
	for (i = 0; i < 8; i++)
		fd[i] = R(socket(AF_INET, SOCK_DGRAM, 0));
	R(dup(fd[0]));
	for (i = 0; i < 7; i++)
		R(close(fd[i]));
	limit.rlim_cur = 4096;
	R(setrlimit(RLIMIT_NOFILE, &limit));
}

static void flags(void)
{
	int a = R(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
	int one = 1;
	char c;

	R(fcntl(a, F_GETFD));
	R(fcntl(a, F_GETFL));
	R(recv(a, &c, 1, 0));
	R(fcntl(a, F_SETFD, 0));
	R(fcntl(a, F_GETFD));
	R(fcntl(a, F_SETFL, O_APPEND));
	R(fcntl(a, F_GETFL));
	R(ioctl(a, FIONBIO, &one));
	R(fcntl(a, F_GETFL));
	R(ioctl(a, FIOCLEX));
	R(fcntl(a, F_GETFD));
	R(ioctl(a, FIONCLEX));
	R(fcntl(a, F_GETFD));
	R(fcntl(a, 12345));
	R(ioctl(a, 0x12345678, &one));
	R(isatty(a));
	R(lseek(a, 0, SEEK_SET));
	R(ftruncate(a, 0));
	R(fsync(a));
	R(fdatasync(a));
	R(close(a));
}

static void kinds(void)
{
	struct stat st = { 0 };
	int a = R(socket(AF_INET, SOCK_STREAM, 0));

	R(fstat(a, &st));
	V(st.st_mode);
	V(st.st_nlink);
	V(st.st_size);
	V(st.st_blksize);
	R(fstatat(a, "", &st, AT_EMPTY_PATH));
	V(S_ISSOCK(st.st_mode));
	R(fstatat(a, "x", &st, 0));
	R(syscall(SYS_fstat, a, &st));
	V(S_ISSOCK(st.st_mode));
	R(fchdir(a));
	R(close(a));
}

/* Descriptors that ioctl(2) makes. */
static void namespaces(void)
{
	int s = R(socket(AF_INET, SOCK_DGRAM, 0)), net, user;

	R(net = ioctl(s, SIOCGSKNS));
	R(fcntl(net, F_GETFD));
	V(fcntl(net, F_GETFL) & O_ACCMODE);
	R(user = ioctl(net, NS_GET_USERNS));
	R(fcntl(user, F_GETFD));
	R(ioctl(net, NS_GET_PARENT));
	R(close(user));
	R(close(net));
	R(fcntl(net, F_GETFD));
	R(close(s));
}

void body(void)
{
	closefrom(3);
	numbers();
	copies();
	beyond_select();
	full();
	flags();
	kinds();
	namespaces();
}
