// SPDX-License-Identifier: GPL-2.0-only
/* select(2) and pselect(2), by way of poll(2) when LKL's descriptors take part. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include "deadline.h"
#include "dispatch.h"
#include "epoll_set.h"
#include "fdtab.h"
#include "poll.h"
#include "select.h"
#include "signals.h"
#include "user.h"

#define BITS	64
#define FEW	64		/* descriptors for which the stack has room */

/* What is asked of poll(2) for each set, and what puts a descriptor into it. */
static const short wanted[3] = {
	POLLIN | POLLRDNORM | POLLRDBAND,
	POLLOUT | POLLWRNORM | POLLWRBAND,
	POLLPRI,
};
static const short means[3] = {
	POLLIN | POLLRDNORM | POLLRDBAND | POLLHUP | POLLERR,
	POLLOUT | POLLWRNORM | POLLWRBAND | POLLERR,
	POLLPRI,
};

/* More descriptors than that are rare, and a call for so many is a slow one. */
#define MANY	1024

/* Bytes of a set for @n descriptors. */
static size_t bytes(int n)
{
	return ((size_t)n + BITS - 1) / BITS * sizeof(long);
}

bool select_any_lkl(int n, unsigned long *const sets[3])
{
	unsigned long word, part;
	int w, i, last = fdtab_highest() + 1;

	if (n > last)
		n = last;
	for (w = 0; w * BITS < n; w++) {
		for (word = i = 0; i < 3; i++) {
			if (!sets[i])
				continue;
			user_get(part, &sets[i][w], bad);
			word |= part;
		}
		if (n - w * BITS < BITS)
			word &= (1UL << (n - w * BITS)) - 1;
		for (; word; word &= word - 1)
			if (epoll_set_readiness(w * BITS +
						__builtin_ctzl(word)) >= 0)
				return true;
	}
bad:
	return false;
}

/* Descriptors of word @w that are in any set, of those below @n. */
static unsigned long word_of(unsigned long *const sets[3], int w, int n)
{
	unsigned long all = 0;
	int i;

	for (i = 0; i < 3; i++)
		if (sets[i])
			all |= sets[i][w];
	if (n - w * BITS < BITS)
		all &= (1UL << (n - w * BITS)) - 1;
	return all;
}

static unsigned int count(int n, unsigned long *const sets[3])
{
	unsigned int sum = 0;
	int w;

	for (w = 0; w * BITS < n; w++)
		sum += __builtin_popcountl(word_of(sets, w, n));
	return sum;
}

static void to_list(int n, unsigned long *const sets[3], struct pollfd *fds)
{
	unsigned long word;
	int w, b, i;

	for (w = 0; w * BITS < n; w++) {
		for (word = word_of(sets, w, n); word; word &= word - 1) {
			b = __builtin_ctzl(word);
			*fds = (struct pollfd){ .fd = w * BITS + b };
			for (i = 0; i < 3; i++)
				if (sets[i] && sets[i][w] >> b & 1)
					fds->events |= wanted[i];
			fds++;
		}
	}
}

/* Returns how many bits are left in the sets, or -EBADF. */
static long from_list(unsigned long *const sets[3], const struct pollfd *fds,
		      unsigned int count)
{
	unsigned long *word, bit;
	unsigned int k;
	long ready = 0;
	int i;

	for (k = 0; k < count; k++)
		if (fds[k].revents & POLLNVAL)
			return -EBADF;
	for (k = 0; k < count; k++) {
		bit = 1UL << fds[k].fd % BITS;
		for (i = 0; i < 3; i++) {
			word = sets[i] ? &sets[i][fds[k].fd / BITS] : NULL;
			if (!word || !(*word & bit))
				continue;
			if (fds[k].revents & means[i])
				ready++;
			else
				*word &= ~bit;
		}
	}
	return ready;
}

static long poll_sets(int n, unsigned long *const sets[3], int64_t deadline)
{
	unsigned int fds_count = count(n, sets);
	size_t size = fds_count * sizeof(struct pollfd);
	struct pollfd few[FEW], *fds = few;
	void *memory = NULL;
	long ret;

	if (fds_count > FEW) {
		fds = memory = poll_memory(size);
		if (!memory)
			return -ENOMEM;
	}
	to_list(n, sets, fds);
	ret = poll_until(fds, fds_count, deadline);
	if (ret >= 0)
		ret = from_list(sets, fds, fds_count);
	poll_memory_free(memory, size);
	return ret;
}

