// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Signals at random, threads cancelled in calls, descriptors closed by other
 * threads and forks, all at once: no hang, no crash, no stuck task, nothing
 * left over. `npm run bench -- torture` runs it for five minutes.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "run.h"

#define LKL_NR_NEWFSTATAT 79	/* asm-generic/unistd.h */

#define ECHOES 3
#define SECONDS 8

enum role { ECHO, ANSWER, CANCEL, CLOSE, FORK, MIXED, ROLES };

static const int signals[] = { SIGUSR1, SIGUSR2, SIGALRM, SIGWINCH };

static atomic_bool stop;
static atomic_ulong progress[ROLES], handled;

/* Targets of signals: threads that live as long as the torture. */
static pthread_t targets[64];
static int target_count;

static uint32_t next(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void take(int sig)
{
	int err = errno, fd, state;

	/* Handlers may use the network, too. One that ended in close() would leak. */
	if (sig == SIGUSR2) {
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
		fd = socket(AF_INET, SOCK_DGRAM, 0);
		if (fd >= 0)
			close(fd);
		pthread_setcancelstate(state, &state);
	}
	handled++;
	errno = err;
}

static void pair_of(int pair[2])
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(addr);
	int listener = socket(AF_INET, SOCK_STREAM, 0), err;

	CHECK(listener >= 0);
	CHECK_EQ(bind(listener, (struct sockaddr *)&addr, len), 0);
	CHECK_EQ(listen(listener, 1), 0);
	CHECK_EQ(getsockname(listener, (struct sockaddr *)&addr, &len), 0);
	pair[0] = socket(AF_INET, SOCK_STREAM, 0);
	err = connect(pair[0], (struct sockaddr *)&addr, len);
	/* Interrupted, it goes on; accept() waits for its end. */
	CHECK(!err || errno == EINTR);
	do
		pair[1] = accept(listener, NULL, NULL);
	while (pair[1] < 0 && errno == EINTR);
	CHECK(pair[1] >= 0);
	close(listener);
}

static void all(int fd, char *buf, size_t len, int out)
{
	ssize_t n;

	while (len) {
		n = out ? send(fd, buf, len, 0) : recv(fd, buf, len, 0);
		if (n < 0 && errno == EINTR)
			continue;
		CHECK(n > 0);
		buf += n;
		len -= n;
	}
}

/* Sends blocks, of which each must come back as it was. */
static void *echo(void *arg)
{
	uint32_t seed = 77 + *(int *)arg, mark;
	uint32_t sent[2048], back[2048];
	size_t i;

	while (!stop) {
		mark = next(&seed);
		for (i = 0; i < 2048; i++)
			sent[i] = mark + i;
		all(*(int *)arg, (char *)sent, sizeof(sent), 1);
		all(*(int *)arg, (char *)back, sizeof(back), 0);
		CHECK(!memcmp(sent, back, sizeof(sent)));
		progress[ECHO]++;
	}
	shutdown(*(int *)arg, SHUT_WR);
	return NULL;
}

static void *answer(void *arg)
{
	char buf[3000];
	ssize_t n;

	for (;;) {
		n = recv(*(int *)arg, buf, sizeof(buf), 0);
		if (!n)
			return NULL;
		CHECK(n > 0 || errno == EINTR);
		if (n > 0)
			all(*(int *)arg, buf, n, 1);
		progress[ANSWER]++;
	}
}

struct victim {
	int fd, ep, p[2], kind;
};

static void *wait_for_ever(void *arg)
{
	struct victim *v = arg;
	struct pollfd p[2] = { { .fd = v->fd, .events = POLLIN },
			       { .fd = 0, .events = 0 } };
	struct epoll_event event;
	fd_set set;
	char c;

	for (;;) {
		switch (v->kind) {
		case 0:
			recv(v->fd, &c, 1, 0);
			break;
		case 1:
			poll(p, 2, -1);
			break;
		case 2:
			epoll_wait(v->ep, &event, 1, -1);
			break;
		case 3:
			FD_ZERO(&set);
			FD_SET(v->fd, &set);
			select(v->fd + 1, &set, NULL, NULL, NULL);
			break;
		case 4:
			/* Of the host: the first one is libc's, the others not. */
			read(v->p[0], &c, 0);
			read(v->p[0], &c, 1);
			break;
		default:
			read(v->fd, &c, 1);
			break;
		}
		pthread_testcancel();
	}
	return NULL;
}

