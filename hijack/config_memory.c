// SPDX-License-Identifier: GPL-2.0-only
/*
 * boot_cmdline: "mem=", of which a kernel can be given too little.
 * src/config/rules/memory-size.ts has the same.
 */
#include <stdlib.h>
#include <string.h>
#include "config_keys.h"
#include "message.h"

#define MIB (1ULL << 20)

/* With less, the kernel finds no memory at some point of its start. */
#define KERNEL_MIB 8

/* Half of it is receive buffers. With less, one interface comes up and the next does not. */
#define INTERFACE_MIB 1

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

const char *config_mem(const struct config *c, int *len)
{
	const char *at = c->boot_cmdline, *option = NULL;
	size_t word;

	/* The last one counts. */
	for (; at && *at; at += word + strspn(at + word, " ")) {
		word = strcspn(at, " ");
		if (strncmp(at, "mem=", 4))
			continue;
		option = at;
		*len = word;
	}
	return option;
}

bool config_check_memory(const char *file, const struct config *c,
			 unsigned long long *size)
{
	unsigned long long least = KERNEL_MIB + INTERFACE_MIB * c->interfaces;
	const char *option;
	int len;

	*size = 0;
	option = config_mem(c, &len);
	if (!option)
		return true;
	if (!read_size(option + 4, len - 4, size))
		message("%s: boot_cmdline: \"%.*s\" is no size, as mem=64M or mem=1G",
			file, len, option);
	else if (*size / MIB < least)
		message("%s: boot_cmdline: \"%.*s\" is too little for the kernel with %u interface%s, which needs %lluM; give it that or more, or leave it out",
			file, len, option, c->interfaces,
			c->interfaces == 1 ? "" : "s", least);
	else
		return true;
	return false;
}
