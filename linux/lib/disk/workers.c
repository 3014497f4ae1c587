// SPDX-License-Identifier: GPL-2.0-only
/* Threads that wait for the host on behalf of a device. */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include "../host.h"
#include "../own_fds.h"
#include "workers.h"

/*
 * As many as a disk has use for: what its host can do at a time while others
 * wait in its cache for the lock of the same file.
 */
#define THREADS 4

/* They call nothing but the host. */
#define STACK (64 * 1024)

/**
 * struct workers - a crew
 * @run: what they do.
 * @event: eventfd that tells the carrier. Nobody reads it: every write is an
 *	edge.
 *
 * Under @lock:
 * @todo, @todo_end: work that was given, in its order.
 * @done: work to be taken back.
 * @under_way: how many pieces were given and not done.
 * @idle: threads that wait for work; @threads of them were started.
 * @ending: they are to end.
 */
struct workers {
	void (*run)(struct work *work);
	int event;

	pthread_mutex_t lock;
	pthread_cond_t given;
	pthread_cond_t drained;
	struct work *todo;
	struct work **todo_end;
	struct work *done;
	unsigned int under_way;
	unsigned int idle;
	unsigned int count;
	bool ending;
	pthread_t threads[THREADS];
};

static struct work *take(struct workers *w)
{
	struct work *work;

	w->idle++;
	while (!w->todo && !w->ending)
		pthread_cond_wait(&w->given, &w->lock);
	w->idle--;
	work = w->todo;
	if (work) {
		w->todo = work->next;
		if (!w->todo)
			w->todo_end = &w->todo;
	}
	return work;
}

/* Under the lock, which is free meanwhile. */
static void do_work(struct workers *w, struct work *work)
{
	const uint64_t one = 1;
	bool tell;

	pthread_mutex_unlock(&w->lock);
	w->run(work);
	pthread_mutex_lock(&w->lock);
	tell = !w->done;
	work->next = w->done;
	w->done = work;
	if (!--w->under_way)
		pthread_cond_broadcast(&w->drained);
	if (!tell)
		return;		/* the carrier was told of the others already */
	pthread_mutex_unlock(&w->lock);
	host_write(w->event, &one, sizeof(one));
	pthread_mutex_lock(&w->lock);
}

static void *work_on(void *arg)
{
	struct workers *w = arg;
	struct work *work;

	host_prctl(PR_SET_NAME, (unsigned long)"lkl-disk");
	pthread_mutex_lock(&w->lock);
	while ((work = take(w)))
		do_work(w, work);
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* Signals are for the program's threads; but 32 and 33 are libc's own. */
static void start_thread(struct workers *w)
{
	const uint64_t most = ~(3ULL << 31);
	pthread_attr_t attr;
	uint64_t old;
	int err;

	if (pthread_attr_init(&attr))
		return;
	host_sigmask(SIG_SETMASK, &most, &old);
	pthread_attr_setstacksize(&attr, STACK);
	err = pthread_create(&w->threads[w->count], &attr, work_on, w);
	/* Thread-local storage lies on the stack too, and may be large. */
	if (err == EINVAL)
		err = pthread_create(&w->threads[w->count], NULL, work_on, w);
	host_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
	if (!err)
		w->count++;
}

void workers_give(struct workers *w, struct work *work)
{
	work->next = NULL;
	pthread_mutex_lock(&w->lock);
	w->under_way++;
	if (!w->idle && w->count < THREADS)
		start_thread(w);
	if (w->count) {
		*w->todo_end = work;
		w->todo_end = &work->next;
		if (w->idle)
			pthread_cond_signal(&w->given);
	} else {
		do_work(w, work);
	}
	pthread_mutex_unlock(&w->lock);
}

struct work *workers_done(struct workers *w)
{
	struct work *done;

	pthread_mutex_lock(&w->lock);
	done = w->done;
	w->done = NULL;
	pthread_mutex_unlock(&w->lock);
	return done;
}

void workers_drain(struct workers *w)
{
	pthread_mutex_lock(&w->lock);
	while (w->under_way)
		pthread_cond_wait(&w->drained, &w->lock);
	pthread_mutex_unlock(&w->lock);
}

int workers_event(const struct workers *w)
{
	return w->event;
}

int workers_create(void (*run)(struct work *work), struct workers **workers)
{
	struct workers *w = calloc(1, sizeof(*w));
	int err;

	if (!w)
		return -ENOMEM;
	w->event = host_fd_hide(host_eventfd(0, O_CLOEXEC));
	err = own_fd_keep(w->event);
	if (err < 0) {
		if (w->event >= 0)
			host_close(w->event);
		free(w);
		return err;
	}
	w->run = run;
	w->todo_end = &w->todo;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->given, NULL);
	pthread_cond_init(&w->drained, NULL);
	*workers = w;
	return 0;
}

void workers_destroy(struct workers *w)
{
	unsigned int i;

	pthread_mutex_lock(&w->lock);
	w->ending = true;
	pthread_cond_broadcast(&w->given);
	pthread_mutex_unlock(&w->lock);
	for (i = 0; i < w->count; i++)
		pthread_join(w->threads[i], NULL);
	own_fd_close(w->event);
	pthread_cond_destroy(&w->drained);
	pthread_cond_destroy(&w->given);
	pthread_mutex_destroy(&w->lock);
	free(w);
}
