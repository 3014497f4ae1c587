// SPDX-License-Identifier: GPL-2.0-or-later
/* Bad pointers in calls are EFAULT, and faults of the program are its own. */
#include <arpa/inet.h>
#include <asm/sockios.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "compare.h"

#define PAGE 4096

/* Two pages that can be used, one that can be read, one that cannot be touched. */
static char *good, *readable, *bad;

/* Faults are meant, so the compiler need not see them. */
#pragma GCC diagnostic ignored "-Wnonnull"
#pragma GCC diagnostic ignored "-Wstringop-overflow"

static void map(void)
{
	good = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (good == MAP_FAILED)
		exit(1);
	readable = good + 2 * PAGE;
	bad = good + 3 * PAGE;
	strcpy(readable, "can be read");
	mprotect(readable, PAGE, PROT_READ);
	mprotect(bad, PAGE, PROT_NONE);
}

static void transfers(void)
{
	struct iovec mixed[2] = { { good, 4 }, { bad, 4 } };
	struct msghdr msg = { .msg_iov = mixed, .msg_iovlen = 2 };
	char buf[16];
	int pair[2];

	udp_pair(pair);
	R(write(pair[0], bad, 1));
	R(write(pair[0], bad, 2));
	R(write(pair[0], bad, 4));
	R(write(pair[0], bad, 8));
	R(write(pair[0], bad, 1000));
	R(write(pair[0], bad - 8, 16));
	R(write(pair[0], bad, 0));
	R(send(pair[0], NULL, 5, 0));
	R(send(pair[0], (void *)1, 5, 0));
	R(send(pair[0], (void *)-1, 5, 0));
	R(writev(pair[0], mixed, 2));
	R(sendmsg(pair[0], &msg, 0));
	R(recv(pair[1], buf, sizeof(buf), 0));
	R(write(pair[0], readable, 11));
	R(recv(pair[1], readable, 11, MSG_PEEK));
	R(recv(pair[1], bad, 11, MSG_PEEK));
	R(recv(pair[1], good, 11, 0));
	B(good, 11);
	R(close(pair[0]));
	R(close(pair[1]));

	tcp_pair(pair);
	R(write(pair[0], bad, 100));
	R(write(pair[0], "hello", 5));
	R(read(pair[1], bad, 5));
	R(read(pair[1], readable, 5));
	R(read(pair[1], good, 5));
	B(good, 5);
	R(close(pair[0]));
	R(close(pair[1]));
}

static void arguments(void)
{
	struct sockaddr_in addr = loopback(0);
	socklen_t len = sizeof(addr);
	struct epoll_event event = { .events = EPOLLIN };
	int s = socket(AF_INET, SOCK_STREAM, 0), e = epoll_create1(0), one = 1;

	R(bind(s, (void *)bad, sizeof(addr)));
	R(bind(s, (void *)(bad - 8), sizeof(addr)));
	R(bind(s, (struct sockaddr *)&addr, sizeof(addr)));
	R(listen(s, 1));
	R(getsockname(s, (void *)bad, &len));
	R(getsockname(s, (void *)readable, &len));
	R(getsockname(s, (struct sockaddr *)&addr, (void *)bad));
	R(setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, bad, sizeof(int)));
	R(setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(int)));
	R(getsockopt(s, SOL_SOCKET, SO_KEEPALIVE, bad, &len));
	len = sizeof(one);
	R(getsockopt(s, SOL_SOCKET, SO_KEEPALIVE, readable, &len));
	R(setsockopt(s, IPPROTO_TCP, 13, bad, 4));
	/* A name that ends just before the page. */
	strcpy(readable - 6, "cubic");
	R(setsockopt(s, IPPROTO_TCP, 13, readable - 6, 5));
	R(epoll_ctl(e, EPOLL_CTL_ADD, s, &event));
	R(epoll_ctl(e, EPOLL_CTL_MOD, s, (void *)bad));
	R(close(e));
	R(close(s));
}

