// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads that take requests from the host, and carry them out.
 *
 * One thread at a time takes them, and carries out what it takes itself: a
 * program mostly waits for each answer before it asks again, so that its
 * requests find the same thread, whose buffer and stack are in the processor's
 * cache, and nobody else is woken. It is only when a request has to wait inside
 * that another thread takes the next ones.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "lklfuse.h"

/**
 * struct crew - the threads
 * @ended: eventfd that tells that no more requests come.
 * @result: negative errno of what ended them, if it was an error.
 *
 * Under @lock:
 * @turn: wakes one for whom there is something to do.
 * @taken: somebody takes requests, or will when its own is carried out.
 * @idle: threads that wait for their turn.
 * @count: threads; @most there may be.
 */
static struct crew {
	int ended, result;
	pthread_mutex_t lock;
	pthread_cond_t turn;
	bool taken;
	unsigned int idle, count, most;
	pthread_t *threads;
} crew = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.turn = PTHREAD_COND_INITIALIZER,
};

/* It is the calling thread that takes requests. */
static _Thread_local bool mine;

static void *serve(void *unused);

/* Under the lock. Without another thread it is merely later. */
static void call_another(void)
{
	if (crew.idle)
		pthread_cond_signal(&crew.turn);
	else if (crew.count < crew.most &&
		 !pthread_create(&crew.threads[crew.count], NULL, serve, NULL))
		crew.count++;
}

/* The calling thread is about to wait inside. */
static void before_wait(void)
{
	if (!mine)
		return;
	mine = false;
	pthread_mutex_lock(&crew.lock);
	crew.taken = false;
	call_another();
	pthread_mutex_unlock(&crew.lock);
}

static void unlock(void *unused)
{
	(void)unused;
	pthread_mutex_unlock(&crew.lock);
}

/* Until it is the calling thread that takes requests. */
static void await_turn(void)
{
	if (mine)
		return;
	pthread_mutex_lock(&crew.lock);
	pthread_cleanup_push(unlock, NULL);
	crew.idle++;
	while (crew.taken)
		pthread_cond_wait(&crew.turn, &crew.lock);
	crew.idle--;
	crew.taken = true;
	mine = true;
	pthread_cleanup_pop(1);
}

/* Cancelled where it waits for its turn or for a request. */
static void *serve(void *unused)
{
	const uint64_t one = 1;
	struct fuse_buf buf = { .mem = NULL };
	int n;

	do {
		await_turn();
		n = fuse_session_receive_buf(mounted.session, &buf);
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
		if (n > 0)
			fuse_session_process_buf(mounted.session, &buf);
		pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	} while (n > 0 || n == -EINTR);
	free(buf.mem);
	/* 0 when it is unmounted; libfuse has spoken of an error. */
	crew.result = n;
	fuse_session_exit(mounted.session);
	if (write(crew.ended, &one, sizeof(one)) < 0)
		crew.result = -errno;
	return unused;
}

/* Until it is unmounted, or a signal has come, which no other thread takes. */
static void await_end(const sigset_t *signals)
{
	struct pollfd ended = { .fd = crew.ended, .events = POLLIN };

	while (!fuse_session_exited(mounted.session))
		ppoll(&ended, 1, NULL, signals);
}

static void end_threads(void)
{
	unsigned int i;

	pthread_mutex_lock(&crew.lock);
	crew.most = 0;
	pthread_mutex_unlock(&crew.lock);
	for (i = 0; i < crew.count; i++)
		pthread_cancel(crew.threads[i]);
	for (i = 0; i < crew.count; i++)
		pthread_join(crew.threads[i], NULL);
}

int serve_requests(unsigned int threads)
{
	sigset_t all, old;

	crew.ended = eventfd(0, EFD_CLOEXEC);
	crew.threads = calloc(threads, sizeof(*crew.threads));
	crew.most = threads;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	lkl_set_wait(before_wait);
	if (crew.ended >= 0 && crew.threads)
		call_another();
	if (crew.count) {
		await_end(&old);
		end_threads();
	} else {
		crew.result = -EAGAIN;
	}
	lkl_set_wait(NULL);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	free(crew.threads);
	close(crew.ended);
	return crew.result;
}
