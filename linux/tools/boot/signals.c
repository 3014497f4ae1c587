// SPDX-License-Identifier: GPL-2.0-only
/* Signals of the host, and calls that they find under way. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include "boot.h"

/* A thread that makes one call. */
struct caller {
	pthread_t thread;
	_Atomic(struct lkl_thread *) self;
	long nr;
	long params[6];
	long result;
};

static void *make_call(void *arg)
{
	struct caller *caller = arg;

	lkl_sys_getpid(); /* the task's creation is no part of the call */
	atomic_store(&caller->self, lkl_self());
	caller->result = lkl_syscall(caller->nr, caller->params);
	return NULL;
}

/* Starts the call and returns when it is under way. */
static bool start_call(struct caller *caller)
{
	EXPECT_IS(pthread_create(&caller->thread, NULL, make_call, caller), 0);
	while (!atomic_load(&caller->self) ||
	       !lkl_kernel_inside(atomic_load(&caller->self)))
		sched_yield();
	return true;
}

static long end_call(struct caller *caller)
{
	pthread_join(caller->thread, NULL);
	return caller->result;
}

bool test_interrupt_read(void)
{
	int pipe[2], i;
	char buf[8] = "";

	EXPECT_IS(lkl_sys_pipe2(pipe, 0), 0);
	for (i = 0; i < 100; i++) {
		struct caller caller = {
			.nr = __lkl__NR_read,
			.params = { pipe[0], (long)buf, sizeof(buf) },
		};

		if (!start_call(&caller))
			return false;
		lkl_kernel_interrupt(caller.self);
		EXPECT_IS(end_call(&caller), -LKL_ERESTARTSYS);
	}
	EXPECT_IS(lkl_syscall_result(-LKL_ERESTARTSYS), -LKL_EINTR);
	EXPECT_IS(lkl_sys_close(pipe[0]), 0);
	EXPECT_IS(lkl_sys_close(pipe[1]), 0);
	return true;
}

static void interrupt_self(int signal)
{
	(void)signal;
	lkl_kernel_interrupt(lkl_self());
}

static bool handle(void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	EXPECT_IS(sigaction(SIGUSR1, &action, NULL), 0);
	return true;
}

bool test_interrupt_sleep(void)
{
	struct __lkl__kernel_timespec t = { .tv_sec = 1000 }, rest = { 0 };
	struct caller caller = {
		.nr = __lkl__NR_nanosleep,
		.params = { (long)&t, (long)&rest },
	};

	if (!handle(interrupt_self) || !start_call(&caller))
		return false;
	EXPECT_IS(pthread_kill(caller.thread, SIGUSR1), 0);
	EXPECT_IS(end_call(&caller), -LKL_ERESTART_RESTARTBLOCK);
	EXPECT(rest.tv_sec > 900 && rest.tv_sec <= 1000);
	return true;
}

bool test_interrupt_outside(void)
{
	struct __lkl__kernel_timespec t = { .tv_nsec = 1000000 };

	lkl_kernel_interrupt(lkl_self());
	EXPECT_IS(lkl_sys_nanosleep(&t, NULL), -LKL_EINTR);
	EXPECT_IS(lkl_sys_nanosleep(&t, NULL), 0);
	/* A call that does not wait uses it up. */
	lkl_kernel_interrupt(lkl_self());
	EXPECT_IS(lkl_sys_getpid(), 1);
	EXPECT_IS(lkl_sys_nanosleep(&t, NULL), 0);
	return true;
}

static atomic_uint handled;

static void count(int signal)
{
	(void)signal;
	atomic_fetch_add(&handled, 1);
}

static void await_handled(unsigned int n)
{
	while (atomic_load(&handled) < n)
		sched_yield();
}

bool test_signal_without_interrupt(void)
{
	char buf[8] = "";
	struct caller caller = {
		.nr = __lkl__NR_read,
		.params = { 0, (long)buf, sizeof(buf) },
	};
	unsigned int i;
	int pipe[2];

	EXPECT_IS(lkl_sys_pipe2(pipe, 0), 0);
	caller.params[0] = pipe[0];
	atomic_store(&handled, 0);
	if (!handle(count) || !start_call(&caller))
		return false;
	for (i = 1; i <= 100; i++) {
		EXPECT_IS(pthread_kill(caller.thread, SIGUSR1), 0);
		await_handled(i);
	}
	EXPECT_IS(lkl_sys_write(pipe[1], "still", 5), 5);
	EXPECT_IS(end_call(&caller), 5);
	EXPECT_IS(lkl_sys_close(pipe[0]), 0);
	EXPECT_IS(lkl_sys_close(pipe[1]), 0);
	return true;
}

static atomic_long seen[2]; /* calls that a handler made: good, refused */

static void call_from_handler(int signal)
{
	long result = lkl_sys_getpid();

	(void)signal;
	if (result == 1)
		atomic_fetch_add(&seen[0], 1);
	else if (result == -LKL_EDEADLK)
		atomic_fetch_add(&seen[1], 1);
	atomic_fetch_add(&handled, 1);
}

static atomic_bool stop;

static void *call_always(void *unused)
{
	(void)unused;
	while (!atomic_load(&stop))
		if (lkl_sys_getpid() != 1) {
			tap_fail(__FILE__, __LINE__, "a call failed");
			break;
		}
	return NULL;
}

bool test_call_in_handler(void)
{
	struct __lkl__kernel_timespec t = { .tv_sec = 1000 };
	struct caller caller = {
		.nr = __lkl__NR_nanosleep,
		.params = { (long)&t, 0 },
	};
	pthread_t thread;
	unsigned int i;

	/* Outside it is a call like others, inside it would wait for itself. */
	atomic_store(&handled, 0);
	if (!handle(call_from_handler))
		return false;
	EXPECT_IS(raise(SIGUSR1), 0);
	EXPECT_IS(atomic_load(&seen[0]), 1);
	if (!start_call(&caller))
		return false;
	EXPECT_IS(pthread_kill(caller.thread, SIGUSR1), 0);
	await_handled(2);
	EXPECT_IS(atomic_load(&seen[1]), 1);
	lkl_kernel_interrupt(caller.self);
	EXPECT_IS(end_call(&caller), -LKL_ERESTART_RESTARTBLOCK);

	EXPECT_IS(pthread_create(&thread, NULL, call_always, NULL), 0);
	for (i = 3; i < 3000; i++) {
		EXPECT_IS(pthread_kill(thread, SIGUSR1), 0);
		await_handled(i);
	}
	atomic_store(&stop, true);
	EXPECT_IS(pthread_join(thread, NULL), 0);
	tap_note("calls from handlers: %ld made, %ld refused",
		 atomic_load(&seen[0]), atomic_load(&seen[1]));
	EXPECT_IS(atomic_load(&seen[0]) + atomic_load(&seen[1]),
		  atomic_load(&handled));
	return true;
}
