// SPDX-License-Identifier: GPL-2.0-only
/*
 * Streams over LKL's descriptors. libc's streams make their system calls inside
 * libc; one that fopencookie(3) makes asks functions of ours.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "libc.h"
#include "netview.h"

int __dprintf_chk(int fd, int flag, const char *format, ...);
int __vdprintf_chk(int fd, int flag, const char *format, va_list ap);

static ssize_t stream_read(void *cookie, char *buf, size_t len)
{
	return read((intptr_t)cookie, buf, len);
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
	return write_all((intptr_t)cookie, buf, len);
}

static int stream_seek(void *cookie, off64_t *at, int whence)
{
	off64_t to = lseek64((intptr_t)cookie, *at, whence);

	if (to < 0)
		return -1;
	*at = to;
	return 0;
}

static int stream_close(void *cookie)
{
	return close((intptr_t)cookie);
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
	FILE *f = fopencookie((void *)(intptr_t)fd, mode, functions);

	/* For fileno(3); the stream itself has no use for it. */
	if (f)
		f->_fileno = fd;
	return f;
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
