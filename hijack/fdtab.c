// SPDX-License-Identifier: GPL-2.0-only
/* The descriptor table, see fdtab.h. */
#include <errno.h>
#include <fcntl.h>
#include "boot.h"
#include "dispatch.h"
#include "epoll_set.h"
#include "fdtab.h"
#include "lkl.h"
#include "lkl_nr.h"
#include "thread.h"
#include "trace.h"
#include "libc/streams.h"
#include "ring.h"

uint32_t fdtab[FDTAB_SIZE];

static int placeholder = -1;	/* what shadows are duplicates of */
static int highest = -1;

/* So many numbers of LKL that were closed are not used again yet. */
#define RESTING 256

/*
 * A socket that nothing can be done with: the host's answers to a call that
 * slipped through are those for an unconnected socket, never a file's.
 */
static int make_placeholder(void)
{
	int fd = host_socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	/* Programs in a sandbox may have no sockets: man(1)'s helpers. */
	if (fd < 0)
		fd = host_open("/", O_PATH | O_CLOEXEC);
	return host_fd_hide(fd);
}

void fdtab_set(int fd, uint32_t number, uint32_t kind)
{
	int old = __atomic_load_n(&highest, __ATOMIC_RELAXED);

	__atomic_store_n(&fdtab[fd], number << FDTAB_SHIFT | kind,
			 __ATOMIC_RELEASE);
	if (kind == FDTAB_LKL && fd <= 2)
		stdio_becomes_lkl(fd);
	while (old < fd &&
	       !__atomic_compare_exchange_n(&highest, &old, fd, true,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
	if (kind != FDTAB_LKL)
		return;
	/* Either fdtab_close_all() at the end finds it, or it is seen here. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (boot_ends()) {
		fdtab_close_lkl(number);
		boot_hold();
	}
}

/*
 * The linker has us called for host_fd_hide() (--wrap), by the host library
 * too: what it hides, the program does not close by accident (closefrom(3)).
 */
int __real_host_fd_hide(int fd);
int __wrap_host_fd_hide(int fd);

int __wrap_host_fd_hide(int fd)
{
	int hidden = __real_host_fd_hide(fd);

	if (hidden >= 0 && hidden < (int)FDTAB_SIZE)
		fdtab_set(hidden, 0, FDTAB_HIDDEN);
	return hidden;
}

void fdtab_close_hidden(int fd)
{
	if (fd < (int)FDTAB_SIZE)
		__atomic_store_n(&fdtab[fd], 0, __ATOMIC_RELEASE);
	host_close(fd);
}

int fdtab_init(void)
{
	placeholder = make_placeholder();
	return placeholder < 0 ? placeholder : 0;
}

static long lkl_plain(long nr, long first, long second, long third, long fourth)
{
	return lkl_syscall(nr, (long[6]){ first, second, third, fourth });
}

/* LKL's descriptor of something that no call has a use for. */
static int nothing(void)
{
	static int made = -1;
	int fd = __atomic_load_n(&made, __ATOMIC_ACQUIRE), none = -1;

	if (__builtin_expect(fd >= 0, 1))
		return fd;
	fd = lkl_plain(__lkl__NR_openat, AT_FDCWD, (long)"/",
		       O_PATH | O_CLOEXEC, 0);
	if (fd >= 0 && !__atomic_compare_exchange_n(&made, &none, fd, false,
						    __ATOMIC_ACQ_REL,
						    __ATOMIC_ACQUIRE)) {
		lkl_plain(__lkl__NR_close, fd, 0, 0, 0);
		fd = none;
	}
	return fd;
}

void fdtab_close_lkl(int lkl_fd)
{
	static unsigned int resting[RESTING], turn;
	unsigned int *place, old;

	trace_reached();
	if (lkl_plain(__lkl__NR_dup3, nothing(), lkl_fd, O_CLOEXEC, 0) < 0) {
		lkl_plain(__lkl__NR_close, lkl_fd, 0, 0, 0);
		return;
	}
	place = &resting[__atomic_fetch_add(&turn, 1, __ATOMIC_RELAXED) %
			 RESTING];
	old = __atomic_exchange_n(place, lkl_fd + 1, __ATOMIC_RELAXED);
	if (old)
		lkl_plain(__lkl__NR_close, old - 1, 0, 0, 0);
}

static int new_shadow(int at_least, bool cloexec)
{
	int fd = host_fcntl(placeholder, cloexec ? F_DUPFD_CLOEXEC : F_DUPFD,
			    at_least);

	if (fd < (int)FDTAB_SIZE)
		return fd;
	host_close(fd);
	return -EMFILE;
}

/*
 * The number waits as one of this library's. A call that is left by a jump out
 * of a handler, or by the end of its thread, leaves it here.
 */
static __thread int reserved = -1;

int fdtab_reserve(void)
{
	int fd;

	if (reserved >= 0)
		return 0;
	fd = new_shadow(0, true);
	if (fd < 0)
		return fd;
	fdtab_set(fd, 0, FDTAB_HIDDEN);
	reserved = fd;
	thread_at_exit(fdtab_unreserve);
	return 0;
}

void fdtab_unreserve(void)
{
	int fd = reserved;

	reserved = -1;
	if (fd >= 0)
		fdtab_close_hidden(fd);
}

int fdtab_install(int lkl_fd, int at_least, bool cloexec)
{
	int fd = reserved;

	if (fd >= at_least) {
		reserved = -1;
		if (!cloexec)
			host_fcntl(fd, F_SETFD, 0);
	} else {
		fd = new_shadow(at_least, cloexec);
	}
	if (fd < 0)
		fdtab_close_lkl(lkl_fd);
	else
		fdtab_set(fd, lkl_fd, FDTAB_LKL);
	return fd;
}

int fdtab_replace(int fd, bool cloexec)
{
	return host_syscall3(SYS_dup3, placeholder, fd,
			     cloexec ? O_CLOEXEC : 0);
}

void fdtab_release(int fd)
{
	uint32_t entry;

	/* A child of vfork() has our memory, but its own descriptors. */
	if (boot_vforked())
		return;
	entry = __atomic_exchange_n(&fdtab[fd], 0, __ATOMIC_ACQ_REL);
	if ((entry & FDTAB_KIND) == FDTAB_EPOLL)
		epoll_set_put(entry >> FDTAB_SHIFT);
	if ((entry & FDTAB_KIND) != FDTAB_LKL)
		return;
	ring_end(entry >> FDTAB_SHIFT);
	fdtab_close_lkl(entry >> FDTAB_SHIFT);
	if (fd <= 2)
		stdio_becomes_host(fd);
}

int fdtab_highest(void)
{
	return __atomic_load_n(&highest, __ATOMIC_RELAXED);
}

void fdtab_close_all(void)
{
	int fd, lkl_fd;

	for (fd = fdtab_highest(); fd >= 0; fd--) {
		lkl_fd = fdtab_lkl(fd);
		if (lkl_fd >= 0)
			fdtab_close_lkl(lkl_fd);
	}
}

void fdtab_fork(bool shares_files)
{
	int fd;

	reserved = -1;
	for (fd = fdtab_highest(); fd >= 0; fd--) {
		if (fdtab_hidden(fd) && !shares_files)
			host_close(fd);
		if (!fdtab_parents(fd))
			__atomic_store_n(&fdtab[fd], fdtab_lkl(fd) >= 0
					 ? FDTAB_PARENTS : 0, __ATOMIC_RELAXED);
	}
}
