// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls with two descriptors, of which one may be LKL's: the data go through a
 * buffer here. With both on one side they are that kernel's own.
 */
#include <errno.h>
#include <fcntl.h>
#include "dispatch.h"
#include "fdtab.h"
#include "lkl_nr.h"

#define CHUNK 65536

/*
 * Up to @len bytes from @in (at *@offset, if not NULL) to @out. What was read
 * from a stream is written whole, as it cannot be put back.
 */
static long copy(int out, int in, int64_t *offset, size_t len)
{
	char buf[CHUNK];
	size_t total = 0;
	long n, w, done;

	while (total < len) {
		size_t want = len - total < CHUNK ? len - total : CHUNK;

		n = offset ? dispatch_call(SYS_pread64, in, buf, want, *offset)
			   : dispatch_call(SYS_read, in, buf, want);
		if (n <= 0)
			return total ? (long)total : n;
		for (done = 0; done < n; done += w) {
			w = dispatch_call(SYS_write, out, buf + done, n - done);
			if (w == -EAGAIN && !offset) {
				struct pollfd p = { .fd = out, .events = POLLOUT };

				dispatch_call(SYS_poll, &p, 1, -1);
				w = 0;
				continue;
			}
			if (w < 0) {
				if (offset)
					*offset += done;
				total += done;
				return total ? (long)total : w;
			}
		}
		if (offset)
			*offset += n;
		total += n;
		if (n < (long)want)
			break;
	}
	return total;
}

/* sendfile(2). From a file, what the socket does not take stays unread. */
long call_sendfile(const long *args)
{
	int64_t *offset = (int64_t *)args[2], position;
	int out = fdtab_lkl(args[0]), in = fdtab_lkl(args[1]);
	long ret;

	if (out < 0 && in < 0)
		return host_call(SYS_sendfile, args);
	if (out >= 0 && in >= 0)
		return lkl_do(__lkl__NR_sendfile, out, in, offset, args[3]);
	if (offset)
		return copy(args[0], args[1], offset, args[3]);

	position = dispatch_call(SYS_lseek, args[1], 0, SEEK_CUR);
	if (position < 0)
		return copy(args[0], args[1], NULL, args[3]);
	ret = copy(args[0], args[1], &position, args[3]);
	if (ret > 0)
		dispatch_call(SYS_lseek, args[1], position, SEEK_SET);
	return ret;
}

/* splice(2) */
long call_splice(const long *args)
{
	int in = fdtab_lkl(args[0]), out = fdtab_lkl(args[2]);

	if (in < 0 && out < 0)
		return host_call(SYS_splice, args);
	if (in >= 0 && out >= 0)
		return lkl_do(__lkl__NR_splice, in, args[1], out, args[3],
			      args[4], args[5]);
	if (args[3])
		return -EINVAL;
	return copy(args[2], args[0], (int64_t *)args[1],
		    (size_t)args[4] < CHUNK ? (size_t)args[4] : CHUNK);
}

/* tee(2): pipes are the host's, so with an LKL descriptor there are not two */
long call_tee(const long *args)
{
	if (fdtab_lkl(args[0]) < 0 && fdtab_lkl(args[1]) < 0)
		return host_call(SYS_tee, args);
	return -EINVAL;
}
