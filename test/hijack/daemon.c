// SPDX-License-Identifier: GPL-2.0-or-later
/* A daemon that forks twice and keeps a pid file: it has the host, is told so, and ends. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "run.h"

/* As the system's daemons do: the first parent ends before its grandchild begins. */
static void become_daemon(void)
{
	int gone[2];
	char c;

	CHECK_EQ(pipe(gone), 0);
	if (fork())
		exit(0);
	setsid();
	if (fork())
		_exit(0);
	close(gone[1]);
	CHECK_EQ(read(gone[0], &c, 1), 0);
	close(gone[0]);
	umask(022);
}

/* Locks the file, so that there is one of the kind. */
static void keep_pid_file(const char *name)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char text[16];
	int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	CHECK(fd >= 0);
	CHECK_EQ(fcntl(fd, F_SETLK, &lock), 0);
	CHECK_EQ(ftruncate(fd, 0), 0);
	snprintf(text, sizeof(text), "%d\n", getpid());
	CHECK_EQ(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	CHECK_EQ(pread(fd, text, 1, 0), 1);
}

static void serve(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	int listener = socket(AF_INET, SOCK_STREAM, 0), p[2];
	struct pollfd fds;

	CHECK_EQ(bind(listener, (struct sockaddr *)&addr, sizeof(addr)), 0);
	CHECK_EQ(listen(listener, 5), 0);
	become_daemon();
	keep_pid_file("daemon.pid");
	CHECK_EQ(accept(listener, NULL, NULL), -1);
	CHECK_EQ(errno, ENETDOWN);
	CHECK_EQ(socket(AF_INET, SOCK_STREAM, 0), -1);
	CHECK_EQ(errno, ENETDOWN);
	CHECK_EQ(close(listener), 0);
	CHECK_EQ(pipe(p), 0);
	CHECK_EQ(write(p[1], "x", 1), 1);
	fds = (struct pollfd){ .fd = p[0], .events = POLLIN };
	CHECK_EQ(poll(&fds, 1, -1), 1);
	CHECK_EQ(unlink("daemon.pid"), 0);
	puts("done");
}

int main(void)
{
	const char *err, *told;

	if (again()) {
		serve();
		return 0;
	}
	/* Until the last of them has closed its output. */
	err = check_hijacked(NULL, NULL, "done\n")->err;
	told = strstr(err, "lkl-hijack: test: a child process");
	CHECK(told && !strstr(told + 1, "lkl-hijack:"));
	return 0;
}
