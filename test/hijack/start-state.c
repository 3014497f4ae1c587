// SPDX-License-Identifier: GPL-2.0-or-later
/* A program starts as it would without the library: descriptors, limits, mask. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include "run.h"

#define FEW 64

static void close_standard(void)
{
	/* 1 and 2 are the test's pipes, which it needs to tell its result. */
	close(0);
}

static void few_descriptors(void)
{
	struct rlimit limit = { FEW, FEW };

	setrlimit(RLIMIT_NOFILE, &limit);
}

static void checks(void)
{
	struct rlimit limit;
	sigset_t mask;
	char buf[4096] __attribute__((aligned(8)));
	struct dirent *entry;
	DIR *dir;
	int fd, sig, open_ones = 0, listed = 0, at = 0;
	ssize_t n;
	struct sigaction act;

	CHECK_EQ(errno, 0);
	CHECK_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
	if (getenv("FEW"))
		CHECK_EQ(limit.rlim_cur, FEW);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	for (sig = 1; sig < 32; sig++) {
		CHECK_EQ(sigismember(&mask, sig), 0);
		if (sig != SIGKILL && sig != SIGSTOP) {
			CHECK_EQ(sigaction(sig, NULL, &act), 0);
			CHECK(act.sa_handler == SIG_DFL);
		}
	}
	/* No descriptor is seen that was not there. */
	for (fd = 0; fd < 3000 && fd < (int)limit.rlim_cur; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			open_ones++;
	CHECK_EQ(open_ones, getenv("CLOSED") ? 2 : 3);
	/* Nor in the directory that shows them, but its own, by two ways. */
	dir = opendir("/proc/self/fd");
	CHECK(dir);
	while ((entry = readdir(dir)))
		listed += entry->d_name[0] != '.';
	CHECK_EQ(listed, open_ones + 1);
	rewinddir(dir);
	n = getdents64(dirfd(dir), buf, sizeof(buf));
	for (listed = 0; n > 0; n -= entry->d_reclen) {
		entry = (struct dirent *)(buf + at);
		at += entry->d_reclen;
		listed += entry->d_name[0] != '.';
	}
	CHECK_EQ(listed, open_ones + 1);
	closedir(dir);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	CHECK_EQ(fd, getenv("CLOSED") ? 0 : 3);
	close(fd);
	puts("done");
}

int main(void)
{
	static const char *const closed[] = { "CLOSED=1", NULL };
	static const char *const few[] = { "FEW=1", NULL };

	if (again()) {
		checks();
		return 0;
	}
	check_hijacked(NULL, NULL, "done\n");
	check_hijacked(closed, close_standard, "done\n");
	check_hijacked(few, few_descriptors, "done\n");
	return 0;
}
