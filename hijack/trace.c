// SPDX-License-Identifier: GPL-2.0-only
/* Which calls are traced, and where the lines go; see trace.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "dispatch.h"
#include "lkl.h"
#include "message.h"
#include "trace.h"

unsigned int trace_classes;

static int out;

static const struct row {
	const char *name;
	const char *letters;
	unsigned int class;
} rows[] = {
#define FD(name, class, letters) [SYS_##name] = { #name, letters, TRACE_##class },
#define SPECIAL(name, class, letters, function) FD(name, class, letters)
#include "calls.def"
#undef FD
#undef SPECIAL
};

/* Of this thread: in a call of the program's; that call has reached LKL. */
static __thread bool inside, reached;

static const struct {
	const char *name;
	unsigned int classes;
} names[] = {
	{ "all", TRACE_all },	    { "net", TRACE_net },
	{ "fd", TRACE_fd },	    { "path", TRACE_path },
	{ "ready", TRACE_ready },   { "process", TRACE_process },
};

static unsigned int class_of(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strlen(names[i].name) == len &&
		    !strncmp(names[i].name, name, len))
			return names[i].classes;
	return 0;
}

static bool open_file(const char *file)
{
	int fd = host_syscall6(SYS_openat, AT_FDCWD, (long)file,
			       O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666,
			       0, 0);

	if (fd >= 0)
		fd = host_fd_hide(fd);
	if (fd < 0) {
		message("LKL_HIJACK_TRACE_FILE=%s: %s; name a file that can be written",
			file, lkl_strerror(fd));
		return false;
	}
	out = fd;
	return true;
}

/* The program may close its standard error, or have it go elsewhere. */
static void keep_stderr(void)
{
	int fd = host_fcntl(2, F_DUPFD_CLOEXEC, 0);

	out = fd < 0 ? fd : host_fd_hide(fd);
}

bool trace_init(void)
{
	const char *list = getenv("LKL_HIJACK_TRACE");
	const char *file = getenv("LKL_HIJACK_TRACE_FILE");
	unsigned int classes = 0, class;
	size_t len;

	if (!list || !*list)
		return true;
	for (; *list; list += len + (list[len] == ',')) {
		len = strcspn(list, ",");
		class = class_of(list, len);
		if (!class) {
			message("LKL_HIJACK_TRACE: \"%.*s\" is no class of calls; those are all, net, fd, path, ready, process",
				(int)len, list);
			return false;
		}
		classes |= class;
	}
	if (!file || !*file)
		keep_stderr();
	else if (!open_file(file))
		return false;
	trace_classes = classes;
	return true;
}

void trace_reached(void)
{
	reached = true;
}

bool trace_pause(void)
{
	bool was = inside;

	inside = false;
	return was;
}

void trace_resume(bool was)
{
	inside = was;
}

void trace_add(struct trace_text *t, const char *format, ...)
{
	size_t room = sizeof(t->text) - t->len;
	va_list ap;
	int len;

	va_start(ap, format);
	len = vsnprintf(t->text + t->len, room, format, ap);
	va_end(ap);
	if (len > 0)
		t->len += (size_t)len < room ? (size_t)len : room - 1;
}

/* Once: the rest of the trace has gaps, too. */
static void tell_lost(long written)
{
	static bool told;

	if (!__atomic_exchange_n(&told, true, __ATOMIC_RELAXED))
		message("LKL_HIJACK_TRACE: lines of the trace are missing: %s; name another file",
			written < 0 ? lkl_strerror(written) :
				      "they were cut off");
}

static void write_line(const struct row *row, const long *args, long ret)
{
	struct trace_text t = { .len = 0 };
	struct iovec line = { .iov_base = t.text };
	long written;

	trace_add(&t, "[pid %ld] %s(", host_syscall3(SYS_gettid, 0, 0, 0),
		  row->name);
	trace_args(&t, row->letters, args, ret);
	if ((unsigned long)ret < -4095UL)
		trace_add(&t, ") = %ld", ret);
	else
		trace_add(&t, ") = -1 %s (%s)", strerrorname_np(-ret),
			  strerrordesc_np(-ret));
	/* There is room for the end of the line even if it was too long. */
	t.text[t.len] = '\n';
	line.iov_len = t.len + 1;
	written = host_writev_silent(out, &line, 1);
	if (written != (long)line.iov_len)
		tell_lost(written);
	/* Nobody reads it any more. */
	if (written == -EPIPE)
		__atomic_store_n(&trace_classes, 0, __ATOMIC_RELAXED);
}

long trace_call(long nr, const long *args,
		long (*route)(long nr, const long *args))
{
	const struct row *row = &rows[nr];
	long ret;

	if (inside || (unsigned long)nr >= sizeof(rows) / sizeof(*rows) ||
	    !(row->class & trace_classes))
		return route(nr, args);
	inside = true;
	reached = false;
	ret = route(nr, args);
	inside = false;
	if (reached)
		write_line(row, args, ret);
	return ret;
}
