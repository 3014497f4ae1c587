/* SPDX-License-Identifier: GPL-2.0-only */
/* The host operations that any POSIX host has: memory, time, waiting, copying. */
#ifndef LKL_LIB_POSIX_H
#define LKL_LIB_POSIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The kernel's RAM, [start, end); empty when there is none. */
struct ram {
	uintptr_t start;
	uintptr_t end;
};

extern struct ram kernel_ram;

/**
 * ram_contains() - whether @len bytes at @addr lie in the kernel's RAM
 *
 * What drivers hand to devices must: the kernel's addresses are the host's.
 */
static inline bool ram_contains(uint64_t addr, uint64_t len)
{
	return addr >= kernel_ram.start && addr <= kernel_ram.end &&
	       len <= kernel_ram.end - addr;
}

/**
 * posix_ram_share() - the RAM of the kernel that is to start has a second name
 *
 * Without it posix_pages_map() can do nothing, and a child of fork() has a copy
 * of the RAM; with it parent and child share it.
 */
void posix_ram_share(void);

/* See struct lkl_host_operations for what these do. */
void *posix_ram_alloc(unsigned long size);
void posix_ram_free(void *addr, unsigned long size);
void *posix_pages_map(void *const *pages, unsigned int count);
void posix_pages_unmap(void *addr, unsigned int count);
unsigned long long posix_time(void);
unsigned long long posix_realtime(void);
void posix_entropy(void *buf, unsigned long len);
void posix_wait_on(unsigned int *word, unsigned int value);
void posix_wake(unsigned int *word);
void *posix_memcpy(void *dst, const void *src, unsigned long n);

#endif
