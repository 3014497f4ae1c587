// SPDX-License-Identifier: GPL-2.0-only
/* select(2) and pselect(2), by way of poll(2) when LKL's descriptors take part. */
#include <errno.h>
#include <stddef.h>
#include <sys/time.h>
#include "deadline.h"
#include "dispatch.h"
#include "epoll_set.h"
#include "fdtab.h"
#include "poll.h"
#include "select.h"
#include "signals.h"

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

bool select_any_lkl(int n, unsigned long *const sets[3])
{
	unsigned long word;
	int w, last = fdtab_highest() + 1;

	if (n > last)
		n = last;
	for (w = 0; w * BITS < n; w++)
		for (word = word_of(sets, w, n); word; word &= word - 1)
			if (epoll_set_readiness(w * BITS +
						__builtin_ctzl(word)) >= 0)
				return true;
	return false;
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

static long select_until(int n, unsigned long *const sets[3], int64_t deadline)
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

#define SETS(args) { (unsigned long *)(args)[1], (unsigned long *)(args)[2], \
		     (unsigned long *)(args)[3] }

/* select(2), system call: the time left is written back */
long call_select(const long *args)
{
	unsigned long *sets[3] = SETS(args);
	struct timeval *tv = (struct timeval *)args[4];
	struct timespec ts = { 0 };
	int64_t deadline;
	long ret;

	if ((int)args[0] < 0 || (tv && (tv->tv_sec < 0 || tv->tv_usec < 0)) ||
	    !select_any_lkl(args[0], sets))
		return host_call(SYS_select, args);
	if (tv) {
		ts.tv_sec = tv->tv_sec + tv->tv_usec / 1000000;
		ts.tv_nsec = tv->tv_usec % 1000000 * 1000;
	}
	deadline = deadline_after(tv ? &ts : NULL);
	ret = select_until(args[0], sets, deadline);
	if (tv && deadline_left(deadline, &ts)) {
		tv->tv_sec = ts.tv_sec;
		tv->tv_usec = ts.tv_nsec / 1000;
	}
	return ret;
}

/* pselect6(2), system call: its sixth argument points to mask and size */
long call_pselect6(const long *args)
{
	unsigned long *sets[3] = SETS(args);
	struct timespec *timeout = (struct timespec *)args[4];
	const struct {
		const uint64_t *mask;
		size_t size;
	} *sig = (const void *)args[5];
	const uint64_t *mask = sig ? sig->mask : NULL;
	int64_t deadline;
	uint64_t saved;
	long ret;

	if ((int)args[0] < 0 || !deadline_valid(timeout) ||
	    !select_any_lkl(args[0], sets))
		return host_call(SYS_pselect6, args);
	deadline = deadline_after(timeout);
	signals_masked_begin(mask, &saved);
	ret = select_until(args[0], sets, deadline);
	signals_masked_end(mask, &saved, ret);
	if (timeout)
		deadline_left(deadline, timeout);
	return ret;
}
