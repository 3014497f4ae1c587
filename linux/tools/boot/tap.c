// SPDX-License-Identifier: GPL-2.0-only
/* Results in the Test Anything Protocol, version 13. */
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "boot.h"

#define TEXT 4096

/* The test under way. */
static struct {
	pthread_mutex_t lock;
	char failure[TEXT];
	char notes[TEXT];
	char late[256]; /* to print if it takes too long */
} current = { .lock = PTHREAD_MUTEX_INITIALIZER };

unsigned long long host_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

bool tap_fail(const char *file, int line, const char *format, ...)
{
	const char *name = strrchr(file, '/');
	va_list args;
	int n;

	pthread_mutex_lock(&current.lock);
	if (!current.failure[0]) {
		n = snprintf(current.failure, TEXT, "%s:%d: ",
			     name ? name + 1 : file, line);
		va_start(args, format);
		vsnprintf(current.failure + n, TEXT - n, format, args);
		va_end(args);
	}
	pthread_mutex_unlock(&current.lock);
	return false;
}

void tap_note(const char *format, ...)
{
	va_list args;
	size_t n;

	pthread_mutex_lock(&current.lock);
	n = strlen(current.notes);
	n += snprintf(current.notes + n, TEXT - n, "# ");
	va_start(args, format);
	if (n < TEXT)
		n += vsnprintf(current.notes + n, TEXT - n, format, args);
	va_end(args);
	if (n < TEXT)
		snprintf(current.notes + n, TEXT - n, "\n");
	pthread_mutex_unlock(&current.lock);
}

/* Whatever thread the signal gets, and wherever that is: only write(2). */
static void too_late(int signal)
{
	size_t len = strlen(current.late);

	(void)signal;
	_exit(write(STDOUT_FILENO, current.late, len) == (ssize_t)len ? 1 : 2);
}

bool tap_run(unsigned int number, const struct boot_test *test,
	     unsigned int limit)
{
	unsigned long long start = host_ns();
	bool passed;

	current.failure[0] = 0;
	current.notes[0] = 0;
	snprintf(current.late, sizeof(current.late),
		 "not ok %u - %s\n# not done after %u s\nBail out!\n", number,
		 test->name, limit);
	signal(SIGALRM, too_late);
	alarm(limit);
	passed = test->run();
	alarm(0);

	if (passed && current.failure[0]) /* of a thread of the test */
		passed = false;
	printf("%sok %u - %s\n", passed ? "" : "not ", number, test->name);
	if (!passed)
		printf("# %s\n", current.failure);
	printf("%s# %.1f ms\n", current.notes, (host_ns() - start) / 1e6);
	fflush(stdout);
	return passed;
}
