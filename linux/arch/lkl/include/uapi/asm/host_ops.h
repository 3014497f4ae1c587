/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The whole contract between the kernel (arch/lkl) and its host library.
 *
 * The kernel's only view of the outside is struct lkl_host_operations; the
 * host's only way in is the lkl_kernel_*() functions below. Both sides include
 * this file, so it uses nothing but plain C types. It is installed for host
 * programs as lkl_host.h.
 *
 * Terms: a *host thread* is a thread of the process, seen by the kernel as a
 * struct lkl_thread. The *carrier* is the host thread that holds the LKL CPU.
 * docs/internals.md tells how they work together.
 */
#ifndef _UAPI_ASM_LKL_HOST_OPS_H
#define _UAPI_ASM_LKL_HOST_OPS_H

/* A deadline that never comes, in the clock of lkl_host_operations.time. */
#define LKL_NEVER (~0ULL)

/*
 * The two sets of event sources in which a host thread can wait: the one of
 * the threads that are inside the kernel (at most one of them waits in it at a
 * time), and the one of the service thread. An event goes to the first set
 * when a thread waits there, else to the second.
 */
enum lkl_poll_set {
	LKL_POLL_INSIDE,
	LKL_POLL_SERVICE,
	LKL_POLL_SETS
};

/**
 * struct lkl_thread - a host thread as the kernel sees it
 *
 * Owned and zeroed by the host library (thread-local storage), used by
 * arch/lkl alone. It must live until lkl_kernel_thread_exit() has returned.
 */
struct lkl_thread {
	void *task;		/* its task_struct, NULL before the first call */
	void *host_sp;		/* host stack pointer while on a kernel stack */
	unsigned int wake;	/* wait word: 1 = stop waiting */
	unsigned int state;	/* arch/lkl/kernel/lkl.h */
	unsigned int ready;	/* @task can go on: it only lacks its thread */
	unsigned int interrupt;	/* a signal asks the current call to end */
	struct lkl_thread *next; /* in the list of threads that lack a task */
	long nr;		/* the call under way ... */
	const long *args;
	long result;		/* ... and its result */
};

/**
 * struct lkl_host_operations - what the kernel asks of its host
 *
 * Every operation may run on a kernel stack (LKL_KERNEL_STACK bytes) and must
 * not switch host threads. None may fail but where an error is mentioned.
 *
 * @print: console output, @len bytes; may be NULL (silence).
 * @panic: the kernel cannot go on. Does not return.
 * @ram_alloc: zeroed, page-aligned memory for the kernel, NULL if there is
 *	none. Called once, at boot, which takes the longer the higher its
 *	address (mm/mm_init.c walks the addresses below).
 * @ram_free: gives it back, at halt.
 * @pages_map: has the @count pages of RAM at @pages, each of 4 KiB, in a row at
 *	a second address, which it returns; NULL when that cannot be.
 * @pages_unmap: ends that.
 * @time: monotonic clock, in nanoseconds.
 * @realtime: wall clock, in nanoseconds since the epoch; read at boot only.
 * @entropy: fills @buf with @len bytes fit for seeding a generator.
 * @wait_on: sleeps while *@word is @value (futex semantics: may also return
 *	early; a @wake between the comparison and the sleep is not lost).
 * @wake: wakes one thread that sleeps in @wait_on(@word). Async-signal-safe.
 * @poll: waits for a source of events in @set, a @poll_kick() of @set, or
 *	@deadline. The LKL CPU is not held. Remembers the sources that became
 *	ready for @dispatch. Returns non-zero if there is any. A host signal
 *	may end it early.
 * @nap: waits for a @poll_kick() of LKL_POLL_SERVICE or for @deadline, without
 *	the sources, whose events the next @poll() finds.
 * @poll_kick: ends a @poll() or @nap() of @set under way, or the next one.
 *	Async-signal-safe.
 * @dispatch: handles the events that @poll() remembered: calls the sources'
 *	callbacks. The LKL CPU is held, so that device models need no locks.
 * @iomem_read: one read of @size (1, 2, 4, 8) bytes of an emulated region.
 * @iomem_write: the same, a write.
 * @hostfd_poll: the poll(2) events, of @events, that are true now on the host
 *	descriptor @fd.
 * @hostfd_watch: calls lkl_kernel_hostfd_ready(@handle) from @dispatch at each
 *	edge of readiness of @fd. Returns a negative errno on failure.
 * @hostfd_unwatch: ends that.
 * @memcpy, @memmove, @memset: the host's fastest.
 */
