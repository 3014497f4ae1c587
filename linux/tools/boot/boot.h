/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The boot test: what a kernel that has just started must be able to do. It
 * uses the public interface only, so that it also shows how.
 */
#ifndef LKL_BOOT_H
#define LKL_BOOT_H

#include <stdbool.h>
#include <stddef.h>
#include <lkl.h>

/**
 * struct boot_options - what the command line says
 * @command_line: of the kernel.
 * @seconds: how long the threads of the stress test work.
 * @threads: how many they are.
 * @rounds: threads that are made, and end, in the churn test.
 * @limit: seconds that one test may take.
 * @only: name of the one test to run between those that start and end the
 *	kernel, or NULL.
 * @verbose: print the kernel's log.
 */
struct boot_options {
	const char *command_line;
	unsigned int seconds;
	unsigned int threads;
	unsigned int rounds;
	unsigned int limit;
	const char *only;
	bool verbose;
};

/** boot_options() - what the command line says */
const struct boot_options *boot_options(void);

/**
 * struct boot_test - a test
 * @name: what it shows.
 * @run: shows it. Returns whether it is so, with the reason by tap_fail().
 */
struct boot_test {
	const char *name;
	bool (*run)(void);
};

/* ------------------------------------------------------------------------ */
/* TAP (testanything.org), tap.c                                             */

/**
 * tap_fail() - tells why the test under way fails
 *
 * Any thread may call it; the first reason is kept. Return: false.
 */
bool tap_fail(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** tap_note() - adds a line to the result of the test under way */
void tap_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/**
 * tap_run() - runs a test and prints its result
 * @limit: seconds after which it has failed, and the program ends.
 *
 * Return: whether it passed.
 */
bool tap_run(unsigned int number, const struct boot_test *test,
	     unsigned int limit);

/** EXPECT() - the test fails unless @condition holds */
#define EXPECT(condition)                                                   \
	do {                                                                \
		if (!(condition))                                           \
			return tap_fail(__FILE__, __LINE__, "%s",           \
					#condition);                        \
	} while (0)

/** EXPECT_IS() - the test fails unless @call gives @value */
#define EXPECT_IS(call, value)                                              \
	do {                                                                \
		long got_ = (long)(call), want_ = (long)(value);            \
		if (got_ != want_)                                          \
			return tap_fail(__FILE__, __LINE__,                 \
					"%s is %ld, not %ld (%s)", #call,   \
					got_, want_,                        \
					got_ < 0 ? lkl_strerror(got_) :     \
						   "no error");             \
	} while (0)

/** EXPECT_OK() - the test fails if @call gives an error */
#define EXPECT_OK(call)                                                     \
	do {                                                                \
		long got_ = (long)(call);                                   \
		if (got_ < 0)                                               \
			return tap_fail(__FILE__, __LINE__, "%s: %s",       \
					#call, lkl_strerror(got_));         \
	} while (0)

/* ------------------------------------------------------------------------ */
/* Helpers for tests                                                         */

/** host_ns() - the host's monotonic clock */
unsigned long long host_ns(void);

/**
 * read_file() - contents of a file in the kernel
 * @buf: filled with it, terminated; what is beyond @size - 1 bytes is left out.
 *
 * Return: length, or a negative errno.
 */
long read_file(const char *path, char *buf, size_t size);

/**
 * file_number() - number that stands after a word in a file in the kernel
 *
 * Return: it, or a negative errno: -ENOENT if the word is not there.
 */
long file_number(const char *path, const char *word);

/**
 * count_entries() - entries of a directory in the kernel, without . and ..
 *
 * Return: how many, or a negative errno.
 */
long count_entries(const char *path);

/**
 * log_find() - whether the kernel's log so far holds a text
 */
bool log_find(const char *text);

/** log_start() - keeps the kernel's log from now on; @echo prints it too */
void log_start(bool echo);

/* ------------------------------------------------------------------------ */
/* The tests                                                                 */

/* kernel.c */
bool test_start(void);
bool test_identity(void);
bool test_bad_calls(void);

/* faults.c */
bool test_bad_pointers(void);

/* memory.c */
bool test_memory(void);
bool test_memory_returned(void);
bool test_memory_runs_out(void);

/* files.c */
bool test_file_io(void);
bool test_file_names(void);
bool test_file_positions(void);
bool test_big_file(void);

/* mounts.c */
bool test_mount_proc(void);
bool test_mount_sysfs(void);
bool test_mount_tmpfs(void);

/* pipes.c */
bool test_pipe(void);
bool test_pipe_blocks(void);
bool test_waits_are_told(void);
bool test_futex(void);

/* readiness.c */
bool test_eventfd(void);
bool test_epoll(void);
bool test_epoll_edge(void);
bool test_epoll_wakes(void);
bool test_poll_select(void);

/* clocks.c */
bool test_nanosleep(void);
bool test_monotonic(void);
bool test_clock_rate(void);
bool test_realtime(void);
bool test_timerfd(void);

/* netlink.c */
bool test_netlink_links(void);
bool test_loopback_up(void);
bool test_netlink_addresses(void);

/* sockets.c */
bool test_tcp(void);
bool test_tcp6(void);
bool test_udp(void);
bool test_udp6(void);
bool test_refused(void);
bool test_shutdown(void);

/* stress.c */
bool test_threads_at_once(void);

/* churn.c */
bool test_thread_churn(void);

/* signals.c */
bool test_interrupt_read(void);
bool test_interrupt_sleep(void);
bool test_interrupt_outside(void);
bool test_signal_without_interrupt(void);
bool test_call_in_handler(void);

/* halt.c */
bool test_halt(void);
bool test_after_halt(void);
bool test_log(void);

#endif
