// SPDX-License-Identifier: GPL-2.0-only
/* lkl-boot: runs the tests in order and prints the results as TAP. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "boot.h"

static const char usage[] =
	"usage: lkl-boot [OPTION...]\n"
	"\n"
	"Boots the kernel in this process, tests it, and prints TAP.\n"
	"\n"
	"  --seconds N   time for the stress test (10)\n"
	"  --threads N   its threads (100)\n"
	"  --rounds N    threads made and ended in the churn test (10000)\n"
	"  --limit N     seconds that a test may take (120)\n"
	"  --cmdline S   command line of the kernel (mem=64M loglevel=8)\n"
	"  --only NAME   start, this test alone, and halt\n"
	"  --list        names of the tests\n"
	"  --verbose     print the kernel's log to standard error\n";

static struct boot_options options = {
	.command_line = "mem=64M loglevel=8",
	.seconds = 10,
	.threads = 100,
	.rounds = 10000,
	.limit = 120,
};

const struct boot_options *boot_options(void)
{
	return &options;
}

/* What must come first, and last; the order matters. */
static const struct boot_test before[] = {
	{ "the kernel starts", test_start },
	{ "mount of proc", test_mount_proc },
	{ "mount of sysfs", test_mount_sysfs },
	{ "mount of tmpfs", test_mount_tmpfs },
	{ "the loopback interface comes up", test_loopback_up },
};

static const struct boot_test tests[] = {
	{ "process and kernel are told who they are", test_identity },
	{ "calls that cannot be made fail", test_bad_calls },
	{ "calls with bad pointers fail", test_bad_pointers },
	{ "memory can be mapped and used", test_memory },
	{ "memory comes back", test_memory_returned },
	{ "memory that runs out is an error", test_memory_runs_out },
	{ "files keep what is written", test_file_io },
	{ "files have names", test_file_names },
	{ "files have positions and sizes", test_file_positions },
	{ "a file of many pages", test_big_file },
	{ "pipes carry data to their end", test_pipe },
	{ "pipes block both ways", test_pipe_blocks },
	{ "threads that wait tell so", test_waits_are_told },
	{ "futexes wait and wake", test_futex },
	{ "eventfd counts", test_eventfd },
	{ "epoll tells what is ready", test_epoll },
	{ "epoll tells an edge once", test_epoll_edge },
	{ "epoll wakes a waiting thread", test_epoll_wakes },
	{ "poll and select", test_poll_select },
	{ "nanosleep is accurate", test_nanosleep },
	{ "the clock is monotonic, in all threads", test_monotonic },
	{ "the clock goes at the host's rate", test_clock_rate },
	{ "the time of day is the host's", test_realtime },
	{ "timerfd expires", test_timerfd },
	{ "netlink lists the interfaces", test_netlink_links },
	{ "netlink adds and removes addresses", test_netlink_addresses },
	{ "TCP over loopback, IPv4", test_tcp },
	{ "TCP over loopback, IPv6", test_tcp6 },
	{ "UDP over loopback, IPv4", test_udp },
	{ "UDP over loopback, IPv6", test_udp6 },
	{ "a connection to nobody is refused", test_refused },
	{ "shutdown ends one direction", test_shutdown },
	{ "an interrupt ends a blocked read", test_interrupt_read },
	{ "an interrupt ends a sleep", test_interrupt_sleep },
	{ "an interrupt outside of a call ends the next wait",
	  test_interrupt_outside },
	{ "a host signal alone leaves a call alone",
	  test_signal_without_interrupt },
	{ "a call from a signal handler is refused", test_call_in_handler },
	{ "many threads make calls at once", test_threads_at_once },
	{ "threads come and go without a trace", test_thread_churn },
};

static const struct boot_test after[] = {
	{ "the kernel halts, and fails blocked calls", test_halt },
	{ "after the halt all calls fail", test_after_halt },
	{ "the kernel's log is clean", test_log },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static unsigned int number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (!*text || *end || *text == '-' || value > 1000000) {
		fprintf(stderr, "lkl-boot: \"%s\" is no number from 0 to 1000000\n",
			text);
		exit(2);
	}
	return value;
}

static void list(void)
{
	size_t i;

	for (i = 0; i < COUNT(tests); i++)
		puts(tests[i].name);
	exit(0);
}

static void read_options(int argc, char **argv)
{
	static const struct option known[] = {
		{ "seconds", required_argument, NULL, 's' },
		{ "threads", required_argument, NULL, 't' },
		{ "rounds", required_argument, NULL, 'r' },
		{ "limit", required_argument, NULL, 'l' },
		{ "cmdline", required_argument, NULL, 'c' },
		{ "only", required_argument, NULL, 'o' },
		{ "list", no_argument, NULL, 'L' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (option) {
		case 's': options.seconds = number(optarg); break;
		case 't': options.threads = number(optarg); break;
		case 'r': options.rounds = number(optarg); break;
		case 'l': options.limit = number(optarg); break;
		case 'c': options.command_line = optarg; break;
		case 'o': options.only = optarg; break;
		case 'v': options.verbose = true; break;
		case 'L': list(); break;
		case 'h': fputs(usage, stdout); exit(0);
		default: fputs(usage, stderr); exit(2);
		}
	}
	if (optind < argc) {
		fputs(usage, stderr);
		exit(2);
	}
}

/* Runs tests, which get the numbers from @first on. Returns how many fail. */
static unsigned int run_all(const struct boot_test *table, size_t count,
			    unsigned int first)
{
	unsigned int failed = 0;
	size_t i;

	for (i = 0; i < count; i++)
		if (!tap_run(first + i, &table[i], options.limit))
			failed++;
	return failed;
}

static const struct boot_test *find(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(tests); i++)
		if (!strcmp(tests[i].name, name))
			return &tests[i];
	fprintf(stderr, "lkl-boot: no test is called \"%s\" (see --list)\n",
		name);
	exit(2);
}

int main(int argc, char **argv)
{
	const struct boot_test *middle = tests;
	size_t count = COUNT(tests);
	unsigned int failed;

	read_options(argc, argv);
	if (options.only) {
		middle = find(options.only);
		count = 1;
	}
	printf("TAP version 13\n1..%zu\n",
	       COUNT(before) + count + COUNT(after));
	log_start(options.verbose);

	if (run_all(before, 1, 1)) {
		puts("Bail out! There is no kernel.");
		return 1;
	}
	failed = run_all(before + 1, COUNT(before) - 1, 2);
	failed += run_all(middle, count, COUNT(before) + 1);
	failed += run_all(after, COUNT(after), COUNT(before) + count + 1);
	return failed ? 1 : 0;
}
