// SPDX-License-Identifier: GPL-2.0-only
/* Memory, clocks, entropy, copies, and waiting on a POSIX host with futexes. */
#include <string.h>
#include <sys/mman.h>
#include "host.h"
#include "posix.h"

/*
 * Where RAM is asked for: the lower, the faster the kernel boots. Random, as
 * the host would have chosen.
 */
#define RAM_LOWEST	(4UL << 30)
#define RAM_SPREAD	(64UL << 30)

/* The kernel's largest block of pages; with it, blocks are aligned in memory. */
#define RAM_ALIGN (4UL << 20)

/*
 * Copies of at most this many bytes are made of plain moves everywhere; beyond,
 * a libc may choose the processor's own instruction (rep movsb).
 */
#define PLAIN_COPY 1024

#define PAGE 4096UL

struct ram kernel_ram;

static bool ram_shared;

void posix_ram_share(void)
{
	ram_shared = true;
}

static bool is_error(long address)
{
	return address < 0 && address > -4096;
}

/* Pages come when they are touched: a kernel with much RAM is as small. */
void *posix_ram_alloc(unsigned long size)
{
	int flags = ram_shared ? MAP_SHARED : MAP_PRIVATE;
	unsigned long space = size + RAM_ALIGN;
	unsigned long start, end, hint;
	long addr;

	if (space < size)
		return NULL;
	posix_entropy(&hint, sizeof(hint));
	hint = (RAM_LOWEST + hint % RAM_SPREAD) & ~(RAM_ALIGN - 1);
	addr = host_mmap((void *)hint, space, PROT_READ | PROT_WRITE,
			 flags | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (is_error(addr))
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

void *posix_pages_map(void *const *pages, unsigned int count)
{
	unsigned int i, run;
	long addr, mapped;

	if (!ram_shared)
		return NULL;
	addr = host_mmap(NULL, count * PAGE, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (is_error(addr))
		return NULL;
	for (i = 0; i < count; i += run) {
		for (run = 1; i + run < count; run++)
			if (pages[i + run] != (char *)pages[i] + run * PAGE)
				break;
		/* Of size 0: the mapping that there is stays. */
		mapped = host_mremap(pages[i], 0, run * PAGE,
				     MREMAP_MAYMOVE | MREMAP_FIXED,
				     (char *)addr + i * PAGE);
		if (is_error(mapped)) {
			host_munmap((void *)addr, count * PAGE);
			return NULL;
		}
	}
	return (void *)addr;
}

void posix_pages_unmap(void *addr, unsigned int count)
{
	host_munmap(addr, count * PAGE);
}

unsigned long long posix_time(void)
{
	return host_clock(CLOCK_MONOTONIC);
}

unsigned long long posix_realtime(void)
{
	return host_clock(CLOCK_REALTIME);
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

/*
 * AMD's Zen 3 and 4 take 16 times as long for "rep movsb" when the destination
 * lies, within a page, less than a cache line behind the source.
 *
 * The kernel copies nothing from NULL at times.
 */
__attribute__((no_sanitize("nonnull-attribute")))
void *posix_memcpy(void *dst, const void *src, unsigned long n)
{
	unsigned long behind = ((unsigned long)dst - (unsigned long)src) & 4095;
	char *to = dst;
	const char *from = src;
	unsigned long piece;

	if (n <= PLAIN_COPY || behind - 1 >= 63)
		return memcpy(dst, src, n);
	for (; n; n -= piece) {
		piece = n < PLAIN_COPY ? n : PLAIN_COPY;
		memcpy(to, from, piece);
		to += piece;
		from += piece;
	}
	return dst;
}
