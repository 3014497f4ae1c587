// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes in bursts: what each has come to, and hosts that do not have them. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../../linux/lib/burst.h"
#include "check.h"

#define LEN 10000

static char data[BURST_MAX][LEN];
static struct iovec iov[BURST_MAX];
static struct burst_write writes[BURST_MAX];

static void prepare(void)
{
	int i;

	for (i = 0; i < BURST_MAX; i++) {
		memset(data[i], 'a' + i, LEN);
		iov[i] = (struct iovec){ data[i], LEN };
		writes[i] = (struct burst_write){ &iov[i], 1, 0 };
	}
}

static void expect(int fd, int message)
{
	char buf[LEN + 1];

	CHECK_EQ(recv(fd, buf, sizeof(buf), MSG_DONTWAIT), LEN);
	CHECK_EQ(memcmp(buf, data[message], LEN), 0);
}

/* All that goes, in order; what does not fit is refused and does not wait. */
static void test_order(const int pair[2])
{
	int round, i, n, full = 0;

	for (round = 0; round < 1000; round++) {
		n = 1 + round % BURST_MAX;
		prepare();
		CHECK_EQ(burst_write(pair[0], writes, n), 0);
		for (i = 0; i < n && writes[i].result == LEN; i++)
			expect(pair[1], i);
		for (; i < n; i++, full++)
			CHECK_EQ(writes[i].result, -EAGAIN);
		CHECK_EQ(recv(pair[1], data, 1, MSG_DONTWAIT), -1);
	}
	CHECK(full > 0);
}

/* Each has its own error. */
static void test_errors(const int pair[2])
{
	prepare();
	iov[1].iov_base = (void *)8;
	CHECK_EQ(burst_write(pair[0], writes, 3), 0);
	CHECK_EQ(writes[0].result, LEN);
	CHECK_EQ(writes[1].result, -EFAULT);
	CHECK_EQ(writes[2].result, LEN);
	expect(pair[1], 0);
	expect(pair[1], 2);

	CHECK_EQ(burst_write(-1, writes, 2), 0);
	CHECK_EQ(writes[0].result, -EBADF);
	CHECK_EQ(writes[1].result, -EBADF);
}

/* It works for the first thread alone. */
static void *other_thread(void *arg)
{
	const int *pair = arg;

	prepare();
	CHECK_EQ(burst_write(pair[0], writes, 1), -ENOSYS);
	return NULL;
}

static void forbid(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {
		.len = sizeof(filter) / sizeof(filter[0]),
		.filter = filter,
	};

	CHECK_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	CHECK_EQ(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

/* A filter, as containers have one: an error, and nothing is written. */
static void test_forbidden(const int pair[2])
{
	int status, i;

	if (!fork()) {
		forbid();
		prepare();
		for (i = 0; i < 2; i++)
			CHECK_EQ(burst_write(pair[0], writes, 1), -ENOSYS);
		_exit(0);
	}
	CHECK(wait(&status) > 0);
	CHECK_EQ(status, 0);
	CHECK_EQ(recv(pair[1], data, 1, MSG_DONTWAIT), -1);
}

int main(void)
{
	int pair[2], lowest;
	pthread_t thread;

	CHECK_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	test_forbidden(pair);
	lowest = dup(0);
	close(lowest);
	prepare();
	if (burst_write(pair[0], writes, 1))
		SKIP("this host has no io_uring, or forbids it");
	CHECK_EQ(dup(0), lowest);	/* it has left no descriptor */
	expect(pair[1], 0);
	test_order(pair);
	test_errors(pair);
	CHECK_EQ(pthread_create(&thread, NULL, other_thread, pair), 0);
	pthread_join(thread, NULL);
	burst_end();
	CHECK_EQ(burst_write(pair[0], writes, 1), -ENOSYS);
	return 0;
}
