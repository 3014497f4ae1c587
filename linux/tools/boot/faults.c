// SPDX-License-Identifier: GPL-2.0-only
/* Bad pointers in calls. */
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include "boot.h"

#define PAGE 4096

static void mend(int sig, siginfo_t *info, void *context)
{
	(void)info;
	if (!lkl_mend_fault(context))
		signal(sig, SIG_DFL);
}

bool test_bad_pointers(void)
{
	struct sigaction act = { .sa_sigaction = mend, .sa_flags = SA_SIGINFO };
	struct lkl_sysinfo *bad;
	char *page;
	int fds[2];

	sigaction(SIGSEGV, &act, NULL);
	page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	EXPECT(page != MAP_FAILED);
	EXPECT_OK(mprotect(page + PAGE, PAGE, PROT_NONE));
	bad = (void *)(page + PAGE);

	EXPECT_OK(lkl_sys_pipe2(fds, 0));
	EXPECT_IS(lkl_sys_pipe2((int *)bad, 0), -LKL_EFAULT);
	EXPECT_IS(lkl_sys_write(fds[1], (char *)bad, 1), -LKL_EFAULT);
	EXPECT_IS(lkl_sys_write(fds[1], (char *)bad, PAGE), -LKL_EFAULT);
	EXPECT_IS(lkl_sys_write(fds[1], page, 8), 8);
	EXPECT_IS(lkl_sys_read(fds[0], (char *)bad, 8), -LKL_EFAULT);
	EXPECT_IS(lkl_sys_sysinfo(bad), -LKL_EFAULT);
	/* A name is read by the word, but not beyond its end. */
	strcpy(page + PAGE - 5, "/tmp");
	EXPECT_OK(lkl_sys_faccessat(LKL_AT_FDCWD, page + PAGE - 5, 0));
	EXPECT_IS(lkl_sys_faccessat(LKL_AT_FDCWD, (char *)bad, 0), -LKL_EFAULT);
	EXPECT_IS(lkl_sys_faccessat(LKL_AT_FDCWD, page + PAGE - 4, 0), 0);
	memset(page + PAGE - 3, 'x', 3);
	EXPECT_IS(lkl_sys_faccessat(LKL_AT_FDCWD, page + PAGE - 3, 0),
		  -LKL_EFAULT);
	lkl_sys_close(fds[0]);
	lkl_sys_close(fds[1]);
	munmap(page, 2 * PAGE);
	signal(SIGSEGV, SIG_DFL);
	return true;
}
