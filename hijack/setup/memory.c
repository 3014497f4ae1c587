// SPDX-License-Identifier: GPL-2.0-only
/* boot_cmdline: "mem=", of which a kernel can be given too little or too much. */
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include "host.h"
#include "message.h"
#include "setup/setup.h"

#define MIB (1UL << 20)

/* With less, the kernel finds no memory at some point of its start. */
#define LEAST_MIB 8

/* Its table of pages is a 64th of its memory, and is the host's to have. */
#define MOST_OF_HOST 16

/* A number and its suffix, as the kernel's memparse() reads them. */
static unsigned long long size_of(const char *text)
{
	static const char suffixes[] = "KMGTPE";
	unsigned long long size, grown;
	const char *suffix;
	char *end;

	size = strtoull(text, &end, 0);
	suffix = *end && *end != ' ' ? strchr(suffixes, *end & ~0x20) : NULL;
	for (; suffix && suffix >= suffixes; suffix--) {
		grown = size << 10;
		size = grown >> 10 == size ? grown : ~0ULL;
	}
	return size;
}

void setup_memory(const struct config *c)
{
	const char *line = c->boot_cmdline, *option = NULL;
	unsigned long most;
	struct sysinfo host;
	size_t len;

	/* The last one counts. */
	for (; line && *line; line += len + strspn(line + len, " ")) {
		len = strcspn(line, " ");
		if (!strncmp(line, "mem=", 4))
			option = line;
	}
	if (!option)
		return;
	len = strcspn(option, " ");
	sysinfo(&host);
	most = host.totalram * host.mem_unit / MIB * MOST_OF_HOST;
	if (size_of(option + 4) / MIB < LEAST_MIB)
		message("%s: boot_cmdline: \"%.*s\": the kernel cannot start with so little memory; give it %dM or more, or leave it out",
			setup_source(c), (int)len, option, LEAST_MIB);
	else if (size_of(option + 4) / MIB > most)
		message("%s: boot_cmdline: \"%.*s\": the host has not enough memory to keep track of so much; give it %luM or less, or leave it out",
			setup_source(c), (int)len, option, most);
	else
		return;
	/* There is no way to go on, whatever LKL_HIJACK_ON_ERROR says. */
	host_syscall3(SYS_exit_group, EXIT_REFUSED, 0, 0);
}
