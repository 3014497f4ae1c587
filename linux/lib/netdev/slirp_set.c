// SPDX-License-Identifier: GPL-2.0-only
/* What libslirp waits for, see slirp_set.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include "../host.h"
#include "slirp_abi.h"
#include "slirp_set.h"

#define BATCH 64		/* descriptors that one wait finds */
#define WAKE_DATA (~0U)		/* epoll data of what only ends a wait */

/* The library's bits and the host's. */
static const struct {
	int theirs;
	uint32_t ours;
} bits[] = {
	{ SLIRP_POLL_IN, EPOLLIN },
	{ SLIRP_POLL_OUT, EPOLLOUT },
	{ SLIRP_POLL_PRI, EPOLLPRI },
	{ SLIRP_POLL_ERR, EPOLLERR },
	{ SLIRP_POLL_HUP, EPOLLHUP },
};

#define BITS (sizeof(bits) / sizeof(bits[0]))

int slirp_set_open(struct slirp_set *set, int wake)
{
	struct epoll_event event = {
		.events = EPOLLIN | EPOLLET,
		.data.u32 = WAKE_DATA,
	};
	int err;

	set->epoll_fd = host_fd_hide(host_epoll_create());
	if (set->epoll_fd < 0)
		return set->epoll_fd;
	err = host_epoll_ctl(set->epoll_fd, EPOLL_CTL_ADD, wake, &event);
	if (err)
		host_close(set->epoll_fd);
	return err;
}

void slirp_set_close(struct slirp_set *set)
{
	host_close(set->epoll_fd);
	free(set->watched);
}

void slirp_set_begin(struct slirp_set *set)
{
	set->turn++;
	set->told = 0;
	set->is_writing = false;
}

static bool make_room(struct slirp_set *set, unsigned int fd)
{
	unsigned int room = set->room ? set->room : 64;
	struct slirp_watched *more;

	while (room <= fd)
		room *= 2;
	more = realloc(set->watched, room * sizeof(*more));
	if (!more)
		return false;
	memset(more + set->room, 0, (room - set->room) * sizeof(*more));
	set->watched = more;
	set->room = room;
	return true;
}

/* Has the host watch a descriptor for @events. Return: whether it does. */
static bool watch(struct slirp_set *set, int fd, uint32_t events, bool is_new)
{
	struct epoll_event event = { .events = events, .data.u32 = fd };
	int err = host_epoll_ctl(set->epoll_fd,
				 is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd,
				 &event);

	/* Closed without a word, or a copy of it has been. */
	if (err == -EEXIST || err == -ENOENT)
		err = host_epoll_ctl(set->epoll_fd,
				     is_new ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd,
				     &event);
	return !err;
}

int slirp_set_add(struct slirp_set *set, int fd, int wanted)
{
	struct slirp_watched *w;
	uint32_t events = 0;
	size_t i;

	if (fd < 0 || ((unsigned int)fd >= set->room && !make_room(set, fd)))
		return -1;
	for (i = 0; i < BITS; i++)
		if (wanted & bits[i].theirs)
			events |= bits[i].ours;
	set->is_writing |= events & EPOLLOUT;
	w = &set->watched[fd];
	if (w->events != events) {
		if (!watch(set, fd, events, !w->events))
			return -1;
		set->count += !w->events;
		w->events = events;
	}
	if (w->told != set->turn) {
		w->told = set->turn;
		set->told++;
	}
	return fd;
}

void slirp_set_end(struct slirp_set *set)
{
	unsigned int fd;

	/* What is not wanted would report hang-ups all the same. */
	for (fd = 0; set->told < set->count && fd < set->room; fd++) {
		if (!set->watched[fd].events ||
		    set->watched[fd].told == set->turn)
			continue;
		host_epoll_ctl(set->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
		slirp_set_forget(set, fd);
	}
}

void slirp_set_forget(struct slirp_set *set, int fd)
{
	if (fd < 0 || (unsigned int)fd >= set->room)
		return;
	set->count -= !!set->watched[fd].events;
	set->told -= set->watched[fd].events &&
		     set->watched[fd].told == set->turn;
	set->watched[fd].events = 0;
}

int slirp_set_wait(struct slirp_set *set, uint32_t ms)
{
	struct epoll_event events[BATCH];
	struct slirp_watched *w;
	int i, n;

	n = host_epoll_wait(set->epoll_fd, events, BATCH,
			    ms > INT32_MAX ? -1 : (int)ms);
	for (i = 0; i < n; i++) {
		if (events[i].data.u32 == WAKE_DATA)
			continue;
		w = &set->watched[events[i].data.u32];
		w->seen = set->turn;
		w->ready = events[i].events;
	}
	return n;
}

int slirp_set_ready(const struct slirp_set *set, int index)
{
	const struct slirp_watched *w;
	int ready = 0;
	size_t i;

	if (index < 0 || set->watched[index].seen != set->turn)
		return 0;
	w = &set->watched[index];
	for (i = 0; i < BITS; i++)
		if (w->ready & bits[i].ours)
			ready |= bits[i].theirs;
	return ready;
}