/* Of lists that begin well, and of what is written when the wait is over. */
static void polls(void)
{
	struct pollfd *edge = (struct pollfd *)(bad - 2 * sizeof(*edge));
	struct pollfd *fds = (struct pollfd *)readable;
	struct timespec *time = (struct timespec *)(readable - sizeof(*time));
	struct timespec *fixed = (struct timespec *)(readable + 512);
	int pair[2], p[2], i;

	udp_pair(pair);
	R(pipe(p));
	mprotect(readable, PAGE, PROT_READ | PROT_WRITE);
	for (i = 0; i < 2; i++) {
		edge[i] = (struct pollfd){ .fd = i ? p[0] : pair[0],
					   .events = POLLIN };
		fds[i] = edge[i];
	}
	*fixed = (struct timespec){ 0, 1000 };
	mprotect(readable, PAGE, PROT_READ);

	R(poll((void *)bad, 1, 0));
	R(poll((void *)1, 1, 0));
	R(poll(NULL, 1, 0));
	R(poll((void *)bad, 0, 0));
	R(poll(edge, 3, 0));
	R(poll(edge + 1, 2, 0));
	R(poll(fds, 1, 0));
	R(poll(fds, 2, 1));
	R(poll(fds + 1, 1, 0));
	*time = (struct timespec){ 0, 1000 };
	R(syscall(SYS_poll, bad, 1, 0));
	mprotect(readable, PAGE, PROT_READ | PROT_WRITE);
	for (i = 1; i <= 2; i++) {
		R(syscall(SYS_ppoll, edge, i, bad, NULL, 8));
		R(syscall(SYS_ppoll, edge, i, bad - 8, NULL, 8));
		R(syscall(SYS_ppoll, edge, i, 1, NULL, 8));
		R(syscall(SYS_ppoll, edge, i, time, bad, 8));
		R(syscall(SYS_ppoll, edge, i, time, good, 7));
		R(syscall(SYS_ppoll, edge, i, time, NULL, 7));
	}
	time->tv_nsec = 1000000000;
	R(syscall(SYS_ppoll, edge, 2, time, NULL, 8));
	mprotect(readable, PAGE, PROT_READ);
	R(syscall(SYS_ppoll, edge, 0, fixed, NULL, 8));
	memcpy(good, fds, sizeof(*fds) * 2);
	R(syscall(SYS_ppoll, good, 1, fixed, NULL, 8));
	R(syscall(SYS_ppoll, good, 2, fixed, NULL, 8));

	/* A signal while the mask cannot be read is not lost, nor kept back. */
	R(write(p[1], "x", 1));
	R(syscall(SYS_ppoll, good, 2, NULL, good + 100, 8));
	for (i = 0; i < 2; i++)
		R(close(pair[i]) | close(p[i]));
}

static long sets(int n, void *in, void *out, void *timeout)
{
	return syscall(SYS_select, n, in, out, NULL, timeout);
}

/* The library's descriptors have made the table larger; so it is on both sides. */
static void table_of(int size)
{
	R(dup2(0, size - 1) == size - 1 && !close(size - 1));
}

