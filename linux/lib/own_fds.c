// SPDX-License-Identifier: GPL-2.0-only
/* The service thread's table of descriptors (own_fds.h). */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "host.h"
#include "own_fds.h"
#include "poll.h"

enum own_state {
	NONE,		/* must be 0 */
	NEW,		/* in the program's table */
	BOTH,		/* in the service thread's as well */
	OLD,		/* in the service thread's alone, to be closed there */
};

/* What there is, under the lock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct own_fd {
	int fd;
	enum own_state state;
} *own;
static int own_room;

/* Counts what the service thread has to follow, and how far it has come. */
static unsigned int changes;
static unsigned int followed;

/* There are two tables. */
static bool is_split;

/* Of the service thread: this process, to take descriptors from (pidfd_open(2)). */
static int process;
static _Thread_local __attribute__((tls_model("initial-exec"))) bool is_service;

static struct own_fd *find(int fd)
{
	int i;

	for (i = 0; i < own_room; i++)
		if (own[i].state != NONE && own[i].fd == fd)
			return &own[i];
	return NULL;
}

static struct own_fd *find_room(void)
{
	int i = 0, room = own_room ? 2 * own_room : 16;
	struct own_fd *more;

	while (i < own_room && own[i].state != NONE)
		i++;
	if (i == own_room) {
		more = realloc(own, room * sizeof(*more));
		if (!more)
			return NULL;
		memset(more + own_room, 0, (room - own_room) * sizeof(*more));
		own = more;
		own_room = room;
	}
	return &own[i];
}

/* After a change: the service thread knows of it before it uses anything. */
static void tell_service(void)
{
	unsigned int mine = __atomic_add_fetch(&changes, 1, __ATOMIC_SEQ_CST);
	unsigned int seen;

	poll_kick(LKL_POLL_SERVICE);
	for (;;) {
		seen = __atomic_load_n(&followed, __ATOMIC_SEQ_CST);
		if ((int)(seen - mine) >= 0 ||
		    !__atomic_load_n(&is_split, __ATOMIC_SEQ_CST))
			break;
		host_futex_wait(&followed, seen, NULL);
	}
}

int own_fd_keep(int fd)
{
	struct own_fd *new;
	bool tell;

	if (fd < 0)
		return fd;
	pthread_mutex_lock(&lock);
	new = find_room();
	if (new)
		*new = (struct own_fd){ fd, NEW };
	tell = is_split;
	pthread_mutex_unlock(&lock);
	if (!new)
		return -ENOMEM;
	if (tell)
		tell_service();
	return fd;
}

void own_fd_close(int fd)
{
	struct own_fd *old;
	bool tell = false;

	pthread_mutex_lock(&lock);
	old = find(fd);
	if (old) {
		tell = old->state == BOTH;
		old->state = tell ? OLD : NONE;
	}
	pthread_mutex_unlock(&lock);
	host_close(fd);
	if (tell)
		tell_service();
}

/* Takes a descriptor of the program into this thread's table. */
static int take(int fd)
{
	int copy = host_syscall3(SYS_pidfd_getfd, process, fd, 0);

	if (copy < 0 || copy == fd)
		return copy;
	fd = host_syscall3(SYS_dup3, copy, fd, O_CLOEXEC);
	host_close(copy);
	return fd;
}

void own_fds_follow(void)
{
	unsigned int now = __atomic_load_n(&changes, __ATOMIC_SEQ_CST);
	int i;

	if (__builtin_expect(now == followed, 1))
		return;
	pthread_mutex_lock(&lock);
	for (i = 0; i < own_room; i++) {
		if (own[i].state == OLD) {
			host_close(own[i].fd);
			own[i].state = NONE;
		} else if (own[i].state == NEW && take(own[i].fd) >= 0) {
			own[i].state = BOTH;
		}
	}
	pthread_mutex_unlock(&lock);
	__atomic_store_n(&followed, now, __ATOMIC_SEQ_CST);
	host_futex_wake(&followed, INT32_MAX);
}

static int close_fds(unsigned int first, unsigned int last, unsigned int flags)
{
	return host_syscall3(SYS_close_range, first, last, flags);
}

/* The lowest descriptor of ours that is at least @from; UINT32_MAX if none. */
static unsigned int next_own(unsigned int from)
{
	unsigned int best = UINT32_MAX;
	int i;

	for (i = 0; i < own_room; i++)
		if (own[i].state != NONE && (unsigned int)own[i].fd >= from &&
		    (unsigned int)own[i].fd < best)
			best = own[i].fd;
	return best;
}

/* Leaves nothing in the table but what is ours. */
static void close_others(void)
{
	unsigned int from = 0, next;
	int i;

	do {
		next = next_own(from);
		if (next > from)
			close_fds(from, next - 1, 0);
		from = next + 1;
	} while (next != UINT32_MAX);
	for (i = 0; i < own_room; i++)
		if (own[i].state == NEW)
			own[i].state = BOTH;
}

static int open_process(void)
{
	return host_syscall3(SYS_pidfd_open, host_syscall3(SYS_getpid, 0, 0, 0),
			     0, 0);
}

/* Whether descriptors can be taken from the program (a filter may forbid it). */
static bool can_take(void)
{
	int pidfd = open_process(), copy;

	if (pidfd < 0)
		return false;
	copy = host_syscall3(SYS_pidfd_getfd, pidfd, pidfd, 0);
	if (copy >= 0)
		host_close(copy);
	host_close(pidfd);
	return copy >= 0;
}

void own_fds_split(void)
{
	is_service = true;
	if (!can_take())
		return;
	pthread_mutex_lock(&lock);
	/* Nothing is closed by that: no descriptor has this number. */
	is_split = !close_fds(UINT32_MAX, UINT32_MAX, CLOSE_RANGE_UNSHARE);
	if (is_split) {
		close_others();
		process = open_process();
	}
	pthread_mutex_unlock(&lock);
}

void own_fds_end(void)
{
	int i;

	pthread_mutex_lock(&lock);
	is_split = false;
	for (i = 0; i < own_room; i++) {
		if (own[i].state == OLD)
			own[i].state = NONE;
		else if (own[i].state == BOTH)
			own[i].state = NEW;
	}
	pthread_mutex_unlock(&lock);
	__atomic_store_n(&followed, changes, __ATOMIC_SEQ_CST);
	host_futex_wake(&followed, INT32_MAX);
}

void own_fds_write(int fd, const char *text, size_t len)
{
	struct iovec rest = { (char *)text, len };
	bool taken = is_service && is_split;
	ssize_t n;

	if (taken)
		fd = host_syscall3(SYS_pidfd_getfd, process, fd, 0);
	if (fd < 0)
		return;
	while (rest.iov_len) {
		n = host_writev_silent(fd, &rest, 1);
		if (n == -EINTR)
			continue;
		if (n <= 0)
			break;
		rest.iov_base = (char *)rest.iov_base + n;
		rest.iov_len -= n;
	}
	if (taken)
		host_close(fd);
}
