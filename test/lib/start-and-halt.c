// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel starts and ends in a program, which keeps what it had. */
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "check.h"
#include "stack.h"
#include <lkl.h>

static const long no_params[6];

static unsigned int entries(const char *path)
{
	DIR *dir = opendir(path);
	unsigned int n = 0;

	CHECK(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static void test_before(void)
{
	struct lkl_thread *self = lkl_self();

	CHECK_EQ(lkl_is_running(), 0);
	CHECK_EQ(lkl_syscall(__lkl__NR_getpid, no_params), -LKL_ENODEV);
	CHECK_EQ(lkl_sys_getpid(), -LKL_ENODEV);
	CHECK_EQ(lkl_halt(), -LKL_ENODEV);
	CHECK_EQ(lkl_if_up(1), -LKL_ENODEV);
	CHECK(self && self == lkl_self());
	CHECK_EQ(lkl_kernel_inside(self), 0);
	CHECK_EQ(lkl_start_kernel("%05000d", 1), -LKL_E2BIG);
	CHECK_EQ(lkl_start_kernel("quiet rdinit=/x"), -LKL_EINVAL);
	CHECK_EQ(lkl_is_running(), 0);
}

/* How many threads have the service thread's name; they block all signals. */
static int service_threads(void)
{
	char path[300], line[256];
	unsigned long long mask;
	DIR *dir = opendir("/proc/self/task");
	struct dirent *d;
	int found = 0, named;
	FILE *f;

	while ((d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/self/task/%s/status",
			 d->d_name);
		f = fopen(path, "r");
		CHECK(f);
		named = 0;
		while (fgets(line, sizeof(line), f)) {
			if (!strcmp(line, "Name:\tlkl-service\n"))
				named = 1;
			if (named && sscanf(line, "SigBlk: %llx", &mask) == 1) {
				/* But SIGKILL, SIGSTOP, and libc's 32 and 33. */
				CHECK_EQ(mask | 0x180040100, ~0ULL);
				found++;
			}
		}
		fclose(f);
	}
	closedir(dir);
	return found;
}

static void test_service_thread(void)
{
	int found;

	/* It gets its name when it first runs. */
	while (!(found = service_threads()))
		usleep(100);
	CHECK_EQ(found, 1);
}

static void *call_once(void *tid)
{
	*(long *)tid = lkl_sys_gettid();
	return NULL;
}

static unsigned int tasks(void)
{
	struct lkl_sysinfo info;

	CHECK_EQ(lkl_sys_sysinfo(&info), 0);
	return info.procs;
}

/* A thread has its task, and takes it along when it ends. */
static void test_threads(void)
{
	unsigned int before = tasks();
	long tid, other;
	pthread_t thread;
	int i;

	tid = lkl_sys_gettid();
	CHECK_EQ(lkl_sys_gettid(), tid);
	for (i = 0; i < 500; i++) {
		CHECK_EQ(pthread_create(&thread, NULL, call_once, &other), 0);
		CHECK_EQ(pthread_join(thread, NULL), 0);
		CHECK(other > 0 && other != tid);
	}
	CHECK(tasks() <= before + 2);
}

/* A destructor that runs after the library's own makes calls, too. */
static pthread_key_t late_key;

static void late_call(void *counter)
{
	CHECK(lkl_sys_gettid() > 0);
	if (--*(int *)counter)
		pthread_setspecific(late_key, counter);
}

static void *end_late(void *counter)
{
	pthread_setspecific(late_key, counter);
	CHECK(lkl_sys_gettid() > 0);
	return NULL;
}

static void test_late_destructor(void)
{
	unsigned int before = tasks();
	pthread_t thread;
	int counter, i;

	CHECK_EQ(pthread_key_create(&late_key, late_call), 0);
	for (i = 0; i < 100; i++) {
		counter = 2;
		CHECK_EQ(pthread_create(&thread, NULL, end_late, &counter), 0);
		CHECK_EQ(pthread_join(thread, NULL), 0);
		CHECK_EQ(counter, 0);
	}
	CHECK(tasks() <= before + 2);
}

/* Errors and pointers go through; time is the host's. */
static void test_calls(void)
{
	struct __lkl__kernel_timespec ts;
	struct timespec host;
	char c;
	int fds[2];

	CHECK_EQ(lkl_sys_close(77), -LKL_EBADF);
	CHECK_EQ(lkl_sys_pipe2(fds, 0), 0);
	CHECK_EQ(lkl_sys_write(fds[1], "x", 1), 1);
	CHECK_EQ(lkl_sys_read(fds[0], &c, 1), 1);
	CHECK_EQ(c, 'x');
	lkl_sys_close(fds[0]);
	lkl_sys_close(fds[1]);
	CHECK_EQ(lkl_sys_clock_gettime(LKL_CLOCK_REALTIME, &ts), 0);
	clock_gettime(CLOCK_REALTIME, &host);
	CHECK(ts.tv_sec >= host.tv_sec - 5 && ts.tv_sec <= host.tv_sec);
}

static _Atomic int blocked_inside;
static long blocked_result;

static void *read_forever(void *fd)
{
	char c;

	blocked_inside = 1;
	blocked_result = lkl_sys_read(*(int *)fd, &c, 1);
	return NULL;
}

static void test_halt(void)
{
	pthread_t thread;
	int fds[2];

	CHECK_EQ(lkl_sys_pipe2(fds, 0), 0);
	CHECK_EQ(pthread_create(&thread, NULL, read_forever, &fds[0]), 0);
	while (!blocked_inside)
		usleep(100);
	usleep(2000);
	check_log();
	CHECK_EQ(lkl_halt(), 0);
	CHECK_EQ(pthread_join(thread, NULL), 0);
	CHECK_EQ(blocked_result, -LKL_ENODEV);
	CHECK_EQ(lkl_is_running(), 0);
	CHECK_EQ(lkl_sys_getpid(), -LKL_ENODEV);
	CHECK_EQ(lkl_halt(), -LKL_ENODEV);
	CHECK_EQ(lkl_start_kernel("mem=64M"), -LKL_EBUSY);
	CHECK_EQ(lkl_is_running(), 0);
}

int main(void)
{
	unsigned int fds = entries("/proc/self/fd");
	unsigned int threads = entries("/proc/self/task");
	static sigset_t before, after;

	alarm(120);
	test_before();
	sigprocmask(SIG_BLOCK, NULL, &before);
	CHECK_EQ(lkl_start_kernel("mem=%dM", 64), 0);
	sigprocmask(SIG_BLOCK, NULL, &after);
	CHECK_EQ(memcmp(&before, &after, sizeof(before)), 0);
	CHECK_EQ(lkl_is_running(), 1);
	CHECK_EQ(lkl_start_kernel("mem=64M"), -LKL_EBUSY);
	CHECK_EQ(lkl_is_running(), 1);
	CHECK_EQ(lkl_sys_getpid(), 1);
	test_service_thread();
	test_calls();
	test_threads();
	test_late_destructor();
	test_halt();
	CHECK_EQ(entries("/proc/self/fd"), fds);
	CHECK_EQ(entries("/proc/self/task"), threads);
	return 0;
}
