// SPDX-License-Identifier: GPL-2.0-only
/*
 * SIGIO, see sigio.h. A signal of LKL's kernel reaches nobody, so one thread,
 * made when the first socket asks for signals, waits in LKL for all such sockets
 * and has the host send them. Each socket is in an edge-triggered epoll set of
 * its own, where what was ready before is taken out, and that in the thread's.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <asm/sockios.h>
#include "dispatch.h"
#include "fdtab.h"
#include "lkl_nr.h"
#include "lock.h"
#include "sigio.h"
#include "user.h"
#include "../linux/lib/own_thread.h"

#define FROM_PEER (EPOLLIN | EPOLLRDHUP)

/* One socket, by its inode, which all its descriptors share. */
struct watch {
	uint64_t ino;
	int set;		/* LKL's epoll set that holds it */
	uint32_t events;	/* as it is in there */
	int fd;			/* the program's number when it asked */
	bool async;
	int sig;		/* F_SETSIG, 0 for SIGIO */
	struct f_owner_ex owner;
	struct watch *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct watch *watches;
static int all = -1;		/* LKL's epoll set with the sets of all */

/* To whom it is due. With F_SETSIG it tells which descriptor, and what of it. */
static void send_signal(const struct watch *w, int sig, uint32_t events)
{
	int pid = host_syscall3(SYS_getpid, 0, 0, 0), to = w->owner.pid;
	siginfo_t info = { .si_signo = sig, .si_code = SI_SIGIO };
	long ret = -1;

	info.si_band = events & (POLLIN | POLLPRI | POLLOUT | POLLERR | POLLHUP);
	info.si_fd = w->fd;
	if (w->sig == sig && w->owner.type == F_OWNER_TID)
		ret = host_syscall6(SYS_rt_tgsigqueueinfo, pid, to, sig,
				    (long)&info, 0, 0);
	else if (w->sig == sig && w->owner.type == F_OWNER_PID)
		ret = host_syscall3(SYS_rt_sigqueueinfo, to, sig, (long)&info);
	if (ret >= 0)
		return;
	/* When too many are queued, SIGIO tells that at least. */
	if (w->sig == sig && ret == -EAGAIN)
		sig = SIGIO;
	if (w->owner.type == F_OWNER_TID)
		host_syscall3(SYS_tgkill, pid, to, sig);
	else
		host_syscall3(SYS_kill, w->owner.type == F_OWNER_PGRP ? -to : to,
			      sig, 0);
}

static void tell(struct watch *w)
{
	static const struct timespec zero;
	struct epoll_event event;

	if (lkl_do(__lkl__NR_epoll_pwait2, w->set, &event, 1, &zero, 0, 0) != 1)
		return;
	if (!w->owner.pid)
		return;
	if (event.events & EPOLLPRI)
		send_signal(w, SIGURG, event.events);
	if (w->async)
		send_signal(w, w->sig ? w->sig : SIGIO, event.events);
}

static void *serve(void *arg)
{
	struct epoll_event events[16];
	struct watch *w;
	long n;
	int i;

	own_thread_begin("lkl-sigio");
	for (;;) {
		/* cppcheck-suppress legacyUninitvar ; it is filled by the call */
		n = lkl_do(__lkl__NR_epoll_pwait2, all, events, 16, NULL, 0, 0);
		if (n < 0 && n != -EINTR) {
			own_thread_end();
			return arg;
		}
		pthread_mutex_lock(&lock);
		for (i = 0; i < n; i++)
			for (w = watches; w; w = w->next)
				if (w->ino == events[i].data.u64)
					tell(w);
		pthread_mutex_unlock(&lock);
	}
}

/* Under the lock, with all signals blocked. */
static int start(void)
{
	pthread_attr_t attr;
	pthread_t thread;
	int err;

	if (all >= 0)
		return 0;
	all = lkl_do(__lkl__NR_epoll_create1, EPOLL_CLOEXEC);
	if (all < 0)
		return all;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	err = own_thread_create(&thread, &attr, serve, NULL);
	pthread_attr_destroy(&attr);
	if (err) {
		lkl_do(__lkl__NR_close, all);
		all = -1;
	}
	return -err;
}

/* Whether the socket of a set is closed: the set is empty then. */
static bool is_gone(const struct watch *w)
{
	char path[40], text[512];
	long fd, n;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", w->set);
	fd = lkl_do(__lkl__NR_openat, AT_FDCWD, path, O_RDONLY);
	if (fd < 0)
		return false;
	n = lkl_do(__lkl__NR_read, fd, text, sizeof(text) - 1);
	lkl_do(__lkl__NR_close, fd);
	text[n < 0 ? 0 : n] = '\0';
	return n > 0 && !strstr(text, "tfd:");
}

static void sweep(void)
{
	struct watch **link = &watches, *w;

	while ((w = *link)) {
		if (!is_gone(w)) {
			link = &w->next;
			continue;
		}
		*link = w->next;
		lkl_do(__lkl__NR_close, w->set);
		free(w);
	}
}

static uint64_t inode_of(int fd)
{
	struct stat st;

	return dispatch_call(SYS_fstat, fd, &st) < 0 ? 0 : st.st_ino;
}

static struct watch *find(uint64_t ino)
{
	struct watch *w = watches;

