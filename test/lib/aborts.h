/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process that is to end by abort(3), whatever it does about SIGABRT. */
#ifndef TEST_LIB_ABORTS_H
#define TEST_LIB_ABORTS_H

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include "check.h"

/* Runs @body in a process of its own. @shown: filled with what it writes on stderr. */
static inline void aborts(void (*body)(void), char *shown, size_t size)
{
	int fds[2], status;
	size_t len = 0;
	sigset_t abort_only;
	ssize_t n;
	pid_t pid;

	CHECK_EQ(pipe(fds), 0);
	pid = fork();
	CHECK(pid >= 0);
	if (!pid) {
		dup2(fds[1], 2);
		signal(SIGABRT, SIG_IGN);
		sigemptyset(&abort_only);
		sigaddset(&abort_only, SIGABRT);
		sigprocmask(SIG_BLOCK, &abort_only, NULL);
		alarm(60);
		body();
		_exit(0);
	}
	close(fds[1]);
	while ((n = read(fds[0], shown + len, size - 1 - len)) > 0)
		len += n;
	shown[len] = '\0';
	close(fds[0]);
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT) {
		fprintf(stderr, "status %#x: %s\n", status, shown);
		exit(1);
	}
}

#endif
