// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's log is kept and shown at a panic, which aborts; errors have texts. */
#include <limits.h>
#include <string.h>
#include "../../linux/lib/log.h"
#include "aborts.h"
#include "check.h"
#include <lkl.h>

static char printed[64];

static void keep(const char *text, unsigned int len)
{
	strncat(printed, text, len);
}

static void print(const char *text)
{
	log_print(text, strlen(text));
}

static void test_tail(void)
{
	static char tail[65536];
	char line[32];
	size_t len;
	int i;

	CHECK_EQ(lkl_log_tail(tail, sizeof(tail)), 0);
	CHECK_EQ(lkl_log_tail(tail, 0), 0);
	print("one\n");
	print("tw");
	print("o\n");
	CHECK_EQ(lkl_log_tail(tail, sizeof(tail)), 8);
	CHECK_EQ(strcmp(tail, "one\ntwo\n"), 0);
	/* What is cut off is cut off at a line. */
	CHECK_EQ(lkl_log_tail(tail, 7), 4);
	CHECK_EQ(strcmp(tail, "two\n"), 0);
	CHECK_EQ(lkl_log_tail(tail, 2), 0);

	for (i = 0; i < 5000; i++) {
		snprintf(line, sizeof(line), "line %d\n", i);
		print(line);
	}
	len = lkl_log_tail(tail, sizeof(tail));
	CHECK(len > 16000 && len <= 16384);
	CHECK_EQ(strncmp(tail, "line ", 5), 0);
	CHECK_EQ(strcmp(tail + len - 10, "line 4999\n"), 0);
}

static void test_print(void)
{
	print("unheard\n");
	CHECK_EQ(lkl_set_print(keep), 0);
	print("heard\n");
	CHECK_EQ(lkl_set_print(NULL), 0);
	print("unheard\n");
	CHECK_EQ(strcmp(printed, "heard\n"), 0);
}

static void panic_here(void)
{
	print("Kernel panic - not syncing: for a test\n");
	log_panic();
}

static void test_panic(void)
{
	char out[8192];

	aborts(panic_here, out, sizeof(out));
	CHECK(strstr(out, "panicked"));
	CHECK(strstr(out, "not syncing: for a test\n"));
	CHECK(strstr(out, "line 4990\n"));
}

static void test_errors(void)
{
	int i;

	CHECK_EQ(strcmp(lkl_strerror(-2), "No such file or directory"), 0);
	CHECK_EQ(strcmp(lkl_strerror(2), lkl_strerror(-2)), 0);
	CHECK_EQ(strcmp(lkl_strerror(0), "Success"), 0);
	for (i = -600; i < 600; i++)
		CHECK(lkl_strerror(i) && *lkl_strerror(i));
	/* Every number of the kernel has a text of its own. */
	for (i = 1; i <= 133; i++)
		if (i != 41 && i != 58)
			CHECK(strcmp(lkl_strerror(i), "Unknown error"));
	CHECK_EQ(strcmp(lkl_strerror(134), "Unknown error"), 0);
	CHECK_EQ(strcmp(lkl_strerror(41), "Unknown error"), 0);
	lkl_strerror(INT_MIN);
	lkl_strerror(INT_MAX);
}

int main(void)
{
	test_tail();
	test_print();
	test_panic();
	test_errors();
	return 0;
}
