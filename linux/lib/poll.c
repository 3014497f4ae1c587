// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two epoll sets hold the same sources, edge-triggered: the inside set, where
 * a thread blocked in the kernel waits, and the service set. Sources are
 * exclusive (EPOLLEXCLUSIVE) and join the inside set first, so that the host
 * wakes the service thread only when no thread waits inside.
 *
 * poll_wait() runs without the LKL CPU, in two threads at a time: it puts
 * ready sources on a list, without locks. poll_dispatch() runs on the carrier
 * and takes the whole list. Sources live in slots that are never unmapped, so
 * a late event for a removed one is harmless: at worst it calls the callback
 * of the slot's next user for nothing.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include "chores.h"
#include "host.h"
#include "own_fds.h"
#include "poll.h"
#include "posix.h"

#define NSEC_PER_SEC 1000000000ULL
#define NSEC_PER_MSEC 1000000ULL

#define BATCH 32		/* events taken from the host at a time */
#define CHUNK_SLOTS 64
#define CHUNKS 256
#define KICK_DATA UINT64_MAX	/* epoll data of a set's own eventfd */

/**
 * struct source - a slot for one watched descriptor
 * @pending: events to be dispatched; not 0 while on the ready list.
 * @next: in the ready list, or in the list of free slots.
 * @ready: NULL when free or removed.
 * @number: of the slot.
 * @registered: it is this one that is known to epoll.
 * @peer: next source of the same descriptor, when it has several.
 */
struct source {
	_Atomic uint32_t pending;
	uint32_t events;
	struct source *next;
	poll_ready_fn *ready;
	void *arg;
	int fd;
	unsigned int number;
	bool shared;
	bool registered;
	struct source *peer;
} __attribute__((aligned(64)));

_Static_assert(sizeof(struct source) == 64, "one cache line each");

/* What a thread waits for, or is about to. */
enum wait_state {
	NOT_WAITING,
	WAITING_FOR_EVENTS,
	WAITING_FOR_KICK,	/* napping */
};

/**
 * struct set - where one thread waits
 * @kick_fd: eventfd that ends the wait. Nobody reads it: every write is an edge.
 * @waiting: enum wait_state.
 * @kicked: the wait is to end.
 */
struct set {
	int epoll_fd;
	int kick_fd;
	_Atomic unsigned int waiting;
	unsigned int kicked;	/* atomic, and a futex */
} __attribute__((aligned(64)));

static struct set sets[LKL_POLL_SETS];
static bool initialised;

static struct source *chunks[CHUNKS];
static unsigned int slots_used;
static struct source *free_slots;

static struct source *_Atomic ready_list;

/* The service thread left an event to the thread that waits inside. */
static _Atomic unsigned int left_inside;

/* How often a thread has waited inside. */
static _Atomic unsigned int waits_inside;

/* The host lacks epoll_pwait2(2), or a filter refuses it. */
static _Atomic bool no_wait2;

/* ------------------------------------------------------------------------ */
/* Slots                                                                     */

static struct source *slot(unsigned int number)
{
	return &chunks[number / CHUNK_SLOTS][number % CHUNK_SLOTS];
}

static struct source *slot_get(void)
{
	struct source *s = free_slots;
	unsigned int chunk = slots_used / CHUNK_SLOTS;
	long addr;

	if (s) {
		free_slots = s->peer;
		return s;
	}
	if (chunk == CHUNKS)
		return NULL;
	if (!chunks[chunk]) {
		addr = host_mmap(NULL, CHUNK_SLOTS * sizeof(*s),
				 PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (addr < 0 && addr > -4096)
			return NULL;
		chunks[chunk] = (struct source *)addr;
	}
	s = slot(slots_used);
	s->number = slots_used++;
	return s;
}

/* @next may still be in use: a freed source can be on the ready list. */
static void slot_put(struct source *s)
{
	s->ready = NULL;
	s->registered = false;
	s->peer = free_slots;
	free_slots = s;
}

/* ------------------------------------------------------------------------ */
/* Membership                                                                */

int poll_init(void)
{
	struct epoll_event kick = {
		.events = EPOLLIN | EPOLLET,
		.data.u64 = KICK_DATA,
	};
	int i, err;

	for (i = 0; i < LKL_POLL_SETS && !initialised; i++) {
		struct set *set = &sets[i];

		set->epoll_fd = own_fd_keep(host_fd_hide(
			host_epoll_create()));
		if (set->epoll_fd < 0)
			return set->epoll_fd;
		set->kick_fd = own_fd_keep(host_fd_hide(
			host_eventfd(0, O_CLOEXEC)));
		if (set->kick_fd < 0)
			return set->kick_fd;
		err = host_epoll_ctl(set->epoll_fd, EPOLL_CTL_ADD,
				     set->kick_fd, &kick);
		if (err)
			return err;
	}
	initialised = true;
	return 0;
}

void poll_exit(void)
{
	int i;

	for (i = 0; i < LKL_POLL_SETS && initialised; i++) {
		own_fd_close(sets[i].epoll_fd);
		own_fd_close(sets[i].kick_fd);
	}
	initialised = false;
}

static void leave_sets(const struct source *s, int n)
{
	while (n--)
		host_epoll_ctl(sets[n].epoll_fd, EPOLL_CTL_DEL, s->fd, NULL);
}

/* In the order of enum lkl_poll_set, which makes the inside set the first. */
static int join_sets(struct source *s)
{
	struct epoll_event event = {
		.events = s->events | EPOLLET | (s->shared ? 0 : EPOLLEXCLUSIVE),
		.data.u64 = s->number,
	};
	int i, err;

	for (i = 0; i < LKL_POLL_SETS; i++) {
		err = host_epoll_ctl(sets[i].epoll_fd, EPOLL_CTL_ADD, s->fd,
				     &event);
		if (err) {
			leave_sets(s, i);
			return err;
		}
	}
	s->registered = true;
	return 0;
}

static struct source *find_registered(int fd)
{
	unsigned int i;