static void selects(void)
{
	fd_set *set = (fd_set *)good, *fixed = (fd_set *)readable;
	long *edge = (long *)(bad - sizeof(*edge));
	struct timeval *time = (struct timeval *)(good + 512);
	struct { void *mask; size_t size; } sig = { bad, 8 };
	int pair[2], p[2], i;

	table_of(2048);
	udp_pair(pair);
	R(pipe(p));
	FD_ZERO(set);
	FD_SET(pair[0], set);
	FD_SET(p[0], set);
	mprotect(readable, PAGE, PROT_READ | PROT_WRITE);
	memcpy(fixed, set, sizeof(*set));
	*edge = *(long *)set;
	mprotect(readable, PAGE, PROT_READ);
	memset(time, 0, sizeof(*time));

	R(sets(64, bad, NULL, time));
	R(sets(64, NULL, bad, time));
	R(sets(64, set, bad, time));
	R(sets(64, (void *)1, NULL, time));
	R(sets(0, bad, NULL, time));
	R(sets(64, set, NULL, bad));
	R(sets(64, set, NULL, bad - 8));
	R(sets(-1, set, NULL, bad));
	R(sets(64, fixed, NULL, time));
	mprotect(readable, PAGE, PROT_READ | PROT_WRITE);
	R(sets(64, edge, NULL, time));
	/* More than there is room for in the host's table is not looked at. */
	*edge = *(long *)readable;
	R(sets(64, edge, edge, time));
	B(edge, 8);
	memset(good, 0, PAGE);
	FD_SET(pair[0], set);
	R(sets(1 << 20, set, NULL, time));
	R(sets(65, edge, NULL, time));
	mprotect(readable, PAGE, PROT_READ);

	FD_SET(pair[0], set);
	R(syscall(SYS_pselect6, 64, set, NULL, NULL, time, bad));
	R(syscall(SYS_pselect6, 64, set, NULL, NULL, time, &sig));
	R(syscall(SYS_pselect6, 64, set, NULL, NULL, bad, NULL));
	R(syscall(SYS_pselect6, 64, set, NULL, bad, time, NULL));
	sig.mask = good;
	sig.size = 7;
	R(syscall(SYS_pselect6, 64, set, NULL, NULL, time, &sig));
	R(syscall(SYS_pselect6, 64, fixed, NULL, NULL, time, NULL));
	/* What is left of it cannot be written, which is no error. */
	mprotect(readable, PAGE, PROT_READ | PROT_WRITE);
	memset(readable, 0, 16);
	((struct timespec *)readable)->tv_nsec = 1000;
	mprotect(readable, PAGE, PROT_READ);
	FD_SET(pair[0], set);
	R(syscall(SYS_pselect6, 64, set, NULL, NULL, readable, NULL));
	R(sets(64, set, NULL, readable));
	for (i = 0; i < 2; i++)
		R(close(pair[i]) | close(p[i]));
}

static void epolls(void)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct timespec zero = { 0, 0 };
	int pair[2], p[2], e = epoll_create1(0), i, n;

	udp_pair(pair);
	R(pipe(p));
	for (n = 0; n < 3; n++) {
		/* Of the host alone, of both, of both with something to tell. */
		if (!n)
			R(epoll_ctl(e, EPOLL_CTL_ADD, p[0], &event));
		if (n == 1)
			R(epoll_ctl(e, EPOLL_CTL_ADD, pair[0], &event));
		if (n == 2) {
			R(write(pair[1], "x", 1) + write(p[1], "x", 1));
			/* A busy host may deliver it later. */
			R(poll(&(struct pollfd){ pair[0], POLLIN, 0 }, 1, -1));
		}
		R(epoll_ctl(e, EPOLL_CTL_ADD, pair[1], (void *)bad));
		R(epoll_ctl(e, EPOLL_CTL_ADD, pair[1], NULL));
		R(epoll_ctl(e, EPOLL_CTL_MOD, pair[0], NULL));
		R(epoll_ctl(e, EPOLL_CTL_DEL, pair[1], (void *)bad));
		R(epoll_wait(e, (void *)bad, 4, 0));
		R(epoll_wait(e, (void *)readable, 4, 0));
		R(epoll_wait(e, (void *)(bad - 12), 0, 0));
		R(epoll_pwait(e, (void *)good, 4, 0, (void *)bad));
		R(syscall(SYS_epoll_pwait, e, good, 4, 0, good + 99, 7));
		R(syscall(SYS_epoll_pwait2, e, good, 4, bad, NULL, 8));
		R(syscall(SYS_epoll_pwait2, e, good, 4, bad - 8, NULL, 8));
		R(syscall(SYS_epoll_pwait2, e, good, 4, &zero, bad, 8));
		R(syscall(SYS_epoll_pwait2, e, bad, 4, &zero, NULL, 8));
		zero.tv_nsec = -1;
		R(syscall(SYS_epoll_pwait2, e, good, 4, &zero, NULL, 8));
		zero.tv_nsec = 0;
		R(epoll_wait(e, (void *)good, 4, 0));
	}
	for (i = 0; i < 2; i++)
		R(close(pair[i]) | close(p[i]));
	R(close(e));
}