	while (w && w->ino != ino)
		w = w->next;
	return w;
}

/* The watch of @fd, made if need be. */
static struct watch *obtain(int fd, int lkl_fd)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	uint64_t ino = inode_of(fd);
	struct watch *w = find(ino);
	struct epoll_event none = { .events = 0 };

	if (w || start() < 0)
		return w;
	sweep();
	w = calloc(1, sizeof(*w));
	if (!w)
		return NULL;
	w->ino = event.data.u64 = ino;
	w->fd = fd;
	w->set = lkl_do(__lkl__NR_epoll_create1, EPOLL_CLOEXEC);
	if (w->set < 0 ||
	    lkl_do(__lkl__NR_epoll_ctl, w->set, EPOLL_CTL_ADD, lkl_fd, &none) < 0 ||
	    lkl_do(__lkl__NR_epoll_ctl, all, EPOLL_CTL_ADD, w->set, &event) < 0) {
		if (w->set >= 0)
			lkl_do(__lkl__NR_close, w->set);
		free(w);
		return NULL;
	}
	w->next = watches;
	watches = w;
	return w;
}

/*
 * Watches for what signals are wanted for. Room to write is told to who has
 * found none, so it is watched for only while there is none.
 */
static void rearm(struct watch *w, int lkl_fd)
{
	static const struct timespec zero;
	struct pollfd p = { .fd = lkl_fd, .events = POLLOUT };
	struct epoll_event event = { .events = EPOLLET };

	if (w->owner.pid)
		event.events |= EPOLLPRI;
	if (w->async)
		event.events |= FROM_PEER;
	if (w->async && !lkl_do(__lkl__NR_ppoll, &p, 1, &zero, 0, 0))
		event.events |= EPOLLOUT;
	if (event.events == w->events)
		return;
	w->events = event.events;
	lkl_do(__lkl__NR_epoll_ctl, w->set, EPOLL_CTL_MOD, lkl_fd, &event);
	/* What is ready now is not news. */
	lkl_do(__lkl__NR_epoll_pwait2, w->set, &event, 1, &zero, 0, 0);
}

void sigio_set(int fd, int lkl_fd, bool async)
{
	struct watch *w;
	uint64_t mask;

	if (!async && !watches)
		return;
	mask = lock_take(&lock);
	w = async ? obtain(fd, lkl_fd) : find(inode_of(fd));
	if (w) {
		if (async && !w->async)
			w->fd = fd;
		w->async = async;
		rearm(w, lkl_fd);
	}
	lock_give(&lock, mask);
}

void sigio_full(int lkl_fd)
{
	struct watch *w;
	uint64_t mask;

	if (__builtin_expect(!watches, 1))
		return;
	mask = lock_take(&lock);
	for (w = watches; w; w = w->next)
		if (w->async && fdtab_lkl(w->fd) == lkl_fd)
			rearm(w, lkl_fd);
	lock_give(&lock, mask);
}

