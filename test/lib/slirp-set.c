// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What libslirp waits for: what it wants is found, what it wants no longer is
 * not, hung up or not, and a descriptor that was closed and made anew is another.
 */
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include "../../linux/lib/netdev/slirp_abi.h"
#include "../../linux/lib/netdev/slirp_set.h"
#include "check.h"

static struct slirp_set set;

/* One wait for @fd, or for none. Return: what is found of it. */
static int look(int fd, int events)
{
	int index = -1;

	slirp_set_begin(&set);
	if (fd >= 0) {
		index = slirp_set_add(&set, fd, events);
		CHECK(index >= 0);
	}
	slirp_set_end(&set);
	slirp_set_wait(&set, 0);
	return slirp_set_ready(&set, index);
}

int main(void)
{
	int wake = eventfd(0, 0), pair[2], other[2], again;
	uint64_t one = 1;

	CHECK(!slirp_set_open(&set, wake));
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair));

	/* The same as long as it is so. */
	CHECK_EQ(look(pair[0], SLIRP_POLL_IN), 0);
	CHECK(!set.is_writing);
	CHECK_EQ(write(pair[1], "x", 1), 1);
	CHECK_EQ(look(pair[0], SLIRP_POLL_IN), SLIRP_POLL_IN);
	CHECK_EQ(look(pair[0], SLIRP_POLL_IN), SLIRP_POLL_IN);
	CHECK_EQ(look(pair[0], SLIRP_POLL_OUT), SLIRP_POLL_OUT);
	CHECK(set.is_writing);
	CHECK_EQ(look(pair[0], SLIRP_POLL_IN | SLIRP_POLL_OUT),
		 SLIRP_POLL_IN | SLIRP_POLL_OUT);

	/* Not wanted: a wait does not even find that it has been hung up. */
	CHECK_EQ(look(-1, 0), 0);
	close(pair[1]);
	CHECK_EQ(slirp_set_wait(&set, 0), 0);
	CHECK_EQ(look(pair[0], SLIRP_POLL_IN) & SLIRP_POLL_HUP,
		 SLIRP_POLL_HUP);

	/* Closed with and without a word, and another of the same number. */
	slirp_set_forget(&set, pair[0]);
	close(pair[0]);
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, other));
	CHECK_EQ(other[0], pair[0]);
	CHECK_EQ(look(other[0], SLIRP_POLL_OUT), SLIRP_POLL_OUT);
	again = dup2(wake, other[0]);
	CHECK_EQ(look(again, SLIRP_POLL_IN), 0);
	CHECK_EQ(set.count, 1);

	/* Each time anew. */
	CHECK_EQ(look(-1, 0), 0);
	CHECK_EQ(write(wake, &one, sizeof(one)), sizeof(one));
	CHECK_EQ(slirp_set_wait(&set, UINT32_MAX), 1);
	CHECK_EQ(slirp_set_wait(&set, 0), 0);
	CHECK_EQ(write(wake, &one, sizeof(one)), sizeof(one));
	CHECK_EQ(slirp_set_wait(&set, UINT32_MAX), 1);

	/* More than there is room for at first. */
	CHECK_EQ(dup2(other[1], 500), 500);
	CHECK_EQ(look(500, SLIRP_POLL_IN | SLIRP_POLL_HUP) & SLIRP_POLL_HUP,
		 SLIRP_POLL_HUP);
	CHECK_EQ(slirp_set_add(&set, -1, SLIRP_POLL_IN), -1);
	slirp_set_forget(&set, -1);
	slirp_set_forget(&set, 100000);
	slirp_set_close(&set);
	puts("what is wanted, and no more");
	return 0;
}
