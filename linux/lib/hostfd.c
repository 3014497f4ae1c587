// SPDX-License-Identifier: GPL-2.0-only
/* Host descriptors of the program that the kernel's own waits include. */
#include <stdbool.h>
#include <sys/mman.h>
#include "host.h"
#include "poll.h"

/* What poll(2) tells; the rest of EPOLL* are not events. */
#define ALL_EVENTS (EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP)

/* Watches are found by descriptor; changed by the carrier only. */
#define BUCKETS 64
#define PER_PAGE (4096 / sizeof(struct watch))

static struct watch {
	int fd;
	int source;
	void *handle;
	struct watch *next;
} *buckets[BUCKETS], *free_watches;

static struct watch *watch_get(void)
{
	struct watch *w;
	unsigned int i;
	long addr;

	if (!free_watches) {
		addr = host_mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (addr < 0 && addr > -4096)
			return NULL;
		w = (struct watch *)addr;
		for (i = 0; i < PER_PAGE; i++) {
			w[i].next = free_watches;
			free_watches = &w[i];
		}
	}
	w = free_watches;
	free_watches = w->next;
	return w;
}

static void ready(void *handle, uint32_t events)
{
	(void)events;
	lkl_kernel_hostfd_ready(handle);
}

unsigned int hostfd_poll(int fd, unsigned int events)
{
	static const struct timespec at_once;
	struct pollfd p = { .fd = fd, .events = events };

	/* poll(2) and epoll(7) have the same bits for the same events. */
	if (host_poll(&p, 1, &at_once) < 0)
		return 0;
	return (unsigned short)p.revents;
}

int hostfd_watch(int fd, void *handle)
{
	struct watch *w = watch_get();

	if (!w)
		return -ENOMEM;
	/* Not exclusive: the program may wait for it by other means. */
	w->source = poll_add(fd, ALL_EVENTS, true, ready, handle);
	w->fd = fd;
	w->handle = handle;
	if (w->source < 0) {
		w->next = free_watches;
		free_watches = w;
		return w->source;
	}
	w->next = buckets[fd % BUCKETS];
	buckets[fd % BUCKETS] = w;
	return 0;
}

void hostfd_unwatch(int fd, void *handle)
{
	struct watch **link = &buckets[fd % BUCKETS], *w;

	while ((w = *link) && (w->fd != fd || w->handle != handle))
		link = &w->next;
	if (!w)
		return;
	*link = w->next;
	poll_remove(w->source);
	w->next = free_watches;
	free_watches = w;
}
