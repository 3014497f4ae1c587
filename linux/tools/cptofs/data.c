// SPDX-License-Identifier: GPL-2.0-only
/* Copying contents. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "../image/program.h"
#include "copy.h"

/* At a time: what stays in a processor's cache between the two sides. */
#define CHUNK (256 * 1024)

/* After as much again, what is behind is left. */
#define STEP (4 * 1024 * 1024)

/* Holes are looked for in steps of a page, the block of most file systems. */
#define HOLE 4096

static char buffer[CHUNK] __attribute__((aligned(4096)));

static bool is_zero(const char *p, size_t len)
{
	return !p[0] && !memcmp(p, p + 1, len - 1);
}

static int write_all(struct copy *c, int to, const char *p, size_t len)
{
	ssize_t n;

	while (len) {
		n = c->to->write(to, p, len);
		if (n == -EINTR && !interrupted())
			continue;
		if (n < 0)
			return n;
		if (!n)
			return -EIO;
		p += n;
		len -= n;
	}
	return 0;
}

/* How many bytes at the start are pages of zeroes, or pages that are not. */
static size_t leading(const char *p, size_t len, bool zero)
{
	size_t n = 0, page;

	for (; n < len; n += page) {
		page = len - n < HOLE ? len - n : HOLE;
		if (is_zero(p + n, page) != zero)
			break;
	}
	return n;
}

/* Writes @len bytes at @pos of a new file, but for pages of zeroes. */
static int write_sparse(struct copy *c, int to, int64_t pos, const char *p,
			size_t len)
{
	size_t hole, data;
	int64_t at;
	int err;

	while (len) {
		hole = leading(p, len, true);
		data = leading(p + hole, len - hole, false);
		if (data) {
			at = c->to->seek(to, pos + hole, SEEK_SET);
			err = at < 0 ? at : write_all(c, to, p + hole, data);
			if (err)
				return err;
		}
		p += hole + data;
		pos += hole + data;
		len -= hole + data;
	}
	return 0;
}

/* Tells both sides how far they are. */
static void leave_behind(struct copy *c, int from, int to, int64_t pos)
{
	if (c->from->leave)
		c->from->leave(from, pos);
	if (c->to->leave)
		c->to->leave(to, pos);
}

/* Copies from @pos up to @end or the end of the file. Returns where it ended. */
static int64_t copy_range(struct copy *c, int from, int to, int64_t pos,
			  int64_t end, bool sparse)
{
	size_t want;
	ssize_t n;
	int err;

	while (pos < end) {
		if (interrupted())
			return -EINTR;
		want = end - pos < CHUNK ? end - pos : CHUNK;
		n = c->from->read(from, buffer, want);
		if (n == -EINTR)
			continue;
		if (n <= 0)
			return n ? n : pos;
		err = sparse ? write_sparse(c, to, pos, buffer, n) :
		      write_all(c, to, buffer, n);
		if (err)
			return err;
		if ((pos + n) / STEP != pos / STEP)
			leave_behind(c, from, to, pos + n);
		pos += n;
		progress_add(0, n);
	}
	return pos;
}

/* Only the parts that the source says have data. */
static int64_t copy_parts(struct copy *c, int from, int to, int64_t size)
{
	int64_t pos = 0, data, hole;

	while (pos < size) {
		data = c->from->seek(from, pos, SEEK_DATA);
		if (data == -ENXIO)
			break;
		hole = data < 0 ? data : c->from->seek(from, data, SEEK_HOLE);
		if (hole < 0)
			return hole;
		data = c->from->seek(from, data, SEEK_SET);
		if (data < 0)
			return data;
		pos = copy_range(c, from, to, data, hole, true);
		if (pos < hole)
			return pos;
	}
	return size;
}

int copy_data(struct copy *c, int from, int to, const struct statx *st)
{
	const int64_t size = st->stx_size;
	bool sparse = st->stx_blocks * 512 < st->stx_size;
	int64_t end;

	/* Files of /proc have no size, and contents. */
	if (!sparse)
		end = copy_range(c, from, to, 0, size ? size : INT64_MAX,
				 false);
	else
		end = copy_parts(c, from, to, size);
	if (end < 0)
		return end;
	/* Shorter than it was: it is being written to. */
	return sparse ? c->to->truncate(to, end) : 0;
}

int copy_stream(struct copy *c, int from, int to, const struct statx *st)
{
	int64_t end = copy_range(c, from, to, 0, st->stx_size, false);

	return end < 0 ? end : 0;
}
