// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each host thread has its struct lkl_thread in thread-local storage. The
 * kernel makes a task for it at its first call, which is released when the
 * thread ends. The service thread works while no thread is inside.
 *
 * A thread is in the list from its first call until it ends. In a child of
 * fork() there is no kernel, and the list is not looked at.
 */
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <limits.h>
#include "burst.h"
#include "host.h"
#include "own_fds.h"
#include "own_thread.h"
#include "poll.h"
#include "posix.h"
#include "thread.h"
#include <lkl.h>

/* Enough for its own frames: the kernel's have their stack. */
#define SERVICE_STACK (64 * 1024)

/* As in the program, where this library is linked or preloaded at the start. */
static _Thread_local __attribute__((tls_model("initial-exec"))) struct caller {
	struct lkl_thread thread;
	bool exit_armed;
	bool listed;
	bool ended;
	struct caller *next, **link;
} self;

static pthread_mutex_t callers_lock = PTHREAD_MUTEX_INITIALIZER;
static struct caller *callers;

atomic_bool kernel_running;

static void (*_Atomic told_of_waits)(void);

static pthread_key_t exit_key;
static bool exit_key_made;
static pthread_t service;
static struct lkl_thread service_thread;
static unsigned int service_started;	/* a futex */

static void list_caller(void)
{
	self.listed = true;
	pthread_mutex_lock(&callers_lock);
	self.next = callers;
	self.link = &callers;
	if (callers)
		callers->link = &self.next;
	callers = &self;
	pthread_mutex_unlock(&callers_lock);
}

static void unlist_caller(void)
{
	pthread_mutex_lock(&callers_lock);
	*self.link = self.next;
	if (self.next)
		self.next->link = self.link;
	pthread_mutex_unlock(&callers_lock);
	self.listed = false;
}

/*
 * Runs when a thread ends. Other destructors that run later may make a call
 * again, which arms this one anew (pthread_key_create(3) has rounds for that).
 */
static void thread_ends(void *unused)
{
	(void)unused;
	self.exit_armed = false;
	self.ended = true;
	if (!atomic_load(&kernel_running))
		return;
	if (self.listed)
		unlist_caller();
	lkl_kernel_thread_exit(&self.thread);
}

int thread_init(void)
{
	int err;

	if (exit_key_made)
		return 0;
	err = pthread_key_create(&exit_key, thread_ends);
	exit_key_made = !err;
	return -err;
}

static __attribute__((noinline)) void arm_exit(void)
{
	self.exit_armed = true;
	if (exit_key_made && !pthread_setspecific(exit_key, &self) &&
	    !self.listed && !self.ended)
		list_caller();
}

struct lkl_thread *lkl_self(void)
{
	return &self.thread;
}

long lkl_syscall(long nr, const long *params)
{
	if (__builtin_expect(!atomic_load_explicit(&kernel_running,
						   memory_order_relaxed), 0))
		return -ENODEV;
	if (__builtin_expect(!self.exit_armed, 0))
		arm_exit();
	return lkl_kernel_syscall(&self.thread, nr, params);
}

int lkl_interrupt_others(void)
{
	struct caller *caller;
	bool any = false;

	if (!lkl_is_running())
		return -ENODEV;
	/* Not waited for: this may be a signal's handler, and its thread have it. */
	if (pthread_mutex_trylock(&callers_lock))
		return 1;
	for (caller = callers; caller; caller = caller->next) {
		if (caller == &self || !lkl_kernel_inside(&caller->thread))
			continue;
		lkl_kernel_interrupt(&caller->thread);
		any = true;
	}
	pthread_mutex_unlock(&callers_lock);
	return any;
}

int lkl_set_wait(void (*wait)(void))
{
	atomic_store(&told_of_waits, wait);
	return 0;
}

static void tell_of_wait(void)
{
	void (*wait)(void) = atomic_load(&told_of_waits);

	if (wait)
		wait();
}

int thread_poll(enum lkl_poll_set which, unsigned long long deadline)
{
	if (which == LKL_POLL_INSIDE)
		tell_of_wait();
	return poll_wait(which, deadline);
}

void thread_wait_on(unsigned int *word, unsigned int value)
{
	/* Not of the moments in which somebody else is the carrier. */
	if (word == &self.thread.wake)
		tell_of_wait();
	posix_wait_on(word, value);
}

static void *serve(void *unused)
{
	(void)unused;
	own_thread_begin("lkl-service");
	/* The kernel's timers are as exact as the host's. */
	host_prctl(PR_SET_TIMERSLACK, 1);
	own_fds_split();
	__atomic_store_n(&service_started, 1, __ATOMIC_RELEASE);
	host_futex_wake(&service_started, 1);
	lkl_kernel_service(&service_thread);
	burst_end();
	own_fds_end();
	own_thread_end();
	return NULL;
}

static int create(size_t stack)
{
	pthread_attr_t attr;
	int err = pthread_attr_init(&attr);

	if (err)
		return err;
	err = pthread_attr_setstacksize(&attr, stack);
	if (!err)
		err = own_thread_create(&service, &attr, serve, NULL);
	pthread_attr_destroy(&attr);
	return err;
}

int thread_start_service(void)
{
	/* Signals are for the program's threads; but 32 and 33 are libc's own. */
	const uint64_t most = ~(3ULL << 31);
	uint64_t old;
	int err;

	host_sigmask(SIG_SETMASK, &most, &old);
	err = create(SERVICE_STACK);
	/* Thread-local storage lies on the stack too, and may be large. */
	if (err == EINVAL)
		err = own_thread_create(&service, NULL, serve, NULL);
	host_sigmask(SIG_SETMASK, &old, NULL);
	/* It must not hold descriptors that the program closes. */
	while (!err && !__atomic_load_n(&service_started, __ATOMIC_ACQUIRE))
		host_futex_wait(&service_started, 0, NULL);
	return -err;
}

int lkl_pin_threads(unsigned int cpu)
{
	cpu_set_t set;

	if (!atomic_load(&kernel_running))
		return -ENODEV;
	if (cpu >= CPU_SETSIZE)
		return -EINVAL;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return -pthread_setaffinity_np(service, sizeof(set), &set);
}

void thread_end_service(void)
{
	pthread_join(service, NULL);
}
