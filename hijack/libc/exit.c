// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ends that run no destructors. A host's kernel would still send what the
 * program has written; LKL's must do so before it ends with the program.
 */
#include <stdlib.h>
#include <unistd.h>
#include "boot.h"
#include "libc.h"

EXPORT void _exit(int status)
{
	boot_end();
	real(_exit)(status);
	__builtin_unreachable();
}

EXPORT void _Exit(int status)
{
	_exit(status);
}
