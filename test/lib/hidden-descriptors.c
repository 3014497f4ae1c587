// SPDX-License-Identifier: GPL-2.0-or-later
/* Descriptors of the library are out of the program's way, and closed by exec. */
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <unistd.h>
#include "../../linux/lib/host.h"
#include "../../linux/lib/poll.h"
#include "check.h"

static void set_limit(rlim_t n)
{
	struct rlimit limit;

	CHECK_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = n;
	CHECK_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static int open_null(void)
{
	return host_open("/dev/null", O_RDWR);
}

int main(void)
{
	int lowest = open("/dev/null", O_RDONLY), fd, many[64], i;

	/* With the usual limits: out of select()'s reach. */
	close(lowest);
	set_limit(4096);
	fd = host_fd_hide(open_null());
	CHECK(fd > FD_SETSIZE);
	CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	CHECK_EQ(open("/dev/null", O_RDONLY), lowest);	/* as if nothing were */
	close(lowest);
	close(fd);

	/* With few: at their end. */
	set_limit(64);
	fd = host_fd_hide(open_null());
	CHECK(fd >= 32 && fd < 64);
	close(fd);

	/* The end is taken already. */
	for (i = 0; i < 32; i++)
		many[i] = fcntl(0, F_DUPFD, 32);
	fd = host_fd_hide(open_null());
	CHECK(fd > lowest && fd < 32);
	for (i = 0; i < 32; i++)
		close(many[i]);
	close(fd);

	/* There is no other: it stays. */
	set_limit(lowest + 1);
	CHECK_EQ(host_fd_hide(open_null()), lowest);
	close(lowest);

	CHECK_EQ(host_fd_hide(-EPERM), -EPERM);

	/* The poll sets are there too. */
	set_limit(4096);
	CHECK_EQ(poll_init(), 0);
	CHECK_EQ(open("/dev/null", O_RDONLY), lowest);
	poll_exit();
	return 0;
}
