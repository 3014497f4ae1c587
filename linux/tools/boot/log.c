// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's log, kept whole. */
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>
#include "boot.h"

#define LOG_SIZE (1U << 20)

/* Written by the kernel's console, one thread at a time. */
static struct {
	char text[LOG_SIZE + 1];
	atomic_uint used;
	bool echo;
} log;

static void keep(const char *text, unsigned int len)
{
	unsigned int used = atomic_load(&log.used);

	if (log.echo && write(STDERR_FILENO, text, len) < 0)
		log.echo = false;
	if (len > LOG_SIZE - used)
		len = LOG_SIZE - used;
	memcpy(log.text + used, text, len);
	atomic_store(&log.used, used + len);
}

void log_start(bool echo)
{
	log.echo = echo;
	lkl_set_print(keep);
}

bool log_find(const char *text)
{
	log.text[atomic_load(&log.used)] = 0;
	return strstr(log.text, text);
}
