// SPDX-License-Identifier: GPL-2.0-only
/* Memory, clocks, entropy and waiting on a POSIX host with futexes. */
#include <sys/mman.h>
#include "host.h"
#include "posix.h"

#define NSEC_PER_SEC 1000000000ULL

/*
 * Where RAM is asked for: the lower, the faster the kernel boots. Random, as
 * the host would have chosen.
 */
#define RAM_LOWEST	(4UL << 30)
#define RAM_SPREAD	(64UL << 30)

/* The kernel's largest block of pages; with it, blocks are aligned in memory. */
#define RAM_ALIGN (4UL << 20)

struct ram kernel_ram;

/* Pages come when they are touched: a kernel with much RAM is as small. */
void *posix_ram_alloc(unsigned long size)
{
	unsigned long space = size + RAM_ALIGN;
	unsigned long start, end, hint;
	long addr;

	if (space < size)
		return NULL;
	posix_entropy(&hint, sizeof(hint));
	hint = (RAM_LOWEST + hint % RAM_SPREAD) & ~(RAM_ALIGN - 1);
	addr = host_mmap((void *)hint, space, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (addr < 0 && addr > -4096)
		return NULL;

	start = ((unsigned long)addr + RAM_ALIGN - 1) & ~(RAM_ALIGN - 1);
	end = start + size;
	if (start > (unsigned long)addr)
		host_munmap((void *)addr, start - addr);
	if (end < addr + space)
		host_munmap((void *)end, addr + space - end);

	kernel_ram.start = start;
	kernel_ram.end = end;
	return (void *)start;
}

void posix_ram_free(void *addr, unsigned long size)
{
	kernel_ram.start = 0;
	kernel_ram.end = 0;
	host_munmap(addr, size);
}

static unsigned long long clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);	/* in the vDSO; cannot fail */
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

unsigned long long posix_time(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

unsigned long long posix_realtime(void)
{
	return clock_ns(CLOCK_REALTIME);
}

void posix_entropy(void *buf, unsigned long len)
{
	ssize_t n;

	for (; len; buf = (char *)buf + n, len -= n) {
		n = host_getrandom(buf, len, 0);
		if (n < 0)
			n = 0;	/* EINTR: there is no other error here */
	}
}

void posix_wait_on(unsigned int *word, unsigned int value)
{
	host_futex_wait(word, value, NULL);
}

void posix_wake(unsigned int *word)
{
	host_futex_wake(word, 1);
}
