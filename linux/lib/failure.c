// SPDX-License-Identifier: GPL-2.0-only
/* Messages for the user. */
#include <stdarg.h>
#include <stdio.h>
#include "failure.h"

int fail(const struct failure *failure, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (failure->size)
		vsnprintf(failure->text, failure->size, format, args);
	va_end(args);
	return err;
}
