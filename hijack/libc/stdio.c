// SPDX-License-Identifier: GPL-2.0-only
/*
 * Streams over LKL's descriptors. libc's streams make their system calls inside
 * libc; one that fopencookie(3) makes asks functions of ours.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "libc.h"
#include "netview.h"
#include "streams.h"

/* Bits of FILE._flags, part of its interface to inline functions (<libio.h>). */
#define STDIO_UNBUFFERED	0x0002
#define STDIO_NO_READS		0x0004
#define STDIO_NO_WRITES		0x0008
#define STDIO_LINE_BUFFERED	0x0200

int __dprintf_chk(int fd, int flag, const char *format, ...);
int __vdprintf_chk(int fd, int flag, const char *format, va_list ap);

/* A stream of ours; in a list, for the program's end. */
struct stream {
	int fd;
	FILE *file;
	struct stream *next, **link;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct stream *streams;

/* Streams over LKL's descriptors 0 to 2, and what they stand in for, if they do. */
static FILE *streams_for[3], *replaced[3];

static ssize_t stream_read(void *cookie, char *buf, size_t len)
{
	return read(((struct stream *)cookie)->fd, buf, len);
}

/* All of it, as libc's streams do. */
static ssize_t write_all(int fd, const char *buf, size_t len)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = write(fd, buf + done, len - done);
		if (n < 0)
			break;
		done += n;
	}
	return done;
}

static ssize_t stream_write(void *cookie, const char *buf, size_t len)
{
	return write_all(((struct stream *)cookie)->fd, buf, len);
}

static int stream_seek(void *cookie, off64_t *at, int whence)
{
	off64_t to = lseek64(((struct stream *)cookie)->fd, *at, whence);

	if (to < 0)
		return -1;
	*at = to;
	return 0;
}

static int stream_close(void *cookie)
{
	struct stream *stream = cookie;
	int fd = stream->fd;

	pthread_mutex_lock(&lock);
	*stream->link = stream->next;
	if (stream->next)
		stream->next->link = stream->link;
	pthread_mutex_unlock(&lock);
	if (fd <= 2 && stream->file == streams_for[fd])
		streams_for[fd] = NULL;
	free(stream);
	return close(fd);
}

/* The flags of open(2) that a mode of fopen(3) stands for, -1 for none. */
static int flags_of(const char *mode)
{
	int flags;

	switch (*mode) {
	case 'r':
		flags = O_RDONLY;
		break;
	case 'w':
		flags = O_WRONLY | O_CREAT | O_TRUNC;
		break;
	case 'a':
		flags = O_WRONLY | O_CREAT | O_APPEND;
		break;
	default:
		errno = EINVAL;
		return -1;
	}
	for (mode++; *mode && *mode != ','; mode++) {
		if (*mode == '+')
			flags = (flags & ~O_ACCMODE) | O_RDWR;
		else if (*mode == 'x')
			flags |= O_EXCL;
		else if (*mode == 'e')
			flags |= O_CLOEXEC;
	}
	return flags;
}

static FILE *make_stream(int fd, const char *mode)
{
	static const cookie_io_functions_t functions = {
		.read = stream_read, .write = stream_write,
		.seek = stream_seek, .close = stream_close,
	};
	struct stream *stream = malloc(sizeof(*stream));

	if (!stream)
		return NULL;
	stream->fd = fd;
	stream->file = fopencookie(stream, mode, functions);
	if (!stream->file) {
		free(stream);
		return NULL;
	}
	/* For fileno(3); the stream itself has no use for it. */
	stream->file->_fileno = fd;

	pthread_mutex_lock(&lock);
	stream->next = streams;
	stream->link = &streams;
	if (streams)
		streams->link = &stream->next;
	streams = stream;
	pthread_mutex_unlock(&lock);
	return stream->file;
}

void stdio_flush(void)
{
	struct stream *stream;

	pthread_mutex_lock(&lock);
	for (stream = streams; stream; stream = stream->next) {
		/* A thread that waits in the stream keeps it. */
		if (ftrylockfile(stream->file))
			continue;
		if (stream->file->_IO_write_ptr > stream->file->_IO_write_base)
			fflush_unlocked(stream->file);
		funlockfile(stream->file);
	}
	pthread_mutex_unlock(&lock);
}

void stdio_fork(void)
{
	pthread_mutex_init(&lock, NULL);
}

static FILE **standard(int fd)
{
	return fd == 0 ? &stdin : fd == 1 ? &stdout : &stderr;
}

/* What has been printed but not written goes where the number leads now. */
static void move_output(FILE *from, FILE *to)
{
	size_t len = from->_IO_write_ptr - from->_IO_write_base;

	if (len) {
		fwrite_unlocked(from->_IO_write_base, 1, len, to);
		__fpurge(from);
	}
}

void stdio_becomes_lkl(int fd)
{
	FILE **variable = standard(fd), *old = *variable, *new;

	if (replaced[fd] || !old || old->_fileno != fd)
		return;
	if (!streams_for[fd])
		streams_for[fd] = make_stream(fd, fd ? "w" : "r");
	new = streams_for[fd];
	if (!new)
		return;
	if (old->_flags & STDIO_UNBUFFERED)
		setvbuf(new, NULL, _IONBF, 0);
	else if (old->_flags & STDIO_LINE_BUFFERED)
		setvbuf(new, NULL, _IOLBF, 0);
	clearerr_unlocked(new);
	if (fd)
		move_output(old, new);
	else
		__fpurge(new);
	replaced[fd] = old;
	*variable = new;
}

