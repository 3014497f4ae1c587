/* SPDX-License-Identifier: GPL-2.0-only */
/* "mem=" of a kernel command line: how much memory the kernel is to have. */
#ifndef LKL_LIB_MEMORY_H
#define LKL_LIB_MEMORY_H

/**
 * struct memory - what a command line says
 * @option: "mem=64M" in it, NULL where there is none. The last one counts.
 * @len: of @option.
 * @size: bytes; 0 for no option.
 * @least: MiB that are needed.
 */
struct memory {
	const char *option;
	int len;
	unsigned long long size;
	unsigned long long least;
};

/**
 * memory_check() - whether a kernel can start with the memory that is said
 * @command_line: may be NULL.
 * @interfaces: that it is to have.
 * @memory: filled in any case.
 *
 * src/config/rules/memory-size.ts has the same.
 *
 * Return: 0; -EINVAL when that is no size; -ENOMEM when it is too little.
 */
int memory_check(const char *command_line, unsigned int interfaces,
		 struct memory *memory);

/** memory_most() - bytes that this host can keep track of */
unsigned long long memory_most(void);

#endif
