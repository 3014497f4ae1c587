// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a program, see spawn.h. The new process has a copy of the memory of one
 * that may have threads, so it makes system calls only.
 */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../host.h"
#include "spawn.h"

#define NOT_FOUND 127

#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"

/* All that the new process needs, made before it. */
struct plan {
	const char *const *argv;
	char **environment;
	char file[PATH_MAX];
	int fd;
	int error_fd;
	int null_fd;
};

/* The first executable file of that name in PATH. */
static bool find(const char *name, char *file, size_t size)
{
	const char *path = getenv("PATH");
	size_t len;

	for (path = path && *path ? path : DEFAULT_PATH; *path; path += len) {
		path += *path == ':';
		len = strcspn(path, ":");
		if (snprintf(file, size, "%.*s/%s", (int)len, path, name) <
			    (int)size && len &&
		    !host_syscall3(SYS_faccessat, AT_FDCWD, (long)file, X_OK))
			return true;
	}
	return false;
}

/* The environment, but for what makes a program come under this library. */
static char **clean_environment(void)
{
	size_t n = 0, i;
	char **clean;

	for (i = 0; environ && environ[i]; i++)
		;
	clean = calloc(i + 1, sizeof(*clean));
	for (i = 0; clean && environ && environ[i]; i++)
		if (strncmp(environ[i], "LD_PRELOAD=", 11) &&
		    strncmp(environ[i], "LKL_HIJACK_", 11))
			clean[n++] = environ[i];
	return clean;
}

static __attribute__((noreturn)) void become(const struct plan *plan)
{
	const uint64_t none = 0;

	host_sigmask(SIG_SETMASK, &none, NULL);
	host_syscall3(SYS_dup3, plan->null_fd, 0, 0);
	host_syscall3(SYS_dup3, plan->null_fd, 1, 0);
	host_syscall3(SYS_dup3, plan->error_fd, 2, 0);
	host_syscall3(SYS_dup3, plan->fd, SPAWN_FD, 0);
	host_close_range(SPAWN_FD + 1, ~0U, 0);
	host_syscall3(SYS_execve, (long)plan->file, (long)plan->argv,
		      (long)plan->environment);
	for (;;)
		host_syscall3(SYS_exit_group, NOT_FOUND, 0, 0);
}

/* A process whose end is told to nobody. */
static long start(const struct plan *plan)
{
	long pid = host_syscall6(SYS_clone, 0, 0, 0, 0, 0, 0);

	if (!pid)
		become(plan);
	return pid;
}

/* What has been written, without what it says about its log. */
static void read_lines(int fd, char *said, size_t size)
{
	char text[2048], *line, *next;
	size_t len = 0;
	ssize_t n;

	while (len < sizeof(text) - 1 &&
	       (n = host_read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	text[len] = '\0';
	*said = '\0';
	for (line = text; *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		if (*line && !strstr(line, "syslog"))
			snprintf(said, size, "%s", line);
	}
}

static int run(struct plan *plan, int read_fd, char *said, size_t size)
{
	long pid = start(plan), ended;
	int status;

	if (pid < 0)
		return pid;
	do
		ended = host_syscall6(SYS_wait4, pid, (long)&status, __WALL, 0,
				      0, 0);
	while (ended == -EINTR);
	if (ended < 0)
		return ended;
	read_lines(read_fd, said, size);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int spawn(const char *const argv[], int fd, char *said, size_t size)
{
	struct plan plan = { .argv = argv, .fd = fd };
	int pipe_fds[2], err;

	*said = '\0';
	if (!find(argv[0], plan.file, sizeof(plan.file)))
		return NOT_FOUND;
	plan.environment = clean_environment();
	if (!plan.environment)
		return -ENOMEM;
	err = host_syscall3(SYS_pipe2, (long)pipe_fds, O_CLOEXEC | O_NONBLOCK,
			    0);
	if (err)
		goto out;
	/* Above the numbers that the new process gives them. */
	pipe_fds[0] = host_fd_hide(pipe_fds[0]);
	plan.error_fd = host_fd_hide(pipe_fds[1]);
	plan.null_fd = host_fd_hide(host_open("/dev/null", O_RDWR));
	err = plan.null_fd < 0 ? plan.null_fd :
				 run(&plan, pipe_fds[0], said, size);
	if (plan.null_fd >= 0)
		host_close(plan.null_fd);
	host_close(plan.error_fd);
	host_close(pipe_fds[0]);
out:
	free(plan.environment);
	return err;
}