struct lkl_host_operations {
	void (*print)(const char *str, unsigned int len);
	void (*panic)(void);
	void *(*ram_alloc)(unsigned long size);
	void (*ram_free)(void *addr, unsigned long size);
	void *(*pages_map)(void *const *pages, unsigned int count);
	void (*pages_unmap)(void *addr, unsigned int count);
	unsigned long long (*time)(void);
	unsigned long long (*realtime)(void);
	void (*entropy)(void *buf, unsigned long len);
	void (*wait_on)(unsigned int *word, unsigned int value);
	void (*wake)(unsigned int *word);
	int (*poll)(enum lkl_poll_set set, unsigned long long deadline);
	void (*nap)(unsigned long long deadline);
	void (*poll_kick)(enum lkl_poll_set set);
	void (*dispatch)(void);
	unsigned long long (*iomem_read)(unsigned long addr, int size);
	void (*iomem_write)(unsigned long addr, unsigned long long value,
			    int size);
	unsigned int (*hostfd_poll)(int fd, unsigned int events);
	int (*hostfd_watch)(int fd, void *handle);
	void (*hostfd_unwatch)(int fd, void *handle);
	void *(*memcpy)(void *dst, const void *src, unsigned long n);
	void *(*memmove)(void *dst, const void *src, unsigned long n);
	void *(*memset)(void *dst, int c, unsigned long n);
};

/*
 * Calls beyond the system call table, made like system calls (through
 * lkl_kernel_syscall()), from the task of the calling thread.
 */
#define LKL_CALL_BASE		0x10000
/* (unsigned long base, unsigned long size, unsigned int irq) → device id or -errno:
 * adds a virtio-mmio device to the running kernel.
 */
#define LKL_CALL_virtio_mmio_add	(LKL_CALL_BASE + 0)
/* (long id) → 0 or -errno: removes it. */
#define LKL_CALL_virtio_mmio_del	(LKL_CALL_BASE + 1)
/* (int host_fd) → LKL descriptor or -errno: a descriptor that is readable,
 * writable, ... in poll(2) and epoll(7) just when the host's descriptor is.
 * The host descriptor stays the caller's and must outlive the LKL one.
 */
#define LKL_CALL_hostfd			(LKL_CALL_BASE + 2)
#define LKL_CALLS			3

/* Size of a kernel stack, for host operations that want to know. */
#define LKL_KERNEL_STACK 32768

