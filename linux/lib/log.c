// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's console output goes to the function that the program gave, and
 * into a ring that a panic shows.
 */
#include <stdatomic.h>
#include <string.h>
#include "host.h"
#include "log.h"
#include "own_fds.h"
#include <lkl.h>

#define RING_SIZE 16384		/* a power of two */

static _Atomic(void (*)(const char *, unsigned int)) print_hook;

/* Written by the carrier only; a reader may see a line that is being written. */
static char ring[RING_SIZE];
static _Atomic size_t ring_end;	/* bytes ever written */

void log_print(const char *text, unsigned int len)
{
	void (*print)(const char *, unsigned int) = atomic_load(&print_hook);
	size_t end = atomic_load_explicit(&ring_end, memory_order_relaxed);
	unsigned int i;

	for (i = 0; i < len; i++)
		ring[(end + i) % RING_SIZE] = text[i];
	atomic_store_explicit(&ring_end, end + len, memory_order_release);

	if (print)
		print(text, len);
}

int lkl_set_print(void (*print)(const char *text, unsigned int len))
{
	atomic_store(&print_hook, print);
	return 0;
}

size_t log_position(void)
{
	return atomic_load_explicit(&ring_end, memory_order_acquire);
}

size_t log_since(size_t position, char *buf, size_t size)
{
	size_t end = log_position();
	/* One less than there is, so that what stands before it is known too. */
	size_t pos = end > RING_SIZE ? end - RING_SIZE + 1 : 0;
	size_t len = 0;

	if (!size)
		return 0;
	if (pos < position)
		pos = position;
	if (end - pos > size - 1)
		pos = end - (size - 1);

	/* Whole lines only, unless the log starts here. */
	if (pos)
		while (pos < end && ring[(pos - 1) % RING_SIZE] != '\n')
			pos++;
	while (pos < end)
		buf[len++] = ring[pos++ % RING_SIZE];
	buf[len] = '\0';
	return len;
}

size_t lkl_log_tail(char *buf, size_t size)
{
	return log_since(0, buf, size);
}

/* Ends the process by SIGABRT whatever the program does about that signal. */
static void __attribute__((noreturn)) die(void)
{
	const long by_default[4] = { 0 };	/* the kernel's struct sigaction */
	const uint64_t abort_bit = 1ULL << (SIGABRT - 1);

	host_syscall6(SYS_rt_sigaction, SIGABRT, (long)by_default, 0,
		      HOST_SIGSET_BYTES, 0, 0);
	host_sigmask(SIG_UNBLOCK, &abort_bit, NULL);
	host_syscall3(SYS_tgkill, host_syscall3(SYS_getpid, 0, 0, 0),
		      host_syscall3(SYS_gettid, 0, 0, 0), SIGABRT);
	for (;;)
		host_syscall3(SYS_exit_group, 134, 0, 0);
}

void log_panic(void)
{
	static char tail[4096];
	static const char head[] =
		"lkl: the kernel inside this process panicked; its last messages:\n";

	if (!atomic_load(&print_hook)) {
		own_fds_write(2, head, sizeof(head) - 1);
		own_fds_write(2, tail, lkl_log_tail(tail, sizeof(tail)));
	}
	die();
}