	for (i = 0; i < slots_used; i++)
		if (slot(i)->registered && slot(i)->fd == fd)
			return slot(i);
	return NULL;
}

/* epoll knows a descriptor once: its further sources hang on the first. */
static int join_peer(struct source *s)
{
	struct source *first = find_registered(s->fd);

	if (!first || !first->shared || !s->shared ||
	    first->events != s->events)
		return -EEXIST;
	s->peer = first->peer;
	first->peer = s;
	return 0;
}

int poll_add(int fd, uint32_t events, int shared, poll_ready_fn *ready,
	     void *arg)
{
	struct source *s = slot_get();
	int err;

	if (!s)
		return -ENOMEM;
	s->fd = fd;
	s->events = events;
	s->shared = shared;
	s->ready = ready;
	s->arg = arg;
	s->peer = NULL;

	err = join_sets(s);
	if (err == -EEXIST)
		err = join_peer(s);
	if (err) {
		slot_put(s);
		return err;
	}
	return s->number;
}

int poll_change(int source, uint32_t events)
{
	struct source *s = slot(source);
	int err;

	/* An exclusive source cannot be modified (epoll_ctl(2)). */
	leave_sets(s, LKL_POLL_SETS);
	s->registered = false;
	s->events = events;
	err = join_sets(s);
	if (err)
		slot_put(s);
	return err;
}

/* Makes @next the source that epoll knows for the descriptor of @s. */
static void replace(struct source *s, struct source *next)
{
	struct epoll_event event = {
		.events = next->events | EPOLLET,
		.data.u64 = next->number,
	};
	int i;

	next->registered = true;
	for (i = 0; i < LKL_POLL_SETS; i++)
		host_epoll_ctl(sets[i].epoll_fd, EPOLL_CTL_MOD, s->fd, &event);
}

void poll_remove(int source)
{
	struct source *s = slot(source);
	struct source *first;

	if (s->registered && s->peer) {
		replace(s, s->peer);
	} else if (s->registered) {
		leave_sets(s, LKL_POLL_SETS);
	} else {
		first = find_registered(s->fd);
		while (first && first->peer != s)
			first = first->peer;
		if (first)
			first->peer = s->peer;
	}
	slot_put(s);
}

/* ------------------------------------------------------------------------ */
/* Waiting                                                                   */

static void remember(struct source *s, uint32_t events)
{
	struct source *head;

	if (atomic_fetch_or_explicit(&s->pending, events,
				     memory_order_acq_rel))
		return;		/* on the list already */
	head = atomic_load_explicit(&ready_list, memory_order_relaxed);
	do
		s->next = head;
	while (!atomic_compare_exchange_weak_explicit(&ready_list, &head, s,
						      memory_order_release,
						      memory_order_relaxed));
}

void poll_again(int source, uint32_t events, enum lkl_events when)
{
	remember(slot(source), events);
	lkl_kernel_more_events(when);
}

void poll_report(int source, uint32_t events)
{
	poll_again(source, events, LKL_EVENTS_SOON);
	poll_kick(LKL_POLL_INSIDE);
}

unsigned int poll_waits(void)
{
	return atomic_load_explicit(&waits_inside, memory_order_relaxed);
}

static int host_wait(struct set *set, struct epoll_event *events,
		     unsigned long long deadline)
{
	unsigned long long now, left = 0;
	struct timespec ts;
	int n;

	if (deadline != LKL_NEVER && deadline != 0) {
		now = posix_time();
		left = deadline > now ? deadline - now : 0;
	}
	if (!atomic_load_explicit(&no_wait2, memory_order_relaxed)) {
		ts.tv_sec = left / NSEC_PER_SEC;
		ts.tv_nsec = left % NSEC_PER_SEC;
		n = host_epoll_wait2(set->epoll_fd, events, BATCH,
				     deadline == LKL_NEVER ? NULL : &ts);
		if (n != -ENOSYS && n != -EPERM)
			return n;
		atomic_store(&no_wait2, true);
	}

	/* Never too early: rounded up. Never beyond what fits. */
	left = (left + NSEC_PER_MSEC - 1) / NSEC_PER_MSEC;
	if (left > INT32_MAX)
		left = INT32_MAX;
	return host_epoll_wait(set->epoll_fd, events, BATCH,
			       deadline == LKL_NEVER ? -1 : (int)left);
}

/*
 * Whether the thread that waits inside gets the events that the service thread
 * was woken with. It does if it began to wait before it looks for them: the
 * host puts every event into the inside set first.
 */
static bool inside_takes(void)
{
	atomic_store(&left_inside, 1);
	if (atomic_load(&sets[LKL_POLL_INSIDE].waiting))
		return true;
	atomic_store(&left_inside, 0);
	return false;
}

static bool kicked(struct set *set)
{
	return __atomic_load_n(&set->kicked, __ATOMIC_SEQ_CST);
}

/*
 * One host wait, and more without sleeping while there are events left. Return:
 * whether sources were put on the ready list.
 */
static bool gather(enum lkl_poll_set which, unsigned long long deadline)
{
	struct epoll_event events[BATCH];
	unsigned long long until = deadline;
	bool looked = false, any = false;
	int i, n, first;

	do {
		n = host_wait(&sets[which], events, until);
		until = 0;
		if (n < 0) {
			/* A signal: an event may have come with it. */
			if (n == -EINTR && !looked) {
				looked = true;
				n = BATCH;
				continue;
			}
			return any;
		}
		looked = true;
		first = n > 0 && events[0].data.u64 == KICK_DATA;
		if (which == LKL_POLL_SERVICE && n > first && inside_takes())
			return any;
		for (i = 0; i < n; i++) {
			if (events[i].data.u64 == KICK_DATA)
				continue;
			remember(slot(events[i].data.u64), events[i].events);
			any = true;
		}
	} while (n == BATCH);
	return any;
}

static void stop_waiting(struct set *set)
{
	atomic_store(&set->waiting, NOT_WAITING);
	__atomic_store_n(&set->kicked, 0, __ATOMIC_SEQ_CST);
}

int poll_wait(enum lkl_poll_set which, unsigned long long deadline)
{
	struct set *set = &sets[which];
	bool any = false;

	/*
	 * Sources that are ready since an earlier wait are the carrier's by
	 * now: to return for them again would be to spin until it dispatches.
	 */
	if (which == LKL_POLL_SERVICE)
		own_fds_follow();
	else
		atomic_fetch_add_explicit(&waits_inside, 1, memory_order_relaxed);
	atomic_store(&set->waiting, WAITING_FOR_EVENTS);
	if (!kicked(set))
		any = gather(which, deadline);
	stop_waiting(set);
	if (which == LKL_POLL_SERVICE)
		chores_do();

	if (which == LKL_POLL_INSIDE && atomic_load(&left_inside) &&
	    atomic_exchange(&left_inside, 0))
		any |= gather(which, 0);
	return any;
}

void poll_nap(unsigned long long deadline)
{
	struct set *set = &sets[LKL_POLL_SERVICE];
	unsigned long long now = posix_time();
	unsigned long long left = deadline > now ? deadline - now : 0;
	struct timespec ts = { left / NSEC_PER_SEC, left % NSEC_PER_SEC };

	own_fds_follow();
	atomic_store(&set->waiting, WAITING_FOR_KICK);
	if (!kicked(set))
		host_futex_wait(&set->kicked, 0, &ts);
	stop_waiting(set);
	chores_do();
}

void poll_kick(enum lkl_poll_set which)
{
	static const uint64_t one = 1;
	struct set *set = &sets[which];

	__atomic_store_n(&set->kicked, 1, __ATOMIC_SEQ_CST);
	switch (atomic_load(&set->waiting)) {
	case WAITING_FOR_EVENTS:
		host_write(set->kick_fd, &one, sizeof(one));
		break;
	case WAITING_FOR_KICK:
		host_futex_wake(&set->kicked, 1);
		break;
	}
}

/* ------------------------------------------------------------------------ */
/* Dispatching                                                               */

static void call(struct source *s, uint32_t events)
{
	struct source *peer = s->peer, *next;

	if (!s->ready)
		return;		/* removed meanwhile: peer is a free slot */
	s->ready(s->arg, events);
	if (!s->ready)
		return;
	for (; peer && peer->ready; peer = next) {
		next = peer->peer;
		peer->ready(peer->arg, events);
	}
}

void poll_dispatch(void)
{
	struct source *list = atomic_exchange_explicit(&ready_list, NULL,
						       memory_order_acquire);
	struct source *oldest = NULL, *next;

	for (; list; list = next) {
		next = list->next;
		list->next = oldest;
		oldest = list;
	}
	for (; oldest; oldest = next) {
		/* Without pending events, another thread may link it again. */
		next = oldest->next;
		call(oldest, atomic_exchange_explicit(&oldest->pending, 0,
						      memory_order_acq_rel));
	}
}
