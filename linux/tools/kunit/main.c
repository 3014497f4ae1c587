// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkl-kunit [KERNEL-COMMAND-LINE]: boots the test build of the kernel, which
 * runs the kernel's own tests as it does. The kernel's log, in which they tell
 * what came of them (Documentation/dev-tools/ktap.rst), goes to stdout.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <lkl.h>

static void print(const char *text, unsigned int len)
{
	if (write(STDOUT_FILENO, text, len) != (ssize_t)len)
		abort();
}

int main(int argc, char **argv)
{
	int err;

	lkl_set_print(print);
	err = lkl_start_kernel("loglevel=8 %s", argc > 1 ? argv[1] : "");
	if (!err)
		err = lkl_halt();
	if (err)
		fprintf(stderr, "lkl-kunit: %s\n", lkl_strerror(err));
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