static void *cancel(void *arg)
{
	struct epoll_event event = { .events = EPOLLIN };
	uint32_t seed = 5;
	pthread_t thread;
	struct victim v;
	void *value;
	int i;

	v.fd = socket(AF_INET, SOCK_DGRAM, 0);
	v.ep = epoll_create1(0);
	CHECK_EQ(pipe(v.p), 0);
	epoll_ctl(v.ep, EPOLL_CTL_ADD, v.fd, &event);
	while (!stop) {
		v.kind = next(&seed) % 6;
		CHECK_EQ(pthread_create(&thread, NULL, wait_for_ever, &v), 0);
		if (next(&seed) & 1)
			usleep(next(&seed) % 2000);
		for (i = next(&seed) % 4; i; i--)
			pthread_kill(thread, signals[next(&seed) % 4]);
		CHECK_EQ(pthread_cancel(thread), 0);
		CHECK_EQ(pthread_join(thread, &value), 0);
		CHECK(value == PTHREAD_CANCELED);
		progress[CANCEL]++;
	}
	close(v.ep);
	close(v.p[0]);
	close(v.p[1]);
	close(v.fd);
	return arg;
}

static void *receive_until_closed(void *arg)
{
	char c;

	while (recv(*(int *)arg, &c, 1, 0) > 0 || errno == EINTR)
		errno = 0;
	return NULL;
}

/*
 * The end of a connection and its descriptor, in the middle of a call. A
 * socket that has ended takes the number: it must not become that of a socket
 * of another thread, or of a handler, before the call.
 */
static void *close_elsewhere(void *arg)
{
	uint32_t seed = 9;
	pthread_t thread;
	int pair[2], ended[2];

	pair_of(ended);
	shutdown(ended[0], SHUT_RDWR);
	while (!stop) {
		pair_of(pair);
		CHECK_EQ(pthread_create(&thread, NULL, receive_until_closed,
					pair), 0);
		usleep(next(&seed) % 1000);
		if (next(&seed) & 1)
			send(pair[1], "x", 1, 0);
		/* A close() alone would leave recv() waiting, as on a host. */
		shutdown(pair[0], SHUT_RDWR);
		CHECK_EQ(dup2(ended[0], pair[0]), pair[0]);
		close(pair[1]);
		CHECK_EQ(pthread_join(thread, NULL), 0);
		close(pair[0]);
		progress[CLOSE]++;
	}
	close(ended[0]);
	close(ended[1]);
	return arg;
}

static void wait_child(pid_t pid, int expected)
{
	int status;
	pid_t got;

	do
		got = waitpid(pid, &status, 0);
	while (got < 0 && errno == EINTR);
	CHECK_EQ(got, pid);
	CHECK_EQ(status, expected << 8);
}

static void *fork_children(void *arg)
{
	char *const argv[] = { "sh", "-c", "exit 3", NULL };
	char *const plain[] = { "PATH=/bin:/usr/bin", NULL };
	uint32_t seed = 3;
	pid_t pid;
	int p[2];

	while (!stop) {
		if (next(&seed) & 1) {
			CHECK_EQ(posix_spawn(&pid, "/bin/sh", NULL, NULL, argv,
					     plain), 0);
			wait_child(pid, 3);
		} else {
			CHECK_EQ(pipe(p), 0);
			pid = fork();
			CHECK(pid >= 0);
			if (!pid)
				_exit(write(p[1], "x", 1) == 1 ? 4 : 5);
			wait_child(pid, 4);
			close(p[0]);
			close(p[1]);
		}
		progress[FORK]++;
		usleep(1000);
	}
	return arg;
}

