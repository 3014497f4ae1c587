// SPDX-License-Identifier: GPL-2.0-only
/* Many threads at once: what each does must be as if it were alone. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "boot.h"

struct worker {
	pthread_t thread;
	unsigned int number;
	int fd; /* one end of a stream, or -1 */
	unsigned long calls;
	bool (*work)(struct worker *worker);
};

static atomic_bool stop;

/* Files, pipes and identity. */
static bool work_alone(struct worker *worker)
{
	long tid = lkl_sys_gettid(), fd;
	unsigned long value;
	int pipe[2];
	char path[32];

	EXPECT_IS(lkl_sys_pipe2(pipe, 0), 0);
	snprintf(path, sizeof(path), "/tmp/worker-%u", worker->number);
	while (!atomic_load(&stop)) {
		value = worker->calls;
		EXPECT_IS(lkl_sys_gettid(), tid);
		EXPECT_IS(lkl_sys_write(pipe[1], (char *)&value, 8), 8);
		fd = lkl_sys_openat(LKL_AT_FDCWD, path,
				    LKL_O_RDWR | LKL_O_CREAT, 0600);
		EXPECT_OK(fd);
		EXPECT_IS(lkl_sys_pwrite64(fd, (char *)&value, 8, 0), 8);
		EXPECT_IS(lkl_sys_read(pipe[0], (char *)&value, 8), 8);
		EXPECT(value == worker->calls);
		EXPECT_IS(lkl_sys_pread64(fd, (char *)&value, 8, 0), 8);
		EXPECT(value == worker->calls);
		EXPECT_IS(lkl_sys_close(fd), 0);
		worker->calls += 7;
	}
	EXPECT_IS(lkl_sys_unlinkat(LKL_AT_FDCWD, path, 0), 0);
	EXPECT_IS(lkl_sys_close(pipe[0]), 0);
	EXPECT_IS(lkl_sys_close(pipe[1]), 0);
	return true;
}

/* Timers. */
static bool work_asleep(struct worker *worker)
{
	struct __lkl__kernel_timespec t = { 0 };
	unsigned long long start;

	while (!atomic_load(&stop)) {
		t.tv_nsec = 1000 * (1 + worker->calls * 37 % 3000);
		start = host_ns();
		EXPECT_IS(lkl_sys_nanosleep(&t, NULL), 0);
		EXPECT(host_ns() - start >= (unsigned long long)t.tv_nsec);
		worker->calls++;
	}
	return true;
}

/* One of two threads that send each other a growing number. */
static bool work_asking(struct worker *worker)
{
	unsigned long value, answer;

	for (value = 0; !atomic_load(&stop); value += 2) {
		EXPECT_IS(lkl_sys_write(worker->fd, (char *)&value, 8), 8);
		EXPECT_IS(lkl_sys_read(worker->fd, (char *)&answer, 8), 8);
		EXPECT(answer == value + 1);
		worker->calls += 2;
	}
	EXPECT_IS(lkl_sys_close(worker->fd), 0);
	return true;
}

/* The other. */
static bool work_answering(struct worker *worker)
{
	unsigned long value;
	long n;

	while ((n = lkl_sys_read(worker->fd, (char *)&value, 8)) == 8) {
		value++;
		EXPECT_IS(lkl_sys_write(worker->fd, (char *)&value, 8), 8);
		worker->calls += 2;
	}
	EXPECT_IS(n, 0);
	EXPECT_IS(lkl_sys_close(worker->fd), 0);
	return true;
}

static void *start_work(void *arg)
{
	struct worker *worker = arg;

	if (!worker->work(worker))
		atomic_store(&stop, true);
	return NULL;
}

/* Two ends of a TCP connection over the loopback interface. */
static bool connect_pair(int *left, int *right)
{
	struct lkl_sockaddr_in address = { .sin_family = LKL_AF_INET };
	struct lkl_sockaddr *any = (struct lkl_sockaddr *)&address;
	int len = sizeof(address), on = 1;
	long server = lkl_sys_socket(LKL_AF_INET, LKL_SOCK_STREAM, 0);

	EXPECT_OK(server);
	EXPECT_IS(lkl_sys_listen(server, 1), 0);
	EXPECT_IS(lkl_sys_getsockname(server, any, &len), 0);
	address.sin_addr.s_addr = __lkl__constant_htonl(0x7f000001);
	*left = lkl_sys_socket(LKL_AF_INET, LKL_SOCK_STREAM, 0);
	EXPECT_OK(*left);
	EXPECT_IS(lkl_sys_connect(*left, any, len), 0);
	*right = lkl_sys_accept4(server, NULL, NULL, 0);
	EXPECT_OK(*right);
	EXPECT_IS(lkl_sys_setsockopt(*left, LKL_SOL_TCP, LKL_TCP_NODELAY,
				     (char *)&on, sizeof(on)), 0);
	EXPECT_IS(lkl_sys_setsockopt(*right, LKL_SOL_TCP, LKL_TCP_NODELAY,
				     (char *)&on, sizeof(on)), 0);
	EXPECT_IS(lkl_sys_close(server), 0);
	return true;
}

/* Two of four threads talk to each other, one sleeps, one works alone. */
static bool assign(struct worker *workers, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		workers[i].number = i;
		workers[i].fd = -1;
		workers[i].work = i % 4 == 1 ? work_asleep : work_alone;
	}
	for (i = 2; i + 1 < count; i += 4) {
		workers[i].work = work_asking;
		workers[i + 1].work = work_answering;
		if (!connect_pair(&workers[i].fd, &workers[i + 1].fd))
			return false;
	}
	return true;
}

static void host_sleep(unsigned int seconds)
{
	struct timespec tick = { .tv_nsec = 10000000 };
	unsigned long long end = host_ns() + seconds * 1000000000ULL;

	while (!atomic_load(&stop) && host_ns() < end)
		nanosleep(&tick, NULL);
}

bool test_threads_at_once(void)
{
	unsigned int count = boot_options()->threads, started, i;
	struct worker *workers = calloc(count, sizeof(*workers));
	unsigned long calls = 0, least = ~0UL;
	bool good;

	EXPECT(workers);
	good = assign(workers, count);
	for (started = 0; good && started < count; started++)
		if (pthread_create(&workers[started].thread, NULL, start_work,
				   &workers[started]))
			break;
	host_sleep(boot_options()->seconds);
	atomic_store(&stop, true);
	for (i = 0; i < started; i++) {
		pthread_join(workers[i].thread, NULL);
		calls += workers[i].calls;
		if (workers[i].calls < least)
			least = workers[i].calls;
	}
	free(workers);
	EXPECT(good);
	EXPECT_IS(started, count);
	tap_note("%u threads, %lu calls a second, at least %lu of each", count,
		 calls / (boot_options()->seconds + 1), least);
	EXPECT(count == 0 || least > 0);
	return true;
}
