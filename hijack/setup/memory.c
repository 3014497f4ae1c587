// SPDX-License-Identifier: GPL-2.0-only
/* boot_cmdline: "mem=", of which the host may have too little. */
#include "config_keys.h"
#include "host.h"
#include "message.h"
#include "setup/setup.h"

#define MIB (1ULL << 20)

void setup_memory(const struct config *c)
{
	unsigned long long most = memory_most();
	struct memory m;

	if (config_check_memory(c, &m)) {
		if (m.size <= most)
			return;
		config_wrong_at(c, -1, "boot_cmdline",
				"\"%.*s\": the host has not enough memory to keep track of so much; give it %lluM or less, or leave it out",
				m.len, m.option, most / MIB);
	}
	/* There is no way to go on, whatever LKL_HIJACK_ON_ERROR says. */
	host_syscall3(SYS_exit_group, EXIT_REFUSED, 0, 0);
}