void stdio_becomes_host(int fd)
{
	FILE **variable = standard(fd), *new = *variable;

	if (!replaced[fd])
		return;
	*variable = replaced[fd];
	replaced[fd] = NULL;
	if (fd)
		move_output(new, *variable);
}

EXPORT FILE *fdopen(int fd, const char *mode)
{
	int flags = flags_of(mode), have;

	if (!OURS(fd))
		return real(fdopen)(fd, mode);
	if (flags < 0)
		return NULL;
	have = fcntl(fd, F_GETFL);
	if (have < 0)
		return NULL;
	if ((have & O_ACCMODE) != O_RDWR &&
	    (have & O_ACCMODE) != (flags & O_ACCMODE)) {
		errno = EINVAL;
		return NULL;
	}
	if (flags & O_APPEND && !(have & O_APPEND) &&
	    fcntl(fd, F_SETFL, have | O_APPEND) < 0)
		return NULL;
	return make_stream(fd, mode);
}

EXPORT FILE *fopen(const char *path, const char *mode)
{
	int fd, flags, err;
	FILE *f;

	if (!netview_has(AT_FDCWD, path))
		return real(fopen)(path, mode);
	flags = flags_of(mode);
	if (flags < 0)
		return NULL;
	fd = open(path, flags, 0666);
	if (fd < 0)
		return NULL;
	f = OURS(fd) ? make_stream(fd, mode) : real(fdopen)(fd, mode);
	if (!f) {
		err = errno;
		close(fd);
		errno = err;
	}
	return f;
}

static bool is_ours(const FILE *f)
{
	struct stream *stream;

	pthread_mutex_lock(&lock);
	for (stream = streams; stream && stream->file != f;)
		stream = stream->next;
	pthread_mutex_unlock(&lock);
	return stream;
}

/*
 * A stream of ours reads and writes by its number, whatever that leads to. A
 * standard one changes with its number, if need be (fdtab.c).
 */
static FILE *reopen(const char *path, int flags, FILE *f)
{
	int fd = f->_fileno, new, ret, err;
	bool is_standard = fd <= 2 && f == *standard(fd);

	fflush(f);
	new = path ? open(path, flags, 0666) : fd;
	ret = new < 0 ? -1 : dup2(new, fd);
	err = errno;
	if (new >= 0 && new != fd)
		close(new);
	if (is_standard)
		f = *standard(fd);
	if (ret < 0) {
		if (is_standard)
			close(fd);
		else
			fclose(f);
		errno = err;
		return NULL;
	}
	__fpurge(f);
	clearerr(f);
	f->_flags &= ~(STDIO_NO_READS | STDIO_NO_WRITES);
	if ((flags & O_ACCMODE) != O_RDWR)
		f->_flags |= (flags & O_ACCMODE) == O_RDONLY ? STDIO_NO_WRITES
							     : STDIO_NO_READS;
	return f;
}

/* A copy of what is there to be read, in a file of the host. */
static int copy_of(const char *path)
{
	int from = open(path, O_RDONLY | O_CLOEXEC);
	int to = from < 0 ? -1 : memfd_create("copy", MFD_CLOEXEC);
	char buf[4096];
	ssize_t n = 0;

	while (to >= 0 && (n = read(from, buf, sizeof(buf))) > 0 &&
	       write_all(to, buf, n) == n)
		;
	if (from >= 0)
		close(from);
	if (to >= 0 && n) {
		close(to);
		return -1;
	}
	return to;
}

/*
 * The stream of the program must stay the one that it is. One of libc's, but
 * the standard ones, reads a copy of a file of LKL, and cannot write.
 */
EXPORT FILE *freopen(const char *path, const char *mode, FILE *f)
{
	int flags, fd = f->_fileno, copy;
	bool lkl = path && netview_has(AT_FDCWD, path), ours = is_ours(f);
	char name[32];

	if (!lkl && !ours)
		return real(freopen)(path, mode, f);
	flags = flags_of(mode);
	if (flags >= 0 && (ours || (fd >= 0 && fd <= 2 && f == *standard(fd))))
		return reopen(path, flags, f);
	if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY) {
		errno = EOPNOTSUPP;
		flags = -1;
	}
	copy = flags < 0 ? -1 : copy_of(path);
	if (copy < 0) {
		flags = errno;
		fclose(f);
		errno = flags;
		return NULL;
	}
	snprintf(name, sizeof(name), "/proc/self/fd/%d", copy);
	f = real(freopen)(name, mode, f);
	close(copy);
	return f;
}

static int print(int fd, const char *format, va_list ap)
{
	char *text;
	int len = vasprintf(&text, format, ap);

	if (len < 0)
		return -1;
	if (write_all(fd, text, len) != len)
		len = -1;
	free(text);
	return len;
}

EXPORT int vdprintf(int fd, const char *format, va_list ap)
{
	if (OURS(fd))
		return print(fd, format, ap);
	return real(vdprintf)(fd, format, ap);
}

EXPORT int __vdprintf_chk(int fd, int flag, const char *format, va_list ap)
{
	if (OURS(fd))
		return print(fd, format, ap);
	return real(__vdprintf_chk)(fd, flag, format, ap);
}

EXPORT int dprintf(int fd, const char *format, ...)
{
	va_list ap;
	int ret;

	va_start(ap, format);
	ret = vdprintf(fd, format, ap);
	va_end(ap);
	return ret;
}

EXPORT int __dprintf_chk(int fd, int flag, const char *format, ...)
{
	va_list ap;
	int ret;

	va_start(ap, format);
	ret = __vdprintf_chk(fd, flag, format, ap);
	va_end(ap);
	return ret;
}
