/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The host's system calls on Linux, see ../host.h. Each function does what the
 * manual page of its name says, but for the error convention.
 */
#ifndef LKL_LIB_HOST_LINUX_H
#define LKL_LIB_HOST_LINUX_H

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>

#if defined(__x86_64__)
#include "linux-x86_64.h"
#elif defined(__aarch64__)
#include "linux-aarch64.h"
#else
#error "this instruction set needs its file in linux/lib/host/"
#endif

#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif

/* Bytes of the kernel's sigset_t, which is smaller than glibc's. */
#define HOST_SIGSET_BYTES 8

static inline ssize_t host_read(int fd, void *buf, size_t len)
{
	return host_syscall3(SYS_read, fd, (long)buf, len);
}

static inline ssize_t host_write(int fd, const void *buf, size_t len)
{
	return host_syscall3(SYS_write, fd, (long)buf, len);
}

static inline ssize_t host_readv(int fd, const struct iovec *iov, int n)
{
	return host_syscall3(SYS_readv, fd, (long)iov, n);
}

static inline ssize_t host_writev(int fd, const struct iovec *iov, int n)
{
	return host_syscall3(SYS_writev, fd, (long)iov, n);
}

/* @offset in two registers, of which a 64-bit host ignores the second. */
static inline ssize_t host_preadv2(int fd, const struct iovec *iov, int n,
				   uint64_t offset, int flags)
{
	return host_syscall6(SYS_preadv2, fd, (long)iov, n, offset, 0, flags);
}

static inline ssize_t host_preadv(int fd, const struct iovec *iov, int n,
				  uint64_t offset)
{
	return host_preadv2(fd, iov, n, offset, 0);
}

static inline ssize_t host_pwritev(int fd, const struct iovec *iov, int n,
				   uint64_t offset)
{
	return host_syscall6(SYS_pwritev, fd, (long)iov, n, offset, 0, 0);
}

static inline int host_fdatasync(int fd)
{
	return host_syscall3(SYS_fdatasync, fd, 0, 0);
}

static inline int host_fallocate(int fd, int mode, uint64_t offset,
				 uint64_t len)
{
	return host_syscall6(SYS_fallocate, fd, mode, offset, len, 0, 0);
}

static inline int host_fstat(int fd, struct stat *st)
{
	return host_syscall3(SYS_fstat, fd, (long)st, 0);
}

static inline int host_open(const char *path, int flags)
{
	return host_syscall6(SYS_openat, AT_FDCWD, (long)path,
			     flags | O_CLOEXEC, 0, 0, 0);
}

static inline int host_close(int fd)
{
	return host_syscall3(SYS_close, fd, 0, 0);
}

/* The descriptors from @first to @last; CLOSE_RANGE_* in @flags. */
static inline int host_close_range(unsigned int first, unsigned int last,
				   unsigned int flags)
{
	return host_syscall3(SYS_close_range, first, last, flags);
}

static inline int host_ioctl(int fd, unsigned long request, void *arg)
{
	return host_syscall3(SYS_ioctl, fd, request, (long)arg);
}

static inline int host_fcntl(int fd, int cmd, long arg)
{
	return host_syscall3(SYS_fcntl, fd, cmd, arg);
}

static inline int host_flock(int fd, int operation)
{
	return host_syscall3(SYS_flock, fd, operation, 0);
}

static inline int host_socket(int family, int type, int protocol)
{
	return host_syscall3(SYS_socket, family, type, protocol);
}

static inline int host_bind(int fd, const void *addr, unsigned int len)
{
	return host_syscall3(SYS_bind, fd, (long)addr, len);
}

static inline int host_connect(int fd, const void *addr, unsigned int len)
{
	return host_syscall3(SYS_connect, fd, (long)addr, len);
}

static inline int host_getsockname(int fd, void *addr, unsigned int *len)
{
	return host_syscall3(SYS_getsockname, fd, (long)addr, (long)len);
}

static inline int host_getpeername(int fd, void *addr, unsigned int *len)
{
	return host_syscall3(SYS_getpeername, fd, (long)addr, (long)len);
}

static inline int host_listen(int fd, int backlog)
{
	return host_syscall3(SYS_listen, fd, backlog, 0);
}

static inline int host_getsockopt(int fd, int level, int name, void *value,
				  unsigned int *len)
{
	return host_syscall6(SYS_getsockopt, fd, level, name, (long)value,
			     (long)len, 0);
}

static inline int host_setsockopt(int fd, int level, int name,
				  const void *value, unsigned int len)
{
	return host_syscall6(SYS_setsockopt, fd, level, name, (long)value, len,
			     0);
}

static inline int host_socketpair(int family, int type, int pair[2])
{
	return host_syscall6(SYS_socketpair, family, type, 0, (long)pair, 0, 0);
}

static inline ssize_t host_recvmsg(int fd, struct msghdr *msg, int flags)
{
	return host_syscall3(SYS_recvmsg, fd, (long)msg, flags);
}

static inline ssize_t host_sendmsg(int fd, const struct msghdr *msg, int flags)
{
	return host_syscall3(SYS_sendmsg, fd, (long)msg, flags);
}

static inline int host_eventfd(unsigned int count, int flags)
{
	return host_syscall3(SYS_eventfd2, count, flags, 0);
}

static inline int host_epoll_create(void)
{
	return host_syscall3(SYS_epoll_create1, EPOLL_CLOEXEC, 0, 0);
}

static inline int host_epoll_ctl(int epfd, int op, int fd,
				 struct epoll_event *event)
{
	return host_syscall6(SYS_epoll_ctl, epfd, op, fd, (long)event, 0, 0);
}

