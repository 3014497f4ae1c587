// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each thread that waits for both sides keeps a host epoll set and LKL's mirror
 * of it (LKL_CALL_hostfd); mixed.h.
 */
#include <errno.h>
#include <stddef.h>
#include "dispatch.h"
#include "fdtab.h"
#include "lkl.h"
#include "lkl_nr.h"
#include "mixed.h"
#include "thread.h"

/*
 * @frame: stack frame of the wait that uses the set. A handler that runs in
 * the middle of it may wait too, or jump out for good.
 */
static __thread struct {
	int set;
	int mirror;
	const void *frame;
} mine = { -1, -1, NULL };

static int open_set(int *set, int *mirror)
{
	*set = host_fd_hide(host_epoll_create());
	if (*set < 0)
		return *set;
	*mirror = lkl_do(LKL_CALL_hostfd, *set);
	if (*mirror >= 0)
		return 0;
	fdtab_close_hidden(*set);
	*set = -1;
	return *mirror;
}

static void close_set(int set, int mirror)
{
	if (mirror >= 0 && lkl_is_running())
		lkl_do(__lkl__NR_close, mirror);
	if (set >= 0)
		fdtab_close_hidden(set);
}

static void close_mine(void)
{
	close_set(mine.set, mine.mirror);
	mixed_forget();
}

void mixed_forget(void)
{
	mine.set = mine.mirror = -1;
	mine.frame = NULL;
}

/* What poll(2) asks of @fd in all entries of the list. */
static unsigned int all_events(const struct pollfd *fds, unsigned int n, int fd)
{
	unsigned int events = 0, i;

	for (i = 0; i < n; i++)
		if (fds[i].fd == fd)
			events |= (unsigned short)fds[i].events;
	return events;
}

static int watch(int set, const struct pollfd *fds, unsigned int n)
{
	struct epoll_event event = { 0 };
	unsigned int i;
	int err;

	for (i = 0; i < n; i++) {
		event.events = (unsigned short)fds[i].events;
		err = host_epoll_ctl(set, EPOLL_CTL_ADD, fds[i].fd, &event);
		if (err == -EEXIST) {
			event.events = all_events(fds, n, fds[i].fd);
			err = host_epoll_ctl(set, EPOLL_CTL_MOD, fds[i].fd,
					     &event);
		}
		/* Files are always ready, closed descriptors too: seen before. */
		if (err && err != -EPERM && err != -EBADF)
			return err;
	}
	return 0;
}

int mixed_begin(struct mixed *m, const struct pollfd *fds, unsigned int n)
{
	const void *frame = __builtin_frame_address(0);
	int err = 0;

	if (mine.frame && thread_left(mine.frame, frame))
		close_mine();
	m->own = mine.frame != NULL;
	if (m->own) {
		err = open_set(&m->set, &m->mirror);
	} else {
		/* Before: the thread may be cancelled while it opens the set. */
		thread_at_exit(close_mine);
		if (mine.set < 0)
			err = open_set(&mine.set, &mine.mirror);
		if (!err) {
			mine.frame = frame;
			m->set = mine.set;
			m->mirror = mine.mirror;
		}
	}
	if (err)
		return err;
	err = watch(m->set, fds, n);
	if (err)
		mixed_end(m, fds, n);
	return err;
}

void mixed_end(const struct mixed *m, const struct pollfd *fds, unsigned int n)
{
	struct epoll_event event;
	unsigned int i;

	if (m->own) {
		close_set(m->set, m->mirror);
		return;
	}
	for (i = 0; i < n; i++)
		host_epoll_ctl(m->set, EPOLL_CTL_DEL, fds[i].fd, &event);
	mine.frame = NULL;
}