/* Descriptors are looked for in what is sent over the host's sockets. */
static void messages(void)
{
	struct iovec iov = { good, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct mmsghdr two[2] = { { .msg_hdr = msg }, { .msg_hdr = msg } };
	struct cmsghdr *edge = (struct cmsghdr *)(bad - sizeof(*edge));
	int local[2], pair[2], i, n;

	udp_pair(pair);
	R(socketpair(AF_UNIX, SOCK_DGRAM, 0, local));
	R(socketpair(AF_UNIX, SOCK_DGRAM, 0, (int *)bad));
	mprotect(readable, PAGE, PROT_READ | PROT_WRITE);
	for (n = 0; n < 2; n++) {
		int s = n ? pair[0] : local[0];

		R(sendmsg(s, (void *)bad, 0));
		R(sendmsg(s, NULL, 0));
		R(sendmsg(s, (void *)(bad - 8), 0));
		msg.msg_control = bad;
		msg.msg_controllen = 24;
		R(sendmsg(s, &msg, 0));
		two[1].msg_hdr = msg;
		R(sendmmsg(s, two, 2, 0));
		R(sendmmsg(s, (void *)bad, 2, 0));
		R(sendmmsg(s, NULL, 2, 0));
		R(sendmmsg(s, two, 0, 0));
		/* Its descriptors would be on the bad page. */
		*edge = (struct cmsghdr){ .cmsg_len = CMSG_LEN(8),
					  .cmsg_level = SOL_SOCKET,
					  .cmsg_type = SCM_RIGHTS };
		msg.msg_control = edge;
		msg.msg_controllen = CMSG_SPACE(8);
		R(sendmsg(s, &msg, 0));
		msg.msg_control = NULL;
		R(sendmsg(s, &msg, 0));
		msg.msg_controllen = 0;
		R(sendmsg(s, &msg, 0));
		R(recvmsg(n ? pair[1] : local[1], (void *)bad, MSG_DONTWAIT));
		R(recvmmsg(n ? pair[1] : local[1], (void *)bad, 1, MSG_DONTWAIT,
			   NULL));
		R(recvmmsg(n ? pair[1] : local[1], two, 1, MSG_DONTWAIT,
			   (void *)bad));
	}
	mprotect(readable, PAGE, PROT_READ);
	R(accept4(pair[0], (void *)bad, (void *)bad, 0));
	for (i = 0; i < 2; i++)
		R(close(pair[i]) | close(local[i]));
}

static void descriptors(void)
{
	off_t *at = (off_t *)readable;
	int pair[2], p[2], file = open("/proc/self/exe", O_RDONLY), i;

	tcp_pair(pair);
	R(pipe(p));
	R(fstat(pair[0], (void *)bad));
	R(fstat(pair[0], (void *)readable));
	R(fstat(pair[0], (void *)(bad - 8)));
	R(fstat(pair[0], NULL));
	R(syscall(SYS_statx, pair[0], "", AT_EMPTY_PATH, STATX_ALL, bad));
	R(fcntl(pair[0], F_SETOWN_EX, bad));
	R(fcntl(pair[0], F_GETOWN_EX, bad));
	R(fcntl(pair[0], F_GETOWN_EX, readable));
	R(fcntl(pair[0], F_GETLK, bad));
	R(ioctl(pair[0], FIOASYNC, bad));
	R(ioctl(pair[0], FIONBIO, bad));
	R(ioctl(pair[0], FIONREAD, bad));
	R(ioctl(pair[0], FIOSETOWN, bad));
	R(ioctl(pair[0], FIOGETOWN, bad));
	R(ioctl(pair[0], SIOCGPGRP, readable));
	R(ioctl(pair[0], SIOCGIFFLAGS, bad));
	R(ioctl(pair[0], SIOCGIFCONF, bad));
	R(sendfile(pair[0], file, (void *)bad, 10));
	R(sendfile(pair[0], file, (void *)(bad - 4), 10));
	R(sendfile(pair[0], file, at, 10));
	R(sendfile(pair[0], 1000, (void *)bad, 10));
	R(sendfile(pair[0], 1000, NULL, 10));
	R(splice(p[0], (void *)bad, pair[0], NULL, 10, 0));
	R(syscall(SYS_clone3, bad, 64));
	R(syscall(SYS_clone3, NULL, 64));
	R(syscall(SYS_openat2, AT_FDCWD, "/proc/net/dev", bad, 24));
	R(getsockopt(pair[0], SOL_SOCKET, SO_TYPE, good, (void *)bad));
	R(setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, bad, 16));
	R(close(pair[0]) | close(pair[1]) | close(file));

	/* A ring of packets is made from what cannot be read. */
	i = socket(AF_PACKET, SOCK_RAW, 0);
	R(setsockopt(i, 263, 5, bad, 16));
	R(setsockopt(i, 263, 5, bad - 8, 16));
	R(setsockopt(i, 263, 5, NULL, 16));
	R(close(i) | close(p[0]) | close(p[1]));
}