/* @timeout in ms, -1 for none. */
static inline int host_epoll_wait(int epfd, struct epoll_event *events,
				  int max, int timeout)
{
	return host_syscall6(SYS_epoll_pwait, epfd, (long)events, max, timeout,
			     0, HOST_SIGSET_BYTES);
}

/* @timeout may be NULL for none. */
static inline int host_epoll_wait2(int epfd, struct epoll_event *events,
				   int max, const struct timespec *timeout)
{
	return host_syscall6(SYS_epoll_pwait2, epfd, (long)events, max,
			     (long)timeout, 0, HOST_SIGSET_BYTES);
}

static inline int host_poll(struct pollfd *fds, unsigned int n,
			    const struct timespec *timeout)
{
	struct timespec left;

	/* The host writes the time that is left over its argument. */
	if (timeout)
		left = *timeout;
	return host_syscall6(SYS_ppoll, (long)fds, n,
			     (long)(timeout ? &left : NULL), 0,
			     HOST_SIGSET_BYTES, 0);
}

/*
 * Sleeps while *@word is @value, for @timeout if that is not NULL. Spurious
 * returns are possible.
 */
static inline int host_futex_wait(unsigned int *word, unsigned int value,
				  const struct timespec *timeout)
{
	return host_syscall6(SYS_futex, (long)word, FUTEX_WAIT_PRIVATE, value,
			     (long)timeout, 0, 0);
}

static inline int host_futex_wake(unsigned int *word, int threads)
{
	return host_syscall6(SYS_futex, (long)word, FUTEX_WAKE_PRIVATE,
			     threads, 0, 0, 0);
}

/* The address, or a negative errno. */
static inline long host_mmap(void *addr, size_t len, int prot, int flags,
			     int fd, off_t offset)
{
	return host_syscall6(SYS_mmap, (long)addr, len, prot, flags, fd,
			     offset);
}

static inline long host_mremap(void *addr, size_t old_len, size_t len,
			       int flags, void *new_addr)
{
	return host_syscall6(SYS_mremap, (long)addr, old_len, len, flags,
			     (long)new_addr, 0);
}

static inline int host_munmap(void *addr, size_t len)
{
	return host_syscall3(SYS_munmap, (long)addr, len, 0);
}

static inline int host_madvise(void *addr, size_t len, int advice)
{
	return host_syscall3(SYS_madvise, (long)addr, len, advice);
}

static inline ssize_t host_getrandom(void *buf, size_t len, unsigned int flags)
{
	return host_syscall3(SYS_getrandom, (long)buf, len, flags);
}

static inline int host_io_uring_setup(unsigned int entries,
				      struct io_uring_params *params)
{
	return host_syscall3(SYS_io_uring_setup, entries, (long)params, 0);
}

static inline int host_io_uring_register(int fd, unsigned int op, void *arg,
					 unsigned int n)
{
	return host_syscall6(SYS_io_uring_register, fd, op, (long)arg, n, 0, 0);
}

/* @fd: or the ring's index, with IORING_ENTER_REGISTERED_RING. */
static inline int host_io_uring_enter(int fd, unsigned int submit,
				      unsigned int complete, unsigned int flags)
{
	return host_syscall6(SYS_io_uring_enter, fd, submit, complete, flags, 0,
			     0);
}

static inline int host_prctl(int option, unsigned long arg)
{
	return host_syscall6(SYS_prctl, option, arg, 0, 0, 0, 0);
}

static inline int host_getrlimit(int resource, struct rlimit *limit)
{
	return host_syscall6(SYS_prlimit64, 0, resource, 0, (long)limit, 0, 0);
}

/* A set of signals as the host kernel has it: bit n - 1 is signal n. */
static inline int host_sigmask(int how, const uint64_t *set, uint64_t *old)
{
	return host_syscall6(SYS_rt_sigprocmask, how, (long)set, (long)old,
			     HOST_SIGSET_BYTES, 0, 0);
}

/* The signals of such a set that wait to be delivered. */
static inline int host_sigpending(uint64_t *set)
{
	return host_syscall3(SYS_rt_sigpending, (long)set, HOST_SIGSET_BYTES, 0);
}

/* Takes one that waits. The signal, or a negative errno. */
static inline int host_sigtimedwait(const uint64_t *set,
				    const struct timespec *timeout)
{
	return host_syscall6(SYS_rt_sigtimedwait, (long)set, 0, (long)timeout,
			     HOST_SIGSET_BYTES, 0, 0);
}

/**
 * host_writev_silent() - writev(2) without SIGPIPE
 *
 * A pipe whose reader has gone is no reason to end a program that does not know
 * of it: -EPIPE alone tells of that.
 */
ssize_t host_writev_silent(int fd, const struct iovec *iov, int n);

/**
 * host_fd_hide() - moves a descriptor of this library out of the program's way
 * @fd: the descriptor, or a negative errno that is passed through.
 *
 * Programs count on getting the lowest free descriptors and may close or
 * select() over those they know, so ours go to the upper end of what
 * RLIMIT_NOFILE allows, but not so high that the host has to grow the
 * process's table of descriptors by much.
 *
 * Return: the new descriptor, closed by exec; @fd itself when there is no room.
 */
int host_fd_hide(int fd);

/**
 * host_clock_init() - finds the host's clocks
 *
 * Once, before host_clock() is used in a signal handler.
 */
void host_clock_init(void);

/**
 * host_clock() - the time of a clock of the host
 * @clock: as for clock_gettime(2), a constant that every host knows.
 *
 * Not that of a library that bends time for the program, as libfaketime does:
 * a kernel's timers are not the program's to bend.
 *
 * Return: nanoseconds.
 */
unsigned long long host_clock(clockid_t clock);

#endif
