// SPDX-License-Identifier: GPL-2.0-only
/* Going on without a terminal. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "background.h"

static int ready_fd = -1;

static void __attribute__((noreturn)) fail(const char *what)
{
	fputs("lklfuse: ", stderr);
	perror(what);
	exit(1);
}

static void __attribute__((noreturn)) await(pid_t child, int fd)
{
	char ready;
	ssize_t n;
	int status;

	do {
		n = read(fd, &ready, 1);
	} while (n < 0 && errno == EINTR);
	if (n == 1)
		_exit(0);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			_exit(1);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

void background_start(void)
{
	int fds[2];
	pid_t child;

	if (pipe2(fds, O_CLOEXEC))
		fail("pipe");
	child = fork();
	if (child < 0)
		fail("fork");
	if (child) {
		close(fds[1]);
		await(child, fds[0]);
	}
	close(fds[0]);
	ready_fd = fds[1];
	setsid();
}

void background_ready(void)
{
	int null, fd;

	if (ready_fd < 0)
		return;
	if (chdir("/"))
		fail("/");
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (fd = 0; fd < 3 && null >= 0; fd++)
		dup2(null, fd);
	close(null);
	if (write(ready_fd, "", 1) < 0)
		fail("pipe");
	close(ready_fd);
	ready_fd = -1;
}
