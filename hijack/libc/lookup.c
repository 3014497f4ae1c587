// SPDX-License-Identifier: GPL-2.0-only
/*
 * getaddrinfo_a(3) and its family. libc's own looks names up in threads that
 * it makes inside itself, where nothing of ours is asked; these are ours.
 */
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>
#include "deadline.h"
#include "libc.h"

/* One call. It lives until its last name is looked up. */
struct batch {
	int left;
	bool tells;
	struct sigevent event;
};

struct job {
	struct batch *batch;
	struct gaicb *request;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t done;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_condition(void)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&done, &attr);
	pthread_condattr_destroy(&attr);
}

static void tell(const struct sigevent *event)
{
	if (event->sigev_notify == SIGEV_SIGNAL)
		sigqueue(getpid(), event->sigev_signo, event->sigev_value);
	else if (event->sigev_notify == SIGEV_THREAD)
		event->sigev_notify_function(event->sigev_value);
}

/* Under the lock, which it gives back: a name is done, or given up. */
static void finish(struct batch *batch)
{
	bool last = !--batch->left;

	pthread_cond_broadcast(&done);
	pthread_mutex_unlock(&lock);
	if (!last)
		return;
	if (batch->tells)
		tell(&batch->event);
	free(batch);
}

static void *look_up(void *arg)
{
	struct job job = *(struct job *)arg;
	struct gaicb *request = job.request;
	struct addrinfo *list = NULL;
	int err;

	free(arg);
	err = getaddrinfo(request->ar_name, request->ar_service,
			  request->ar_request, &list);
	pthread_mutex_lock(&lock);
	request->ar_result = list;
	__atomic_store_n(&request->__return, err, __ATOMIC_RELEASE);
	finish(job.batch);
	return NULL;
}

static bool start(struct batch *batch, struct gaicb *request)
{
	struct job *job = malloc(sizeof(*job));
	pthread_t thread;

	if (!job)
		return false;
	*job = (struct job){ batch, request };
	if (pthread_create(&thread, NULL, look_up, job)) {
		free(job);
		return false;
	}
	pthread_detach(thread);
	return true;
}

static void wait_for_all(struct gaicb *list[], int n)
{
	int i;

	pthread_mutex_lock(&lock);
	for (i = 0; i < n; i++)
		while (list[i] && list[i]->__return == EAI_INPROGRESS)
			pthread_cond_wait(&done, &lock);
	pthread_mutex_unlock(&lock);
}

EXPORT int getaddrinfo_a(int mode, struct gaicb *list[], int n,
			 struct sigevent *event)
{
	struct batch *batch;
	sigset_t all, mask;
	int i, err = 0;

	if (mode != GAI_WAIT && mode != GAI_NOWAIT) {
		errno = EINVAL;
		return EAI_SYSTEM;
	}
	batch = calloc(1, sizeof(*batch));
	if (!batch)
		return EAI_MEMORY;
	/* The last one to finish, this function maybe, ends the batch. */
	batch->left = n + 1;
	batch->tells = mode == GAI_NOWAIT && event;
	if (event)
		batch->event = *event;
	pthread_once(&once, make_condition);

	/* The program's signals are not for these threads. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &mask);
	for (i = 0; i < n; i++) {
		if (list[i])
			list[i]->__return = EAI_INPROGRESS;
		if (list[i] && start(batch, list[i]))
			continue;
		if (list[i]) {
			list[i]->__return = EAI_AGAIN;
			err = EAI_AGAIN;
		}
		pthread_mutex_lock(&lock);
		finish(batch);
	}
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	pthread_mutex_lock(&lock);
	finish(batch);
	if (mode == GAI_WAIT)
		wait_for_all(list, n);
	return err;
}

/* Under the lock: how many are under way, and whether any is done. */
static int under_way(const struct gaicb *const list[], int n, bool *any_done)
{
	int i, count = 0;

	*any_done = false;
	for (i = 0; i < n; i++) {
		if (!list[i])
			continue;
		if (list[i]->__return == EAI_INPROGRESS)
			count++;
		else
			*any_done = true;
	}
	return count;
}

EXPORT int gai_suspend(const struct gaicb *const list[], int n,
		       const struct timespec *timeout)
{
	int64_t end = deadline_after(timeout);
	struct timespec at = { end / 1000000000, end % 1000000000 };
	bool any_done;
	int err = 0;

	pthread_once(&once, make_condition);
	pthread_mutex_lock(&lock);
	if (!under_way(list, n, &any_done))
		err = EAI_ALLDONE;
	while (!err && !any_done) {
		err = timeout ? pthread_cond_timedwait(&done, &lock, &at)
			      : pthread_cond_wait(&done, &lock);
		under_way(list, n, &any_done);
		if (err)
			err = any_done ? 0 : EAI_AGAIN;
	}
	pthread_mutex_unlock(&lock);
	return err;
}

EXPORT int gai_error(struct gaicb *request)
{
	return __atomic_load_n(&request->__return, __ATOMIC_ACQUIRE);
}

/* What has begun cannot be stopped. */
EXPORT int gai_cancel(struct gaicb *request)
{
	return gai_error(request) == EAI_INPROGRESS ? EAI_NOTCANCELED
						    : EAI_ALLDONE;
}
