// SPDX-License-Identifier: GPL-2.0-or-later
/* Signals end, restart or leave alone blocking calls; handlers may jump out. */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include "compare.h"

static volatile int count;
static volatile int last_code, last_value, on_stack, blocked;
static sigjmp_buf out;
static volatile int jump;
static char stack[65536];
static int sock, peer;
static char buf[16];

/* Old programs use siginterrupt(3). */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

static void handler(int sig, siginfo_t *info, void *context)
{
	char *here = (char *)&sig;
	sigset_t now;

	(void)context;
	count++;
	last_code = info->si_code;
	last_value = info->si_value.sival_int;
	on_stack = here >= stack && here < stack + sizeof(stack);
	sigprocmask(SIG_BLOCK, NULL, &now);
	blocked = sigismember(&now, SIGALRM) | sigismember(&now, SIGUSR1) << 1 |
		  sigismember(&now, SIGUSR2) << 2;
	if (jump)
		siglongjmp(out, 1);
}

static void set(int sig, int flags, int also)
{
	struct sigaction act = { .sa_sigaction = handler,
				 .sa_flags = SA_SIGINFO | flags };

	sigemptyset(&act.sa_mask);
	if (also)
		sigaddset(&act.sa_mask, also);
	R(sigaction(sig, &act, NULL));
}

static void alarm_soon(void)
{
	struct itimerval t = { .it_value = { 0, 30000 } };

	count = 0;
	setitimer(ITIMER_REAL, &t, NULL);
}

static void *send_later(void *arg)
{
	usleep(120000);
	if (send(peer, "x", 1, 0) != 1)
		puts("send failed");
	return arg;
}

#define SENDING(statement) do {						\
	sigset_t s_;							\
	pthread_t thread_;						\
	sigemptyset(&s_);						\
	sigaddset(&s_, SIGALRM);					\
	pthread_sigmask(SIG_BLOCK, &s_, NULL);				\
	pthread_create(&thread_, NULL, send_later, NULL);		\
	pthread_sigmask(SIG_UNBLOCK, &s_, NULL);			\
	statement;							\
	pthread_join(thread_, NULL);					\
} while (0)

