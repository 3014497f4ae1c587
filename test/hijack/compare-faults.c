// SPDX-License-Identifier: GPL-2.0-or-later
/* Bad pointers in calls are EFAULT, and faults of the program are its own. */
#include <arpa/inet.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "compare.h"

#define PAGE 4096

/* Two pages that can be used, one that can be read, one that cannot be touched. */
static char *good, *readable, *bad;

/* Faults are meant, so the compiler need not see them. */
#pragma GCC diagnostic ignored "-Wnonnull"

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
	R(recv(pair[1], buf, sizeof(buf), MSG_DONTWAIT));
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
	handlers();
	sent();
	V(ends_by(by_fault));
	V(ends_by(by_ignored_fault));
	V(ends_by(by_raise));
	V(ends_by(by_bus_error));
}
