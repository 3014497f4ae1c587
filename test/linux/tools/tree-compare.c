// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether two trees are the same, metadata included. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "../../lib/check.h"
#include "tree.h"

#define MOST_SHOWN 10

/* What a file of holes may take. */
#define SPARSE_MAX (16LL << 20)

static unsigned int without;
static unsigned int differences;
static unsigned int entries;
static char path[1 << 20];

static void differ(const char *what, long long a, long long b)
{
	size_t len = strlen(path);

	if (++differences <= MOST_SHOWN)
		fprintf(stderr, "%s: %s: %lld, %lld\n",
			path + (len > 100 ? len - 100 : 0), what, a, b);
}

static void same(const char *what, long long a, long long b)
{
	if (a != b)
		differ(what, a, b);
}

/* ------------------------------------------------------------------------ */

#define PAIRS 65536

/* Inodes with several names, of both trees. */
static struct {
	uint64_t a, b;
} pairs[PAIRS];

static void compare_links(const struct statx *a, const struct statx *b)
{
	uint64_t i = a->stx_ino % PAIRS;

	same("links", a->stx_nlink, b->stx_nlink);
	while (pairs[i].a && pairs[i].a != a->stx_ino)
		i = (i + 1) % PAIRS;
	if (!pairs[i].a) {
		pairs[i].a = a->stx_ino;
		pairs[i].b = b->stx_ino;
	}
	same("inode of a link", pairs[i].b, b->stx_ino);
}

static void compare_xattrs(int da, int db, const char *name)
{
	static char list[2][65536], value[2][65536];
	ssize_t n[2], len[2];
	const char *attr;

	CHECK_EQ(fchdir(da), 0);
	n[0] = llistxattr(name, list[0], sizeof(list[0]));
	CHECK_EQ(fchdir(db), 0);
	n[1] = llistxattr(name, list[1], sizeof(list[1]));
	same("length of the list of extended attributes", n[0], n[1]);
	for (attr = list[0]; n[0] > 0 && attr < list[0] + n[0];
	     attr += strlen(attr) + 1) {
		CHECK_EQ(fchdir(da), 0);
		len[0] = lgetxattr(name, attr, value[0], sizeof(value[0]));
		CHECK_EQ(fchdir(db), 0);
		len[1] = lgetxattr(name, attr, value[1], sizeof(value[1]));
		if (len[0] != len[1] ||
		    (len[0] > 0 && memcmp(value[0], value[1], len[0])))
			differ(attr, len[0], len[1]);
	}
}

static void compare_range(int a, int b, off_t pos, off_t end)
{
	static char data[2][1 << 20];
	ssize_t n;

	while (pos < end) {
		n = end - pos < (off_t)sizeof(data[0]) ? end - pos :
		    (off_t)sizeof(data[0]);
		CHECK_EQ(pread(a, data[0], n, pos), n);
		CHECK_EQ(pread(b, data[1], n, pos), n);
		if (memcmp(data[0], data[1], n)) {
			differ("contents", pos, end);
			return;
		}
		pos += n;
	}
}

/* All that is data in @a, and then in @b. */
static void compare_contents(int da, int db, const char *name, off_t size)
{
	int fd[2], i;
	off_t data, hole;

	fd[0] = openat(da, name, O_RDONLY);
	fd[1] = openat(db, name, O_RDONLY);
	CHECK(fd[0] >= 0 && fd[1] >= 0);
	for (i = 0; i < 2; i++)
		for (hole = 0; hole < size;) {
			data = lseek(fd[i], hole, SEEK_DATA);
			if (data < 0)
				break;
			hole = lseek(fd[i], data, SEEK_HOLE);
			compare_range(fd[0], fd[1], data, hole);
		}
	close(fd[0]);
	close(fd[1]);
}

static void compare_target(int da, int db, const char *name)
{
	char target[2][4097] = { 0 };

	readlinkat(da, name, target[0], sizeof(target[0]) - 1);
	readlinkat(db, name, target[1], sizeof(target[1]) - 1);
	if (!*target[0] || strcmp(target[0], target[1]))
		differ("target of a symbolic link", 0, 0);
}

static void compare_below(int a, int b);

static void compare_entry(int da, int db, const char *name)
{
	struct statx a, b;
	int fa, fb;

	entries++;
	CHECK_EQ(statx(da, name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &a), 0);
	if (statx(db, name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &b)) {
		differ("missing", 0, errno);
		return;
	}
	same("type", a.stx_mode & S_IFMT, b.stx_mode & S_IFMT);
	if ((a.stx_mode ^ b.stx_mode) & S_IFMT)
		return;
	if (!(without & NO_MODES))
		same("mode", a.stx_mode, b.stx_mode);
	if (!(without & NO_OWNERS)) {
		same("owner", a.stx_uid, b.stx_uid);
		same("group", a.stx_gid, b.stx_gid);
	}
	same("seconds", a.stx_mtime.tv_sec, b.stx_mtime.tv_sec);
	if (!(without & NO_NSEC))
		same("nanoseconds", a.stx_mtime.tv_nsec, b.stx_mtime.tv_nsec);
	same("major", a.stx_rdev_major, b.stx_rdev_major);
	same("minor", a.stx_rdev_minor, b.stx_rdev_minor);
	if (!(without & NO_XATTRS))
		compare_xattrs(da, db, name);
	if (S_ISDIR(a.stx_mode)) {
		fa = openat(da, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
		fb = openat(db, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
		CHECK(fa >= 0 && fb >= 0);
		compare_below(fa, fb);
		close(fa);
		close(fb);
		return;
	}
	if (!(without & NO_LINKS) && (a.stx_nlink > 1 || b.stx_nlink > 1))
		compare_links(&a, &b);
	if (S_ISLNK(a.stx_mode))
		compare_target(da, db, name);
	if (!S_ISREG(a.stx_mode))
		return;
	same("size", a.stx_size, b.stx_size);
	if (a.stx_size >= 256ULL << 20 && b.stx_blocks * 512 > SPARSE_MAX)
		differ("not sparse", a.stx_blocks, b.stx_blocks);
	if (a.stx_size == b.stx_size)
		compare_contents(da, db, name, a.stx_size);
}

static unsigned int count(int dir)
{
	DIR *d = fdopendir(dup(dir));
	unsigned int n = 0;

	CHECK(d);
	rewinddir(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static void compare_below(int a, int b)
{
	size_t len = strlen(path);
	struct dirent *e;
	DIR *d = fdopendir(dup(a));

	CHECK(d);
	while ((e = readdir(d))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		sprintf(path + len, "/%s", e->d_name);
		compare_entry(a, b, e->d_name);
		path[len] = '\0';
	}
	closedir(d);
	same("entries", count(a), count(b));
}

void tree_compare(const char *a, const char *b, unsigned int omit)
{
	int fa = open(a, O_RDONLY | O_DIRECTORY);
	int fb = open(b, O_RDONLY | O_DIRECTORY);

	without = omit;
	CHECK(fa >= 0);
	CHECK(fb >= 0);
	strcpy(path, a);
	compare_entry(fa, fb, ".");
	CHECK(entries >= 20000);
	if (!differences)
		return;
	fprintf(stderr, "%u differences in %u entries\n", differences, entries);
	exit(1);
}
