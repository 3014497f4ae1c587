// SPDX-License-Identifier: GPL-2.0-only
/* Assembly needs no offsets: host/ is handed plain pointers. */
#include <linux/kbuild.h>

int main(void)
{
	return 0;
}
