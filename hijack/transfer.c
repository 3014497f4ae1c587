// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls with two descriptors of which one is LKL's: the data go through a
 * buffer here. With both on one side they are that kernel's own. Nothing is
 * taken from the one that the other does not take.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include "dispatch.h"
#include "fdtab.h"
#include "lkl_nr.h"
#include "poll.h"
#include "sockets.h"
#include "user.h"

/* Bytes at a time; more than FEW not on the stack, of which threads may have little. */
#define CHUNK 65536
#define FEW 4096

/* A pipe that is writable has room for that much (pipe(7)). */
#define PIPE_ROOM 4096

/* The regular file or block device that sendfile(2) demands. */
static long check_source(int fd)
{
	struct stat st;
	long ret = dispatch_call(SYS_fstat, fd, &st);

	if (ret < 0)
		return ret;
	return S_ISREG(st.st_mode) || S_ISBLK(st.st_mode) ? 0 : -EINVAL;
}

/* Up to @len bytes from @in at *@offset, which is moved, to @out. */
static long send_file(int out, int in, int64_t *offset, size_t len)
{
	size_t total = 0, want, size = len < CHUNK ? len : CHUNK;
	char few[FEW], *buf = few, *memory = NULL;
	long n, done = 0;

	if (size > FEW) {
		buf = memory = poll_memory(size);
		if (!buf)
			return -ENOMEM;
	}
	while (total < len) {
		want = len - total < size ? len - total : size;
		n = dispatch_call(SYS_pread64, in, buf, want, *offset);
		done = n > 0 ? dispatch_call(SYS_write, out, buf, n) : n;
		if (done <= 0)
			break;
		*offset += done;
		total += done;
		if (done < (long)want)
			break;
	}
	poll_memory_free(memory, size);
	return total ? (long)total : done;
}

/* sendfile(2) */
long call_sendfile(const long *args)
{
	int64_t *offset = (int64_t *)args[2], position = 0;
	int out = fdtab_lkl(args[0]), in = fdtab_lkl(args[1]);
	long ret;

	if (out < 0 && in < 0)
		return host_call(SYS_sendfile, args);
	if (out >= 0 && in >= 0)
		return sockets_written(out, lkl_do(__lkl__NR_sendfile, out, in,
						   offset, args[3]), 0);
	if (offset && user_copy(&position, offset, sizeof(position)))
		return -EFAULT;
	ret = check_source(args[1]);
	if (ret < 0)
		return ret;
	if (dispatch_call(SYS_fcntl, args[0], F_GETFD) < 0)
		return -EBADF;
	if (offset) {
		ret = send_file(args[0], args[1], &position, args[3]);
		if (user_copy(offset, &position, sizeof(position)))
			return -EFAULT;
		return ret;
	}

	position = dispatch_call(SYS_lseek, args[1], 0, SEEK_CUR);
	ret = position < 0 ? position
			   : send_file(args[0], args[1], &position, args[3]);
	if (ret > 0)
		dispatch_call(SYS_lseek, args[1], position, SEEK_SET);
	return ret;
}

/* 0 when the pipe takes something, after waiting for that if it may block. */
static long pipe_ready(int fd, short events, bool block)
{
	static const struct timespec zero;
	struct pollfd p = { .fd = fd, .events = events };
	long flags = host_fcntl(fd, F_GETFL, 0);
	int ret;

	if (flags < 0)
		return flags;
	ret = host_poll(&p, 1, block && !(flags & O_NONBLOCK) ? NULL : &zero);
	if (ret < 0)
		return ret;
	return ret ? 0 : -EAGAIN;
}

/* From an LKL socket to a pipe: what the pipe has taken is then received. */
static long to_pipe(int lkl_fd, int fd, char *buf, size_t len, bool block)
{
	long n, done = 0, ret = pipe_ready(fd, POLLOUT, block);

	if (ret < 0)
		return ret;
	n = lkl_do(__lkl__NR_recvfrom, lkl_fd, buf, len, MSG_PEEK);
	if (n <= 0)
		return n;
	while (done < n && !pipe_ready(fd, POLLOUT, false)) {
		ret = host_write(fd, buf + done, n - done < PIPE_ROOM ? n - done
								: PIPE_ROOM);
		if (ret <= 0)
			break;
		done += ret;
	}
	if (done)
		lkl_do(__lkl__NR_recvfrom, lkl_fd, buf, done, MSG_DONTWAIT);
	return done ? done : ret;
}

