// SPDX-License-Identifier: GPL-2.0-only
/* boot_cmdline: "mem=", of which a kernel can be given too little. */
#include <errno.h>
#include "config_keys.h"

bool config_check_memory(const struct config *c, struct memory *m)
{
	int err = memory_check(c->boot_cmdline, c->interfaces, m);

	if (err == -EINVAL)
		config_wrong_at(c, -1, "boot_cmdline",
				"\"%.*s\" is no size, as mem=64M or mem=1G",
				m->len, m->option);
	else if (err)
		config_wrong_at(c, -1, "boot_cmdline",
				"\"%.*s\" is too little for the kernel with %u interface%s, which needs %lluM; give it that or more, or leave it out",
				m->len, m->option, c->interfaces,
				c->interfaces == 1 ? "" : "s", m->least);
	return !err;
}