static void interrupted(void)
{
	struct pollfd p = { sock, POLLIN, 0 };
	struct epoll_event ev = { .events = EPOLLIN };
	struct timeval tv = { 0, 500000 };
	struct sigaction old;
	int ep = epoll_create1(0), l, c;
	struct sockaddr_in addr = loopback(7100);
	fd_set set_;

	epoll_ctl(ep, EPOLL_CTL_ADD, sock, &ev);
	set(SIGALRM, 0, 0);
	alarm_soon();
	R(recv(sock, buf, 1, 0));
	V(count);
	alarm_soon();
	R(read(sock, buf, 1));
	alarm_soon();
	R(poll(&p, 1, -1));
	V(count);
	set(SIGALRM, SA_RESTART, 0);
	alarm_soon();
	SENDING(R(recv(sock, buf, 1, 0)));
	V(count);
	alarm_soon();
	R(poll(&p, 1, -1));
	alarm_soon();
	R(epoll_wait(ep, &ev, 1, -1));
	FD_ZERO(&set_);
	FD_SET(sock, &set_);
	alarm_soon();
	R(select(sock + 1, &set_, NULL, NULL, NULL));
	V(count);
	R(setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	alarm_soon();
	R(recv(sock, buf, 1, 0));
	V(count);
	tv.tv_usec = 0;
	R(setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	l = socket(AF_INET, SOCK_STREAM, 0);
	R(bind(l, (struct sockaddr *)&addr, sizeof(addr)));
	R(listen(l, 1));
	siginterrupt(SIGALRM, 1);
	R(sigaction(SIGALRM, NULL, &old));
	V(old.sa_flags & SA_RESTART);
	V(old.sa_sigaction == handler);
	alarm_soon();
	R(accept(l, NULL, NULL));
	V(count);
	/* connect() to a listener that is full. */
	c = socket(AF_INET, SOCK_STREAM, 0);
	R(connect(c, (struct sockaddr *)&addr, sizeof(addr)));
	R(close(c));
	R(close(l));
	R(close(ep));
}

static void flavours(void)
{
	struct pollfd p = { sock, POLLIN, 0 };
	struct sigaction old;
	stack_t alt = { .ss_sp = stack, .ss_size = sizeof(stack) };
	union sigval value = { .sival_int = 4711 };

	set(SIGALRM, SA_RESETHAND, 0);
	alarm_soon();
	R(poll(&p, 1, -1));
	V(count);
	V(blocked);
	R(sigaction(SIGALRM, NULL, &old));
	V(old.sa_handler == SIG_DFL);
	set(SIGALRM, SA_NODEFER, SIGUSR1);
	alarm_soon();
	R(poll(&p, 1, -1));
	V(count);
	V(blocked);
	V(last_code);
	set(SIGALRM, 0, SIGUSR2);
	alarm_soon();
	R(poll(&p, 1, -1));
	V(blocked);
	R(sigaltstack(&alt, NULL));
	set(SIGALRM, SA_ONSTACK, 0);
	alarm_soon();
	R(poll(&p, 1, -1));
	V(on_stack);
	V(count);
	set(SIGALRM, 0, 0);
	alarm_soon();
	R(poll(&p, 1, -1));
	V(on_stack);
	signal(SIGALRM, SIG_IGN);
	alarm_soon();
	R(poll(&p, 1, 60));
	set(SIGUSR1, 0, 0);
	R(sigqueue(getpid(), SIGUSR1, value));
	V(last_value);
	V(last_code);
	signal(SIGUSR1, SIG_DFL);
	R(signal(SIGUSR1, SIG_IGN) == SIG_DFL);
	R(sigaction(65, NULL, &old));
	R(sigaction(SIGKILL, NULL, &old));
	R(sigaction(SIGKILL, &old, NULL));
}

static void jumping(void)
{
	struct pollfd p[2] = { { sock, POLLIN, 0 } };
	struct epoll_event ev = { .events = EPOLLIN };
	int fd[2], i, ep = epoll_create1(0);

	R(pipe(fd));
	p[1] = (struct pollfd){ fd[0], POLLIN, 0 };
	set(SIGALRM, 0, 0);
	jump = 1;
	for (i = 0; i < 3; i++) {
		alarm_soon();
		if (!sigsetjmp(out, 1))
			R(recv(sock, buf, 1, 0));
		V(count);
		alarm_soon();
		if (!sigsetjmp(out, 1))
			R(poll(p, 2, -1));
		V(count);
		alarm_soon();
		if (!sigsetjmp(out, 1))
			R(epoll_wait(ep, &ev, 1, -1));
		V(count);
	}
	jump = 0;
	R(epoll_ctl(ep, EPOLL_CTL_ADD, sock, &ev));
	R(epoll_wait(ep, &ev, 1, 10));
	alarm_soon();
	R(poll(p, 2, -1));
	R(send(peer, "x", 1, 0));
	R(poll(p, 2, -1));
	R(epoll_wait(ep, &ev, 1, -1));
	R(recv(sock, buf, 1, 0));
	R(close(fd[0]));
	R(close(fd[1]));
	R(close(ep));
}

static void masks(void)
{
	struct pollfd p[2] = { { sock, POLLIN, 0 } };
	struct epoll_event ev = { .events = EPOLLIN };
	sigset_t block, none, pending;
	struct timespec ts = { 0, 20000000 };
	int fd[2], ep = epoll_create1(0);
	fd_set fds;

	R(pipe(fd));
	p[1] = (struct pollfd){ fd[0], POLLIN, 0 };
	set(SIGALRM, SA_RESTART, 0);
	sigemptyset(&none);
	sigemptyset(&block);
	sigaddset(&block, SIGALRM);
	sigprocmask(SIG_BLOCK, &block, NULL);
	alarm_soon();
	usleep(60000);
	R(poll(p, 1, 10));
	V(count);
	R(ppoll(p, 1, NULL, &none));
	V(count);
	alarm_soon();
	R(ppoll(p, 2, NULL, &none));
	V(count);
	alarm_soon();
	usleep(60000);
	R(ppoll(p, 2, NULL, &none));
	V(count);
	R(ppoll(p, 2, &ts, &none));
	R(epoll_ctl(ep, EPOLL_CTL_ADD, sock, &ev));
	alarm_soon();
	R(epoll_pwait(ep, &ev, 1, -1, &none));
	V(count);
	alarm_soon();
	usleep(60000);
	R(epoll_pwait2(ep, &ev, 1, NULL, &none));
	V(count);
	FD_ZERO(&fds);
	FD_SET(sock, &fds);
	alarm_soon();
	R(pselect(sock + 1, &fds, NULL, NULL, NULL, &none));
	V(count);
	/* Ready at once: the signal stays pending. */
	R(send(peer, "x", 1, 0));
	alarm_soon();
	usleep(60000);
	R(ppoll(p, 1, NULL, &none));
	V(count);
	sigpending(&pending);
	V(sigismember(&pending, SIGALRM));
	R(recv(sock, buf, 1, 0));
	sigprocmask(SIG_UNBLOCK, &block, NULL);
	V(count);
	sigprocmask(SIG_BLOCK, NULL, &pending);
	V(sigismember(&pending, SIGALRM));
	R(close(fd[0]));
	R(close(fd[1]));
	R(close(ep));
}

/* Many signals at a thread that never leaves LKL for long. */
static volatile int stop;

static void *receiver(void *arg)
{
	long n = 0;

	while (!stop)
		if (recv(sock, buf, 1, 0) == 1)
			n++;
	*(long *)arg = n;
	return NULL;
}

static void storm(void)
{
	pthread_t thread;
	long got = 0;
	int i, sent = 0;

	set(SIGUSR1, SA_RESTART, 0);
	set(SIGUSR2, 0, 0);
	pthread_create(&thread, NULL, receiver, &got);
	for (i = 0; i < 20000; i++) {
		pthread_kill(thread, i & 1 ? SIGUSR1 : SIGUSR2);
		if (i % 8 == 0)
			sent += send(peer, "x", 1, 0) == 1;
		if (i % 64 == 0)
			usleep(1000);
	}
	usleep(50000);
	stop = 1;
	pthread_kill(thread, SIGUSR2);
	send(peer, "x", 1, 0);
	pthread_join(thread, NULL);
	V(sent);
	/* Datagrams may be dropped while the receiver is kept busy. */
	V(got > 0 && got <= sent + 1);
}

/* Signals at a thread that closes sockets: each comes, and none stays blocked. */
static void closing(void)
{
	const struct itimerval often = { { 0, 50 }, { 0, 50 } }, never = { 0 };
	int i, left = 0;
	sigset_t now;

	set(SIGALRM, SA_RESTART, 0);
	count = 0;
	setitimer(ITIMER_REAL, &often, NULL);
	for (i = 0; i < 20000 && !left; i++) {
		close(socket(AF_INET, SOCK_DGRAM, 0));
		sigprocmask(SIG_BLOCK, NULL, &now);
		left = sigismember(&now, SIGALRM);
	}
	setitimer(ITIMER_REAL, &never, NULL);
	V(count > 0);
	V(left);
}

/* As the kernel has it, for programs that ask it themselves. */
struct action {
	void (*handler)(int sig, siginfo_t *info, void *context);
	unsigned long flags;
	void (*restorer)(void);
	unsigned long mask;
};

static long action(int sig, const void *act, void *old, size_t size)
{
	return syscall(SYS_rt_sigaction, sig, act, old, size);
}

static void not_by_libc(void)
{
	struct action act, old;
	struct sigaction seen;
	void *bad = (void *)8;

	/* What returns from handlers is libc's, there and here. */
	set(SIGALRM, 0, SIGUSR1);
	R(action(SIGALRM, NULL, &act, 8));
	V(act.handler == handler);
	V(act.flags & (SA_SIGINFO | SA_RESTART));
	V(act.mask);
	R(action(SIGUSR2, &act, &old, 8));
	V(old.handler == handler);
	R(sigaction(SIGUSR2, NULL, &seen));
	V(seen.sa_sigaction == handler);
	V(sigismember(&seen.sa_mask, SIGUSR1));
	count = 0;
	R(raise(SIGUSR2));
	V(count);
	V(blocked);

	alarm_soon();
	R(recv(sock, buf, 1, 0));
	V(count);
	act.flags |= SA_RESTART;
	act.mask = 1UL << (SIGUSR2 - 1);
	R(action(SIGALRM, &act, &old, 8));
	V(old.handler == handler);
	V(old.flags & SA_RESTART);
	alarm_soon();
	SENDING(R(recv(sock, buf, 1, 0)));
	V(count);
	V(blocked);
	act.flags |= SA_RESETHAND | SA_NODEFER;
	R(action(SIGALRM, &act, NULL, 8));
	alarm_soon();
	SENDING(R(recv(sock, buf, 1, 0)));
	V(blocked);
	R(action(SIGALRM, NULL, &old, 8));
	V(old.handler == handler);

	R(action(SIGALRM, &act, &old, 4));
	R(action(SIGALRM, &act, &old, 16));
	R(action(0, &act, NULL, 8));
	R(action(65, NULL, &old, 8));
	R(action(SIGKILL, &act, NULL, 8));
	R(action(SIGKILL, NULL, &old, 8));
	R(action(SIGUSR1, bad, NULL, 8));
	R(action(SIGUSR1, NULL, bad, 8));
	act.handler = NULL;
	R(action(SIGUSR2, &act, NULL, 8));
	R(sigaction(SIGUSR2, NULL, &seen));
	V(seen.sa_handler == SIG_DFL);
}

/* Python does so before it calls exec. The parent keeps its handlers. */
static void reset_in_vfork(int sig)
{
	static volatile struct sigaction inherited, reset;
	static const struct sigaction die = { .sa_handler = SIG_DFL };
	struct sigaction seen;
	pid_t pid;
	int status;

	set(sig, 0, SIGUSR1);
	pid = vfork();
	if (!pid) {
		sigaction(sig, &die, (struct sigaction *)&inherited);
		sigaction(sig, NULL, (struct sigaction *)&reset);
		raise(sig);
		_exit(1);
	}
	R(waitpid(pid, &status, 0) == pid);
	V(WTERMSIG(status));
	V(inherited.sa_sigaction == handler);
	V(reset.sa_handler == SIG_DFL);
	R(sigaction(sig, NULL, &seen));
	V(seen.sa_sigaction == handler);
	count = 0;
	R(raise(sig));
	V(count);
	V(blocked);
	R(sigaction(sig, &die, NULL));
}

void body(void)
{
	int pair[2];

	closefrom(3);
	udp_pair(pair);
	sock = pair[0];
	peer = pair[1];
	interrupted();
	flavours();
	jumping();
	masks();
	not_by_libc();
	closing();
	reset_in_vfork(SIGTERM);
	reset_in_vfork(SIGUSR2);
	reset_in_vfork(SIGWINCH);
	reset_in_vfork(SIGSEGV);
	storm();
}
