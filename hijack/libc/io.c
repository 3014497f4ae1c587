// SPDX-License-Identifier: GPL-2.0-only
/* read(2), write(2) and their family. */
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>
#include <fcntl.h>
#include "libc.h"

ssize_t __read_chk(int fd, void *buf, size_t len, size_t room);
ssize_t __pread_chk(int fd, void *buf, size_t len, off_t at, size_t room);
ssize_t __pread64_chk(int fd, void *buf, size_t len, off64_t at, size_t room);

/* The offset of the system call is in two halves, of which one is unused. */
#define VECTOR_AT(name, nr, otype)					\
EXPORT ssize_t name(int fd, const struct iovec *iov, int n, otype at)	\
{									\
	if (OURS(fd))							\
		return cancellable_call(nr, fd, iov, n, at, 0);		\
	return real(name)(fd, iov, n, at);				\
}

#define VECTOR_AT_FLAGS(name, nr, otype)				\
EXPORT ssize_t name(int fd, const struct iovec *iov, int n, otype at,	\
		    int flags)						\
{									\
	if (OURS(fd))							\
		return cancellable_call(nr, fd, iov, n, at, 0, flags);	\
	return real(name)(fd, iov, n, at, flags);			\
}

FD_CANCELLABLE(ssize_t, read, SYS_read,
	       (int fd, void *buf, size_t len), fd, buf, len)
FD_CANCELLABLE(ssize_t, write, SYS_write,
	       (int fd, const void *buf, size_t len), fd, buf, len)
FD_CANCELLABLE(ssize_t, readv, SYS_readv,
	       (int fd, const struct iovec *iov, int n), fd, iov, n)
FD_CANCELLABLE(ssize_t, writev, SYS_writev,
	       (int fd, const struct iovec *iov, int n), fd, iov, n)
FD_CANCELLABLE(ssize_t, pread, SYS_pread64,
	       (int fd, void *buf, size_t len, off_t at), fd, buf, len, at)
FD_CANCELLABLE(ssize_t, pread64, SYS_pread64,
	       (int fd, void *buf, size_t len, off64_t at), fd, buf, len, at)
FD_CANCELLABLE(ssize_t, pwrite, SYS_pwrite64,
	       (int fd, const void *buf, size_t len, off_t at),
	       fd, buf, len, at)
FD_CANCELLABLE(ssize_t, pwrite64, SYS_pwrite64,
	       (int fd, const void *buf, size_t len, off64_t at),
	       fd, buf, len, at)
VECTOR_AT(preadv, SYS_preadv, off_t)
VECTOR_AT(preadv64, SYS_preadv, off64_t)
VECTOR_AT(pwritev, SYS_pwritev, off_t)
VECTOR_AT(pwritev64, SYS_pwritev, off64_t)
VECTOR_AT_FLAGS(preadv2, SYS_preadv2, off_t)
VECTOR_AT_FLAGS(preadv64v2, SYS_preadv2, off64_t)
VECTOR_AT_FLAGS(pwritev2, SYS_pwritev2, off_t)
VECTOR_AT_FLAGS(pwritev64v2, SYS_pwritev2, off64_t)

FD_FUNCTION(off_t, lseek, SYS_lseek, (int fd, off_t at, int whence),
	    fd, at, whence)
FD_FUNCTION(off64_t, lseek64, SYS_lseek, (int fd, off64_t at, int whence),
	    fd, at, whence)
FD_FUNCTION(int, ftruncate, SYS_ftruncate, (int fd, off_t size), fd, size)
FD_FUNCTION(int, ftruncate64, SYS_ftruncate, (int fd, off64_t size), fd, size)
FD_CANCELLABLE(int, fsync, SYS_fsync, (int fd), fd)
FD_CANCELLABLE(int, fdatasync, SYS_fdatasync, (int fd), fd)

/* What fortified programs call: the room in the buffer is known. */
EXPORT ssize_t __read_chk(int fd, void *buf, size_t len, size_t room)
{
	if (len > room)
		__chk_fail();
	return read(fd, buf, len);
}

EXPORT ssize_t __pread_chk(int fd, void *buf, size_t len, off_t at,
			   size_t room)
{
	if (len > room)
		__chk_fail();
	return pread(fd, buf, len, at);
}

EXPORT ssize_t __pread64_chk(int fd, void *buf, size_t len, off64_t at,
			     size_t room)
{
	if (len > room)
		__chk_fail();
	return pread64(fd, buf, len, at);
}

#define TWO_FDS(type, name, nr, first, second, params, ...)		\
EXPORT type name params							\
{									\
	if (OURS(first) || OURS(second))				\
		return call(nr, __VA_ARGS__);				\
	return real(name)(__VA_ARGS__);					\
}

TWO_FDS(ssize_t, sendfile, SYS_sendfile, out, in,
	(int out, int in, off_t *at, size_t len), out, in, at, len)
TWO_FDS(ssize_t, sendfile64, SYS_sendfile, out, in,
	(int out, int in, off64_t *at, size_t len), out, in, at, len)
TWO_FDS(ssize_t, splice, SYS_splice, in, out,
	(int in, off64_t *in_at, int out, off64_t *out_at, size_t len,
	 unsigned int flags), in, in_at, out, out_at, len, flags)
TWO_FDS(ssize_t, tee, SYS_tee, in, out,
	(int in, int out, size_t len, unsigned int flags), in, out, len, flags)
TWO_FDS(ssize_t, copy_file_range, SYS_copy_file_range, in, out,
	(int in, off64_t *in_at, int out, off64_t *out_at, size_t len,
	 unsigned int flags), in, in_at, out, out_at, len, flags)
