// SPDX-License-Identifier: GPL-2.0-only
/*
 * "mem=", of which a kernel can be given too little: one that finds no memory
 * at some point of its start may wait for it for ever.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include "memory.h"

#define MIB (1ULL << 20)

/* With less, the kernel finds no memory at some point of its start. */
#define KERNEL_MIB 8

/* Half of it is receive buffers. With less, one interface comes up and the next does not. */
#define INTERFACE_MIB 1

/* Its table of pages is a 64th of its memory, and is the host's to have. */
#define MOST_OF_HOST 16

/* A number and its suffix, as the kernel's memparse() reads them, and no more. */
static bool read_size(const char *text, size_t len, unsigned long long *size)
{
	static const char suffixes[] = "kmgtpe";
	const char *suffix = NULL;
	unsigned long long grown;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	*size = strtoull(text, &end, 0);
	if (end < text + len) {
		suffix = strchr(suffixes, *end++ | 0x20);
		if (!suffix)
			return false;
	}
	for (; suffix && suffix >= suffixes; suffix--) {
		grown = *size << 10;
		*size = grown >> 10 == *size ? grown : ~0ULL;
	}
	return end == text + len;
}

int memory_check(const char *command_line, unsigned int interfaces,
		 struct memory *m)
{
	const char *at = command_line;
	size_t word;

	*m = (struct memory){
		.least = KERNEL_MIB + INTERFACE_MIB * interfaces,
	};
	for (; at && *at; at += word + strspn(at + word, " ")) {
		word = strcspn(at, " ");
		if (strncmp(at, "mem=", 4))
			continue;
		m->option = at;
		m->len = word;
	}
	if (!m->option)
		return 0;
	if (!read_size(m->option + 4, m->len - 4, &m->size))
		return -EINVAL;
	return m->size / MIB < m->least ? -ENOMEM : 0;
}

unsigned long long memory_most(void)
{
	struct sysinfo host;

	sysinfo(&host);
	return (unsigned long long)host.totalram * host.mem_unit * MOST_OF_HOST;
}
