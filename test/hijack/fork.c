// SPDX-License-Identifier: GPL-2.0-or-later
/* A child has the host, no network of its own, and does its parent no harm. */
#include <arpa/inet.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "run.h"

extern char **environ;

static void udp_pair(int pair[2])
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(addr);

	pair[0] = socket(AF_INET, SOCK_DGRAM, 0);
	pair[1] = socket(AF_INET, SOCK_DGRAM, 0);
	CHECK_EQ(bind(pair[0], (struct sockaddr *)&addr, len), 0);
	CHECK_EQ(getsockname(pair[0], (struct sockaddr *)&addr, &len), 0);
	CHECK_EQ(connect(pair[1], (struct sockaddr *)&addr, len), 0);
}

/* Of the library, which is preloaded. */
static int lkl_is_running(void)
{
	int (*running)(void) = (int (*)(void))dlsym(RTLD_DEFAULT,
						    "lkl_is_running");

	return running();
}

/* How many descriptors this process has. */
static int count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static int parents_fds;

/* What a child does; its exit status tells which check failed. */
static void child(int pair[2], int ep)
{
	struct sockaddr_in addr;
	socklen_t len = sizeof(addr);
	char c;
	int p[2];

	/* None of the library's: with them it would keep a device, or a peer. */
	if (count_fds() != parents_fds)
		_exit(13);
	if (socket(AF_INET, SOCK_STREAM, 0) != -1 || errno != ENETDOWN)
		_exit(1);
	if (socket(AF_INET6, SOCK_DGRAM, 0) != -1)
		_exit(2);
	if (send(pair[1], "child", 5, 0) != -1 || errno != ENETDOWN)
		_exit(3);
	if (read(pair[0], &c, 1) != -1 || errno != ENETDOWN)
		_exit(7);
	if (getsockname(pair[0], (struct sockaddr *)&addr, &len) != -1)
		_exit(8);
	/* A number that it closes is its own again. */
	if (dup2(pair[0], 200) != 200 || close(200) || dup2(2, 200) != 200 ||
	    write(200, "", 0))
		_exit(9);
	if (lkl_is_running())
		_exit(10);
	if (epoll_ctl(epoll_create1(0), EPOLL_CTL_ADD, pair[0],
		      &(struct epoll_event){ EPOLLIN, { 0 } }) != -1 ||
	    errno != ENETDOWN)
		_exit(12);
	if (open("/dev/net/tun", O_RDWR) != -1 || errno != ENETDOWN ||
	    fopen("/dev/net/tun", "r+") || errno != ENETDOWN)
		_exit(11);
	if (pipe(p) || write(p[1], "x", 1) != 1 || read(p[0], &c, 1) != 1)
		_exit(4);
	if (dup2(p[0], pair[0]) != pair[0] || close(pair[0]))
		_exit(5);
	if (close(pair[1]) || close(ep))
		_exit(6);
	closefrom(3);
	_exit(0);
}

/* The ways to a child that libc has. */
static int fds[2], set;

static int cloned(void *arg)
{
	child(fds, set);
	return *(int *)arg;
}

static int do_nothing(void *arg)
{
	return *(int *)arg;
}

static pid_t by_fork(void)
{
	return fork();
}

static pid_t by_under_fork(void)
{
	return _Fork();
}

static pid_t by_clone(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	int one = 1;

	return clone(cloned, stack + sizeof(stack), SIGCHLD, &one);
}

/* What it closed, it would close in the parent. */
static pid_t by_clone_with_files(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	int none = 0;

	return clone(do_nothing, stack + sizeof(stack), CLONE_FILES | SIGCHLD,
		     &none);
}

static pid_t by_syscall(void)
{
	return syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
}

static pid_t by_plain_fork(void)
{
	return syscall(SYS_fork);
}

static pid_t (*const ways[])(void) = { by_fork, by_under_fork, by_clone,
				       by_syscall, by_plain_fork,
				       by_clone_with_files };
#define WAYS ((int)(sizeof(ways) / sizeof(ways[0])))

static void forks(void)
{
	struct epoll_event event = { .events = EPOLLIN };
	int pair[2], ep = epoll_create1(0), i, status;
	char buf[8];
	pid_t pid;

	udp_pair(pair);
	CHECK_EQ(lkl_is_running(), 1);
	CHECK_EQ(epoll_ctl(ep, EPOLL_CTL_ADD, pair[0], &event), 0);
	for (i = 0; i < WAYS; i++) {
		fds[0] = pair[0];
		fds[1] = pair[1];
		set = ep;
		parents_fds = count_fds();
		pid = ways[i]();
		CHECK(pid >= 0);
		if (!pid)
			child(pair, ep);
		CHECK_EQ(waitpid(pid, &status, 0), pid);
		CHECK_EQ(status, 0);
		/* The parent's sockets are as they were. */
		CHECK_EQ(recv(pair[0], buf, 8, MSG_DONTWAIT), -1);
		CHECK_EQ(send(pair[1], "mine", 4, 0), 4);
		CHECK_EQ(epoll_wait(ep, &event, 1, -1), 1);
		CHECK_EQ(recv(pair[0], buf, 8, 0), 4);
	}
	close(pair[0]);
	close(pair[1]);
	close(ep);
}

/* A child that calls exec has a kernel of its own, whoever started it. */
static void execs(void)
{
	char *argv[] = { "ip", "-o", "link", "show", "dev", "lo", NULL };
	char *argv2[] = { "sh", "-c", "exit $(ip -o link | grep -c eth0)", NULL };
	int pair[2], status;
	pid_t pid;

	udp_pair(pair);
	fflush(stdout);
	CHECK_EQ(posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ), 0);
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_EQ(status, 0);
	CHECK_EQ(posix_spawnp(&pid, argv2[0], NULL, NULL, argv2, environ), 0);
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_EQ(status, 0);
	pid = vfork();
	if (!pid) {
		close(pair[0]);
		execvp(argv[0], argv);
		_exit(127);
	}
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_EQ(status, 0);
	/* Closed in the child alone. */
	CHECK_EQ(send(pair[1], "x", 1, 0), 1);
	CHECK_EQ(recv(pair[0], &status, 1, 0), 1);
	close(pair[0]);
	close(pair[1]);
}

int main(void)
{
	static struct ended ended;
	char *line;
	int told = 0;

	if (again()) {
		forks();
		execs();
		return 0;
	}
	run_hijacked(NULL, NULL, NULL, &ended);
	fputs(ended.out, stdout);
	fputs(ended.err, stderr);
	CHECK_EQ(ended.status, 0);
	/* Each of them but the last says once why it has no network. */
	for (line = ended.err; (line = strstr(line, "lkl-hijack:")); line++)
		told++;
	CHECK_EQ(told, WAYS - 1);
	CHECK(strstr(ended.out, "LOOPBACK"));
	return 0;
}