/* The view is known by names, which may end at a page that is not there. */
static void names(void)
{
	char *edge = bad - 9, text[8];
	struct stat st;
	int fd;

	R(open((void *)bad, O_RDONLY));
	R(open((void *)5000, O_RDONLY));
	R(open(NULL, O_RDONLY));
	R(openat(AT_FDCWD, (void *)bad, O_RDONLY));
	R(syscall(SYS_open, bad, O_RDONLY));
	R(creat((void *)bad, 0600));
	R(stat((void *)bad, &st));
	R(lstat((void *)bad, &st));
	R(access((void *)bad, R_OK));
	R(faccessat(AT_FDCWD, (void *)bad, R_OK, 0));
	R(readlink((void *)bad, text, sizeof(text)));
	R(chdir((void *)bad));
	R(statfs((void *)bad, (void *)good));
	mprotect(readable, PAGE, PROT_READ | PROT_WRITE);
	memcpy(edge, "/proc/net", 9);
	R(open(edge, O_RDONLY));
	R(stat(edge, &st));
	R(access(edge, R_OK));
	memcpy(edge, "/sys/devi", 9);
	R(open(edge, O_RDONLY));
	memcpy(edge, "net.co/fd", 9);
	R(open(edge, O_RDONLY));
	memset(good, 'n', PAGE - 1);
	good[PAGE] = 0;
	R(open(good, O_RDONLY));
	memset(good, 'n', PAGE + 9);
	good[PAGE + 9] = 0;
	R(open(good, O_RDONLY));
	mprotect(readable, PAGE, PROT_READ);

	R(stat("/proc/net/dev", (void *)bad));
	R(stat("/proc/net/dev", (void *)readable));
	R(statfs("/proc/net/dev", (void *)bad));
	R(readlink("/proc/self/net/nothing", (void *)bad, 10));
	fd = open("/proc/net/dev", O_RDONLY);
	R(read(fd, bad, 10));
	R(read(fd, readable, 10));
	R(read(fd, good, 6));
	B(good, 6);
	R(close(fd));
	fd = open("/proc/net", O_RDONLY | O_DIRECTORY);
	R(syscall(SYS_getdents64, fd, bad, 1000));
	R(close(fd));
	fd = open("/proc/self/fd", O_RDONLY | O_DIRECTORY);
	R(syscall(SYS_getdents64, fd, bad, 1000));
	R(syscall(SYS_getdents64, fd, readable, 1000));
	R(close(fd));
}

