// SPDX-License-Identifier: GPL-2.0-only
/* Messages, see message.h. */
#include <stdarg.h>
#include <stdio.h>
#include "host.h"
#include "message.h"
#include "../linux/lib/own_fds.h"

static int output = 2;

void message_keep(void)
{
	int fd = host_fd_hide(host_fcntl(2, F_DUPFD_CLOEXEC, 3));

	if (fd >= 0)
		output = fd;
}

void message_fork(void)
{
	output = 2;
}

void message_text(const char *text, unsigned int len)
{
	own_fds_write(output, text, len);
}

static void print(const char *format, va_list ap)
{
	char line[1024], *c;
	int len = snprintf(line, sizeof(line), "lkl-hijack: ");

	len += vsnprintf(line + len, sizeof(line) - len - 1, format, ap);
	if (len > (int)sizeof(line) - 2)
		len = sizeof(line) - 2;
	/* What it quotes may hold anything; it stays one line. */
	for (c = line; c < line + len; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	line[len++] = '\n';
	message_text(line, len);
}

void message(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	print(format, ap);
	va_end(ap);
}

void message_die(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	print(format, ap);
	va_end(ap);
	host_syscall3(SYS_exit_group, EXIT_REFUSED, 0, 0);
	__builtin_unreachable();
}