/*
 * How many descriptors there is room for in the host's table of this process:
 * the host looks at no more, and programs ask for as many as could ever be.
 */
static int table_size(void)
{
	char text[1024], *line;
	int fd = host_open("/proc/self/status", O_RDONLY);
	long n = fd < 0 ? fd : host_read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		host_close(fd);
	text[n < 0 ? 0 : n] = '\0';
	line = strstr(text, "\nFDSize:");
	return line ? atoi(line + strlen("\nFDSize:")) : INT_MAX;
}

/* By way of copies of the program's sets, of which those are NULL that are. */
static long select_until(int n, unsigned long *const sets[3], int64_t deadline)
{
	unsigned long few[3][MANY / BITS], *copies[3];
	size_t size, room = sizeof(few[0]);
	char *copy = (char *)few;
	void *memory = NULL;
	long ret = 0;
	int i, most;

	if (n > MANY) {
		most = table_size();
		n = n < most ? n : most;
		room = bytes(n);
		copy = memory = poll_memory(3 * room);
		if (!memory)
			return -ENOMEM;
	}
	size = bytes(n);
	for (i = 0; i < 3; i++, copy += room) {
		copies[i] = sets[i] ? (unsigned long *)copy : NULL;
		if (sets[i] && user_copy(copies[i], sets[i], size))
			ret = -EFAULT;
	}
	if (!ret)
		ret = poll_sets(n, copies, deadline);
	for (i = 0; i < 3 && ret >= 0; i++)
		if (sets[i] && user_copy(sets[i], copies[i], size))
			ret = -EFAULT;
	poll_memory_free(memory, 3 * room);
	return ret;
}

#define SETS(args) { (unsigned long *)(args)[1], (unsigned long *)(args)[2], \
		     (unsigned long *)(args)[3] }

/* select(2), system call: the time left is written back */
long call_select(const long *args)
{
	unsigned long *sets[3] = SETS(args);
	struct timeval *timeout = (struct timeval *)args[4], tv = { 0 };
	struct timespec ts = { 0 };
	int64_t deadline;
	long ret;

	if ((int)args[0] < 0 || !select_any_lkl(args[0], sets))
		return host_call(SYS_select, args);
	if (timeout) {
		if (user_copy(&tv, timeout, sizeof(tv)))
			return -EFAULT;
		if (tv.tv_sec < 0 || tv.tv_usec < 0)
			return -EINVAL;
		ts.tv_sec = tv.tv_sec + tv.tv_usec / 1000000;
		ts.tv_nsec = tv.tv_usec % 1000000 * 1000;
	}
	deadline = deadline_after(timeout ? &ts : NULL);
	ret = select_until(args[0], sets, deadline);
	if (timeout && deadline_left(deadline, &ts)) {
		TIMESPEC_TO_TIMEVAL(&tv, &ts);
		(void)user_copy(timeout, &tv, sizeof(tv));
	}
	return ret;
}

/* pselect6(2), system call: its sixth argument points to mask and size */
long call_pselect6(const long *args)
{
	unsigned long *sets[3] = SETS(args);
	struct timespec *timeout = (struct timespec *)args[4];
	struct {
		const uint64_t *mask;
		size_t size;
	} sig = { NULL, 0 };
	int64_t deadline;
	uint64_t saved;
	long ret;

	if ((int)args[0] < 0 || !select_any_lkl(args[0], sets))
		return host_call(SYS_pselect6, args);
	if (args[5] && user_copy(&sig, (void *)args[5], sizeof(sig)))
		return -EFAULT;
	ret = deadline_take(timeout, &deadline);
	if (!ret)
		ret = signals_masked_begin(sig.mask, sig.size, &saved);
	if (ret)
		return ret;
	ret = select_until(args[0], sets, deadline);
	signals_masked_end(sig.mask, &saved, ret);
	deadline_give(deadline, timeout);
	return ret;
}
