// SPDX-License-Identifier: GPL-2.0-only
/* Starting and ending the kernel. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include "chores.h"
#include "command_line.h"
#include "disk/disk.h"
#include "host.h"
#include "iomem.h"
#include "log.h"
#include "memory.h"
#include "netdev.h"
#include "poll.h"
#include "posix.h"
#include "thread.h"
#include <lkl.h>

/* The kernel's COMMAND_LINE_SIZE, less what it puts in front itself. */
#define COMMAND_LINE_MAX (4096 - 256)

/*
 * What suits virtio devices that are done with a packet when the notification
 * returns: no interrupts to say so.
 */
#define DEFAULT_OPTIONS "virtio_net.napi_tx=0"

static const struct lkl_host_operations operations = {
	.print = log_print,
	.panic = log_panic,
	.ram_alloc = posix_ram_alloc,
	.ram_free = posix_ram_free,
	.pages_map = posix_pages_map,
	.pages_unmap = posix_pages_unmap,
	.time = posix_time,
	.realtime = posix_realtime,
	.entropy = posix_entropy,
	.wait_on = thread_wait_on,
	.wake = posix_wake,
	.poll = thread_poll,
	.nap = poll_nap,
	.poll_kick = poll_kick,
	.dispatch = poll_dispatch,
	.iomem_read = iomem_read,
	.iomem_write = iomem_write,
	.hostfd_poll = hostfd_poll,
	.hostfd_watch = hostfd_watch,
	.hostfd_unwatch = hostfd_unwatch,
	.memcpy = posix_memcpy,
	.memmove = memmove,
	.memset = memset,
};

static atomic_int started;
static int owner;		/* the process that has started it */

int lkl_is_running(void)
{
	return atomic_load(&kernel_running) &&
	       host_syscall3(SYS_getpid, 0, 0, 0) == owner;
}

/* The threads that carry the kernel are in the parent alone. */
static void in_child(void)
{
	atomic_store(&kernel_running, false);
}

static int boot(const char *command_line)
{
	int err;

	if (atomic_exchange(&started, 1))
		return -EBUSY;
	host_clock_init();
	err = poll_init();
	if (!err)
		err = thread_init();
	if (!err)
		err = -pthread_atfork(NULL, NULL, in_child);
	if (err) {
		atomic_store(&started, 0);
		return err;
	}
	/* From here on the kernel itself refuses another start. */
	err = lkl_kernel_start(&operations, lkl_self(), command_line);
	if (err)
		return err;
	err = thread_start_service();
	if (err) {
		lkl_kernel_halt(lkl_self());
		return err;
	}
	owner = host_syscall3(SYS_getpid, 0, 0, 0);
	atomic_store(&kernel_running, true);
	err = netdev_plug_rest();
	return err ? err : disk_plug_all();
}

int lkl_start_kernel(const char *format, ...)
{
	char command_line[COMMAND_LINE_MAX] = DEFAULT_OPTIONS;
	char options[COMMAND_LINE_MAX - sizeof(DEFAULT_OPTIONS)];
	struct memory memory;
	va_list args;
	int len, wrong, err;

	va_start(args, format);
	len = vsnprintf(options, sizeof(options), format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= sizeof(options))
		return -E2BIG;
	if (command_line_wrong(options, &wrong))
		return -EINVAL;
	err = memory_check(options, netdev_count(), &memory);
	if (err)
		return err;
	if (memory.size > memory_most())
		return -ENOMEM;
	/* Behind a quote that is not closed, or "--", they would be no options. */
	netdev_command_line(command_line, sizeof(command_line) - 1 - len);
	strcat(strcat(command_line, " "), options);
	return boot(command_line);
}

int lkl_halt(void)
{
	int err;

	if (!atomic_exchange(&kernel_running, false))
		return -ENODEV;
	/* They use the kernel's RAM. */
	chores_end();
	err = lkl_kernel_halt(lkl_self());
	if (err) {
		atomic_store(&kernel_running, true);
		return err;
	}
	thread_end_service();
	netdev_close_all();
	disk_close_all();
	poll_exit();
	return 0;
}