#ifdef __cplusplus
extern "C" {
#endif

/**
 * lkl_kernel_start() - boots the kernel in the calling thread
 * @ops: host operations; must stay valid until lkl_kernel_halt() returned.
 * @self: the calling thread, which becomes the runner of process 1.
 * @cmdline: kernel command line.
 *
 * Return: 0, or a negative errno when there is no memory. A kernel boots once
 * per process image: -EBUSY afterwards, even after a halt.
 */
int lkl_kernel_start(const struct lkl_host_operations *ops,
		     struct lkl_thread *self, const char *cmdline);

/**
 * lkl_kernel_halt() - ends the kernel in an orderly way
 * @self: the calling thread.
 *
 * Calls that come later return -ENODEV; those blocked inside are failed with
 * the same and awaited, as is lkl_kernel_service().
 *
 * Return: 0, or a negative errno.
 */
int lkl_kernel_halt(struct lkl_thread *self);

/**
 * lkl_kernel_syscall() - one system call, in the calling host thread
 * @self: the calling thread.
 * @nr: number in the asm-generic table, or LKL_CALL_*.
 * @args: six arguments.
 *
 * Return: the result or a negative errno. A call that a signal interrupted
 * (lkl_kernel_interrupt()) returns the kernel's own restart code:
 * -ERESTARTSYS (-512), -ERESTARTNOINTR (-513), -ERESTARTNOHAND (-514) or
 * -ERESTART_RESTARTBLOCK (-516).
 * -EDEADLK when the thread is inside already (a call from a signal handler).
 */
long lkl_kernel_syscall(struct lkl_thread *self, long nr, const long *args);

/**
 * lkl_kernel_inside() - whether @self is inside the kernel now
 *
 * Async-signal-safe, for use by @self's signal handlers.
 */
int lkl_kernel_inside(const struct lkl_thread *self);

/**
 * lkl_kernel_interrupt() - interrupts the call that @self is in
 *
 * As a signal to a task does: an interruptible wait, under way or the next one
 * of this call, ends with a restart code. Outside a call it is the next call
 * that is interrupted. Async-signal-safe; called by @self's signal handler or
 * by any other thread.
 */
void lkl_kernel_interrupt(struct lkl_thread *self);

/**
 * lkl_kernel_fault() - whether a fault came of a bad pointer given to a call
 * @self: the thread in which the host has reported it.
 * @ip: its instruction pointer.
 * @sp: its stack pointer.
 *
 * If so, changes them for the thread to go on with; the call will return
 * -EFAULT. Any other fault is left alone. Async-signal-safe.
 *
 * Return: 1 if so, else 0.
 */
int lkl_kernel_fault(const struct lkl_thread *self, unsigned long *ip,
		     unsigned long *sp);

/**
 * lkl_kernel_thread_exit() - releases the task of an exiting host thread
 *
 * Called by the thread itself. A thread without a task needs no call.
 */
void lkl_kernel_thread_exit(struct lkl_thread *self);

/**
 * lkl_kernel_service() - body of the service thread
 * @self: that thread.
 *
 * Runs timers and events while no other thread is inside. Returns after
 * lkl_kernel_halt(). The host library starts it after lkl_kernel_start().
 */
void lkl_kernel_service(struct lkl_thread *self);

/**
 * lkl_kernel_irq_get() - reserves an interrupt number
 * Return: the number, or -ENOSPC.
 */
int lkl_kernel_irq_get(void);

/** lkl_kernel_irq_put() - gives it back */
void lkl_kernel_irq_put(int irq);

/**
 * lkl_kernel_irq() - raises an interrupt
 *
 * From any host thread, inside or outside, and from @dispatch.
 */
void lkl_kernel_irq(int irq);

/**
 * enum lkl_events - events that are left for the next call of @dispatch
 * @LKL_EVENTS_SOON: which comes before the kernel next waits, but after it has
 *	run what is runnable.
 * @LKL_EVENTS_PATIENT: if there are only these, it comes after the threads that
 *	are waited for inside have been there as well, within a few ms.
 */
enum lkl_events {
	LKL_EVENTS_SOON = 1,
	LKL_EVENTS_PATIENT = 2,
};

/**
 * lkl_kernel_more_events() - has @dispatch called once more
 * @when: how soon.
 *
 * From any host thread; one that is not the carrier has to end the wait that is
 * under way inside (@poll_kick).
 */
void lkl_kernel_more_events(enum lkl_events when);

/**
 * lkl_kernel_bulk() - tells that much has come or gone
 *
 * By the carrier. A thread that waits next sleeps at once: in a stream of data
 * the processors of the host are wanted by those at its other end.
 */
void lkl_kernel_bulk(void);

/**
 * lkl_kernel_hostfd_ready() - the host descriptor of @handle may be ready
 *
 * Called from @dispatch for a descriptor under @hostfd_watch.
 */
void lkl_kernel_hostfd_ready(void *handle);

#ifdef __cplusplus
}
#endif
#endif