static sigjmp_buf back;
static volatile int got, got_code;
static void *volatile got_addr;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)context;
	got = sig;
	got_code = info->si_code;
	got_addr = info->si_addr;
	if (info->si_code > 0)
		siglongjmp(back, 1);
}

static void set(int sig, int flags)
{
	struct sigaction act = { .sa_sigaction = handler,
				 .sa_flags = SA_SIGINFO | flags };

	R(sigaction(sig, &act, NULL));
}

static void touch_bad(void)
{
	got = 0;
	if (!sigsetjmp(back, 1))
		*(volatile char *)bad = 1;
	V(got);
	V(got_code);
	V(got_addr == bad);
}

static int disposition(int sig)
{
	struct sigaction act;

	if (sigaction(sig, NULL, &act) < 0)
		return -1;
	return act.sa_handler == SIG_DFL ? 0 : act.sa_handler == SIG_IGN ? 1 :
	       act.sa_sigaction == handler ? 2 : 3;
}

static void handlers(void)
{
	sigset_t mask;
	int pair[2];

	V(disposition(SIGSEGV));
	V(disposition(SIGBUS));
	set(SIGSEGV, 0);
	V(disposition(SIGSEGV));
	touch_bad();
	touch_bad();
	R(raise(SIGSEGV));
	V(got);
	V(got_code <= 0);

	/* EFAULT does not reach it. */
	udp_pair(pair);
	got = 0;
	R(write(pair[0], bad, 10));
	V(got);
	R(close(pair[0]));
	R(close(pair[1]));

	set(SIGSEGV, SA_RESETHAND);
	touch_bad();
	V(disposition(SIGSEGV));
	set(SIGSEGV, SA_NODEFER);
	touch_bad();
	R(sigprocmask(SIG_BLOCK, NULL, &mask));
	V(sigismember(&mask, SIGSEGV));
	R(signal(SIGSEGV, SIG_IGN) == SIG_ERR);
	R(raise(SIGSEGV));
	R(signal(SIGSEGV, SIG_DFL) == SIG_IGN);
}

static void *send_signal(void *thread)
{
	usleep(20000);
	pthread_kill(*(pthread_t *)thread, SIGSEGV);
	return NULL;
}

/* Sent by somebody while the thread is inside a call. */
static void sent(void)
{
	pthread_t self = pthread_self(), sender;
	int pair[2];

	udp_pair(pair);
	set(SIGSEGV, 0);
	got = 0;
	pthread_create(&sender, NULL, send_signal, &self);
	R(recv(pair[0], good, 1, 0));
	pthread_join(sender, NULL);
	V(got);
	R(close(pair[0]));
	R(close(pair[1]));
	signal(SIGSEGV, SIG_DFL);
}

/* What a process dies of. */
static int ends_by(void (*how)(void))
{
	int status = -1;
	pid_t pid = fork();

	if (!pid) {
		how();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return status & 0x7f;
}

static void by_fault(void)
{
	*(volatile char *)bad = 1;
}

static void by_ignored_fault(void)
{
	signal(SIGSEGV, SIG_IGN);
	*(volatile char *)bad = 1;
}

static void by_raise(void)
{
	raise(SIGSEGV);
}

static void by_bus_error(void)
{
	kill(getpid(), SIGBUS);
}

void body(void)
{
	map();
	transfers();
	arguments();
	polls();
	selects();
	epolls();
	messages();
	descriptors();
	names();
	handlers();
	sent();
	V(ends_by(by_fault));
	V(ends_by(by_ignored_fault));
	V(ends_by(by_raise));
	V(ends_by(by_bus_error));
}
