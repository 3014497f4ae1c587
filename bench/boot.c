// SPDX-License-Identifier: GPL-2.0-or-later
/* How long the kernel takes to boot in a process, in milliseconds. */
#include <lkl.h>
#include <stdio.h>
#include <time.h>

int main(void)
{
	struct timespec before, after;
	int err;

	clock_gettime(CLOCK_MONOTONIC, &before);
	err = lkl_start_kernel("%s", "");
	clock_gettime(CLOCK_MONOTONIC, &after);
	if (err) {
		fprintf(stderr, "%s\n", lkl_strerror(err));
		return 1;
	}
	printf("%.3f\n", (after.tv_sec - before.tv_sec) * 1e3 +
			 (after.tv_nsec - before.tv_nsec) / 1e6);
	return lkl_halt() ? 1 : 0;
}