/* What a pipe holds stays there until it is sent: it is looked at in a copy. */
static long from_pipe(int fd, int lkl_fd, char *buf, size_t len, bool block)
{
	int copy[2];
	long n, ret = pipe_ready(fd, POLLIN, block);

	if (ret < 0)
		return ret;
	ret = host_syscall3(SYS_pipe2, (long)copy, O_CLOEXEC, 0);
	if (ret < 0)
		return ret;
	ret = host_syscall6(SYS_tee, fd, copy[1], len, SPLICE_F_NONBLOCK,
			    0, 0);
	if (ret > 0) {
		n = host_read(copy[0], buf, ret);
		ret = sockets_written(lkl_fd, lkl_do(__lkl__NR_sendto, lkl_fd,
						     buf, n, 0, 0, 0), 0);
		for (n = 0; n < ret; n += len) {
			len = host_read(fd, buf, ret - n);
			if ((long)len <= 0)
				break;
		}
	}
	host_close(copy[0]);
	host_close(copy[1]);
	return ret;
}

static bool is_pipe(int fd)
{
	struct stat st;

	return !host_syscall3(SYS_fstat, fd, (long)&st, 0) &&
	       S_ISFIFO(st.st_mode);
}

/* splice(2). SPLICE_F_NONBLOCK is about the pipe, as on the host. */
long call_splice(const long *args)
{
	int in = fdtab_lkl(args[0]), out = fdtab_lkl(args[2]);
	bool block = !(args[5] & SPLICE_F_NONBLOCK);
	int pipe = in < 0 ? args[0] : args[2];
	size_t len;
	char *buf;
	long ret;

	if (in < 0 && out < 0)
		return host_call(SYS_splice, args);
	if (in >= 0 && out >= 0)
		return sockets_written(out, lkl_do(__lkl__NR_splice, in, args[1],
						   out, args[3], args[4],
						   args[5]), 0);
	if (dispatch_call(SYS_fcntl, pipe, F_GETFD) < 0)
		return -EBADF;
	if (!is_pipe(pipe))
		return -EINVAL;
	if (args[1] || args[3])
		return -ESPIPE;
	if (!args[4])
		return 0;
	len = (size_t)args[4] < CHUNK ? (size_t)args[4] : CHUNK;
	buf = poll_memory(len);
	if (!buf)
		return -ENOMEM;
	ret = in >= 0 ? to_pipe(in, pipe, buf, len, block)
		      : from_pipe(pipe, out, buf, len, block);
	poll_memory_free(buf, len);
	return ret;
}

/* tee(2): pipes are the host's, so with an LKL descriptor there are not two */
long call_tee(const long *args)
{
	if (fdtab_lkl(args[0]) < 0 && fdtab_lkl(args[1]) < 0)
		return host_call(SYS_tee, args);
	return -EINVAL;
}

/* copy_file_range(2): sockets never; and never from one kernel to another */
long call_copy_file_range(const long *args)
{
	int in = fdtab_lkl(args[0]), out = fdtab_lkl(args[2]);

	if (in < 0 && out < 0)
		return host_call(SYS_copy_file_range, args);
	if (in >= 0 && out >= 0)
		return lkl_do(__lkl__NR_copy_file_range, in, args[1], out,
			      args[3], args[4], args[5]);
	if (dispatch_call(SYS_fcntl, args[0], F_GETFD) < 0 ||
	    dispatch_call(SYS_fcntl, args[2], F_GETFD) < 0)
		return -EBADF;
	if (check_source(args[0]) < 0 || check_source(args[2]) < 0)
		return -EINVAL;
	return -EXDEV;
}