/* Host and LKL in one poll. */
static void *mixed(void *arg)
{
	uint32_t seed = 21;
	int pair[2], p[2], ret;
	char c;

	pair_of(pair);
	CHECK_EQ(pipe(p), 0);
	while (!stop) {
		struct pollfd fds[2] = { { .fd = pair[0], .events = POLLIN },
					 { .fd = p[0], .events = POLLIN } };
		int host = next(&seed) & 1;

		CHECK_EQ(write(host ? p[1] : pair[1], "x", 1), 1);
		do
			ret = poll(fds, 2, -1);
		while (ret < 0 && errno == EINTR);
		CHECK_EQ(ret, 1);
		CHECK_EQ(fds[host].revents, POLLIN);
		CHECK_EQ(read(fds[host].fd, &c, 1), 1);
		progress[MIXED]++;
	}
	close(pair[0]);
	close(pair[1]);
	close(p[0]);
	close(p[1]);
	return arg;
}

static int descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	CHECK(dir != NULL);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

/*
 * LKL's own count of our threads' tasks, as the directory's links. Its kernel's
 * threads, which come and go by their own rules, are not among them.
 */
static int tasks(void)
{
	long (*lkl_syscall)(long, const long *) = dlsym(RTLD_DEFAULT,
							"lkl_syscall");
	uint32_t st[36] = { 0 };	/* struct stat, of which [5] is st_nlink */
	long args[6] = { AT_FDCWD, (long)"/proc/self/task", (long)st };

	CHECK(lkl_syscall != NULL);
	CHECK_EQ(lkl_syscall(LKL_NR_NEWFSTATAT, args), 0);
	return st[5];
}

static void start(void *(*run)(void *), void *arg)
{
	CHECK_EQ(pthread_create(&targets[target_count++], NULL, run, arg), 0);
}

static void torture(int seconds)
{
	static int pairs[ECHOES][2];
	int before_fds, before_tasks, i, role;
	struct sigaction act = { .sa_handler = take };
	uint32_t seed = 1;
	time_t end;

	for (i = 0; i < 4; i++) {
		act.sa_flags = i & 1 ? SA_RESTART : 0;
		CHECK_EQ(sigaction(signals[i], &act, NULL), 0);
	}
	/* What is made at first use is there before it is counted. */
	pair_of(pairs[0]);
	close(pairs[0][0]);
	close(pairs[0][1]);
	before_fds = descriptors();
	before_tasks = tasks();

	for (i = 0; i < ECHOES; i++) {
		pair_of(pairs[i]);
		start(echo, &pairs[i][0]);
		start(answer, &pairs[i][1]);
	}
	start(cancel, NULL);
	start(close_elsewhere, NULL);
	start(fork_children, NULL);
	start(mixed, NULL);

	end = time(NULL) + seconds;
	while (time(NULL) < end) {
		usleep(next(&seed) % 500);
		i = next(&seed) % target_count;
		pthread_kill(targets[i], signals[next(&seed) % 4]);
	}
	stop = true;
	for (i = 0; i < target_count; i++)
		CHECK_EQ(pthread_join(targets[i], NULL), 0);
	for (i = 0; i < ECHOES; i++) {
		close(pairs[i][0]);
		close(pairs[i][1]);
	}
	for (role = 0; role < ROLES; role++)
		CHECK(progress[role] > 0);
	CHECK(handled > 0);
	CHECK_EQ(descriptors(), before_fds);
	/* A thread's task ends after the thread: wait for the last. */
	for (i = 0; i < 1000 && tasks() > before_tasks; i++)
		usleep(1000);
	CHECK_EQ(tasks(), before_tasks);
	printf("%lu blocks, %lu cancelled, %lu closed, %lu children, %lu mixed polls, %lu signals\n",
	       progress[ECHO], progress[CANCEL], progress[CLOSE],
	       progress[FORK], progress[MIXED], handled);
}

int main(void)
{
	static struct ended ended;
	const char *seconds = getenv("TORTURE_SECONDS");

	if (again() || seconds) {
		torture(seconds ? atoi(seconds) : SECONDS);
		return 0;
	}
	run_hijacked(NULL, NULL, NULL, &ended);
	CHECK_TEXT(ended.err, "");
	CHECK_EQ(ended.status, 0);
	fputs(ended.out, stdout);
	return 0;
}