void sigio_forget(void)
{
	watches = NULL;
	all = -1;
	pthread_mutex_init(&lock, NULL);
}

static bool exists(const struct f_owner_ex *owner)
{
	int id = owner->pid;

	if (!id)
		return true;
	if (owner->type == F_OWNER_TID)
		return !host_syscall3(SYS_tgkill,
				      host_syscall3(SYS_getpid, 0, 0, 0), id, 0);
	return host_syscall3(SYS_kill, owner->type == F_OWNER_PGRP ? -id : id,
			     0, 0) != -ESRCH;
}

static long set_owner(int fd, int lkl_fd, const struct f_owner_ex *owner)
{
	struct watch *w;
	uint64_t mask;

	if (owner->type < F_OWNER_TID || owner->type > F_OWNER_PGRP)
		return -EINVAL;
	if (!exists(owner))
		return -ESRCH;
	mask = lock_take(&lock);
	w = obtain(fd, lkl_fd);
	if (w) {
		w->owner = *owner;
		rearm(w, lkl_fd);
	}
	lock_give(&lock, mask);
	return w ? 0 : -ENOMEM;
}

/* As F_SETOWN has it: a process, or a group below zero. */
static long set_owner_id(int fd, int lkl_fd, int id)
{
	struct f_owner_ex owner = { id < 0 ? F_OWNER_PGRP : F_OWNER_PID, id };

	if (id == INT32_MIN)
		return -EINVAL;
	if (id < 0)
		owner.pid = -id;
	return set_owner(fd, lkl_fd, &owner);
}

static struct f_owner_ex owner_of(int fd, int *sig)
{
	struct f_owner_ex owner = { .type = F_OWNER_PID };
	uint64_t mask = lock_take(&lock);
	struct watch *w = find(inode_of(fd));

	*sig = w ? w->sig : 0;
	if (w)
		owner = w->owner;
	lock_give(&lock, mask);
	/* One that was never set. */
	if (!owner.pid)
		owner.type = F_OWNER_PID;
	return owner;
}

static long set_signal(int fd, int lkl_fd, int sig)
{
	struct watch *w;
	uint64_t mask;

	if (sig < 0 || sig > 64)
		return -EINVAL;
	mask = lock_take(&lock);
	w = obtain(fd, lkl_fd);
	if (w)
		w->sig = sig;
	lock_give(&lock, mask);
	return w ? 0 : -ENOMEM;
}

static long owner_id(int fd)
{
	int sig;
	struct f_owner_ex owner = owner_of(fd, &sig);

	return owner.type == F_OWNER_PGRP ? -owner.pid : owner.pid;
}

bool sigio_fcntl(int fd, int lkl_fd, int command, long arg, long *ret)
{
	struct f_owner_ex owner;
	int sig;

	switch (command) {
	case F_SETOWN:
		*ret = set_owner_id(fd, lkl_fd, arg);
		return true;
	case F_GETOWN:
		*ret = owner_id(fd);
		return true;
	case F_SETOWN_EX:
		*ret = user_copy(&owner, (void *)arg, sizeof(owner));
		if (!*ret)
			*ret = set_owner(fd, lkl_fd, &owner);
		return true;
	case F_GETOWN_EX:
		owner = owner_of(fd, &sig);
		*ret = user_copy((void *)arg, &owner, sizeof(owner));
		return true;
	case F_SETSIG:
		*ret = set_signal(fd, lkl_fd, arg);
		return true;
	case F_GETSIG:
		owner_of(fd, &sig);
		*ret = sig;
		return true;
	default:
		return false;
	}
}

bool sigio_ioctl(int fd, int lkl_fd, unsigned int request, void *arg, long *ret)
{
	int id;

	switch (request) {
	case FIOSETOWN:
	case SIOCSPGRP:
		*ret = user_copy(&id, arg, sizeof(id));
		if (!*ret)
			*ret = set_owner_id(fd, lkl_fd, id);
		return true;
	case FIOGETOWN:
	case SIOCGPGRP:
		id = owner_id(fd);
		*ret = user_copy(arg, &id, sizeof(id));
		return true;
	default:
		return false;
	}
}
