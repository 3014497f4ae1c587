// SPDX-License-Identifier: GPL-2.0-or-later
/* Threads that open, copy and close at random never see each other's sockets. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "run.h"

#define THREADS 4
#define ROUNDS 20000
#define OPEN 24

/* Each thread knows what its own descriptors are: the mark of a socket. */
struct mine {
	int fd[OPEN];
	int mark[OPEN];		/* IP_TTL of a socket; -1 for a file */
};

static int make(int mark)
{
	int fd = mark < 0 ? open("/dev/null", O_RDWR)
			  : socket(AF_INET, SOCK_DGRAM, 0);

	CHECK(fd >= 0);
	if (mark >= 0)
		CHECK_EQ(setsockopt(fd, IPPROTO_IP, IP_TTL, &mark,
				    sizeof(mark)), 0);
	return fd;
}

static void look(int fd, int mark)
{
	socklen_t len = sizeof(mark);
	int ttl = 0, ret = getsockopt(fd, IPPROTO_IP, IP_TTL, &ttl, &len);

	if (mark < 0) {
		CHECK_EQ(ret, -1);
		CHECK_EQ(errno, ENOTSOCK);
	} else {
		CHECK_EQ(ret, 0);
		CHECK_EQ(ttl, mark);
	}
}

static void *work(void *arg)
{
	unsigned int seed = (long)arg;
	struct mine m;
	int i, k, n;

	for (k = 0; k < OPEN; k++) {
		m.mark[k] = k % 3 ? 1 + (int)(long)arg * 50 + k : -1;
		m.fd[k] = make(m.mark[k]);
	}
	for (i = 0; i < ROUNDS; i++) {
		k = rand_r(&seed) % OPEN;
		n = rand_r(&seed) % OPEN;
		look(m.fd[k], m.mark[k]);
		switch (rand_r(&seed) % 4) {
		case 0:
			CHECK_EQ(close(m.fd[k]), 0);
			m.fd[k] = make(m.mark[k]);
			break;
		case 1:
			if (k == n)
				break;
			CHECK_EQ(close(m.fd[n]), 0);
			m.fd[n] = rand_r(&seed) & 1
				? dup(m.fd[k])
				: fcntl(m.fd[k], F_DUPFD_CLOEXEC, 500);
			CHECK(m.fd[n] >= 0);
			m.mark[n] = m.mark[k];
			break;
		case 2:
			CHECK_EQ(dup2(m.fd[k], m.fd[n]), m.fd[n]);
			m.mark[n] = m.mark[k];
			break;
		}
	}
	for (k = 0; k < OPEN; k++) {
		look(m.fd[k], m.mark[k]);
		CHECK_EQ(close(m.fd[k]), 0);
	}
	return NULL;
}

static void stress(void)
{
	pthread_t thread[THREADS];
	struct rlimit limit = { 2000, 4096 };
	int fd;
	long i;

	setrlimit(RLIMIT_NOFILE, &limit);
	for (i = 0; i < THREADS; i++)
		CHECK_EQ(pthread_create(&thread[i], NULL, work, (void *)i), 0);
	for (i = 0; i < THREADS; i++)
		CHECK_EQ(pthread_join(thread[i], NULL), 0);
	/* Nothing is left over. */
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	CHECK_EQ(fd, 3);
	close(fd);
	puts("done");
}

static bool done;
static int shared;

static void *replace(void *arg)
{
	int i, fd;

	for (i = 0; i < ROUNDS; i++) {
		fd = socket(AF_INET, SOCK_STREAM, 0);
		CHECK_EQ(dup2(fd, shared), shared);
		close(fd);
	}
	__atomic_store_n(&done, true, __ATOMIC_RELAXED);
	return arg;
}

static void *open_others(void *arg)
{
	while (!__atomic_load_n(&done, __ATOMIC_RELAXED))
		close(socket(AF_INET, SOCK_DGRAM, 0));
	return arg;
}

static void *ask(void *arg)
{
	int type;
	socklen_t len = sizeof(type);

	while (!__atomic_load_n(&done, __ATOMIC_RELAXED)) {
		CHECK_EQ(getsockopt(shared, SOL_SOCKET, SO_TYPE, &type, &len),
			 0);
		CHECK_EQ(type, SOCK_STREAM);
	}
	return arg;
}

/* What is behind a number when it is replaced is the old socket or the new. */
static void replaced(void)
{
	static void *(*const work[])(void *) = { replace, open_others, ask, ask };
	pthread_t threads[4];
	int i;

	shared = socket(AF_INET, SOCK_STREAM, 0);
	for (i = 0; i < 4; i++)
		CHECK_EQ(pthread_create(&threads[i], NULL, work[i], NULL), 0);
	for (i = 0; i < 4; i++)
		CHECK_EQ(pthread_join(threads[i], NULL), 0);
	close(shared);
}

int main(void)
{
	static struct ended ended;

	if (again()) {
		replaced();
		stress();
		return 0;
	}
	run_hijacked(NULL, NULL, NULL, &ended);
	fputs(ended.err, stderr);
	CHECK_TEXT(ended.out, "done\n");
	return 0;
}
