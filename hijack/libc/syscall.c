// SPDX-License-Identifier: GPL-2.0-only
/* syscall(2): numbers of the host, dispatched like any other call. */
#include <stdarg.h>
#include <unistd.h>
#include "libc.h"

EXPORT long syscall(long nr, ...)
{
	long args[6];
	va_list ap;
	int i;

	va_start(ap, nr);
	for (i = 0; i < 6; i++)
		args[i] = va_arg(ap, long);
	va_end(ap);
	return result(dispatch(nr, args));
}
