// SPDX-License-Identifier: GPL-2.0-only
/* boot_cmdline: "mem=", of which the host may have too little. */
#include <sys/sysinfo.h>
#include "config_keys.h"
#include "host.h"
#include "message.h"
#include "setup/setup.h"

#define MIB (1ULL << 20)

/* Its table of pages is a 64th of its memory, and is the host's to have. */
#define MOST_OF_HOST 16

void setup_memory(const struct config *c)
{
	unsigned long long size, most;
	struct sysinfo host;
	const char *option;
	int len;

	if (config_check_memory(setup_source(c), c, &size)) {
		sysinfo(&host);
		most = (unsigned long long)host.totalram * host.mem_unit / MIB *
		       MOST_OF_HOST;
		if (size / MIB <= most)
			return;
		option = config_mem(c, &len);
		message("%s: boot_cmdline: \"%.*s\": the host has not enough memory to keep track of so much; give it %lluM or less, or leave it out",
			setup_source(c), len, option, most);
	}
	/* There is no way to go on, whatever LKL_HIJACK_ON_ERROR says. */
	host_syscall3(SYS_exit_group, EXIT_REFUSED, 0, 0);
}
