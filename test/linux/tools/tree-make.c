// SPDX-License-Identifier: GPL-2.0-or-later
/* A tree with everything that files can have; always the same. */
#include <fcntl.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "../../lib/check.h"
#include "tree.h"

#define DIRECTORIES 800
#define FILES_EACH 24
#define DEEP 100

static unsigned int without;
static uint32_t state = 1;

static uint32_t random_number(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

/* From 1901 to 2400, mostly now. */
static struct timespec random_time(void)
{
	static const long long rare[] = {
		-2145916800,	/* 1902 */
		-1,		/* the last second of 1969 */
		0, 315532800,	/* 1980 */
		2147483648,	/* 2038, beyond 31 bits */
		4291747200,	/* 2106, within 32 */
		4354819200,	/* 2108, beyond */
		13569465600,	/* 2400 */
	};
	uint32_t r = random_number();
	struct timespec t = { 1000000000 + r % 700000000, r % 1000000000 };

	if (r % 8 == 0)
		t.tv_sec = rare[(r >> 8) % (sizeof(rare) / sizeof(rare[0]))];
	if (without & NO_BEFORE_1970 && t.tv_sec < 0)
		t.tv_sec = 1;
	if (without & NO_BEFORE_1980 && t.tv_sec < 315619200)
		t.tv_sec = 315619200;
	if (without & NO_AFTER_2105 && t.tv_sec > 4200000000)
		t.tv_sec = 4200000000;
	/* One that tar's format cannot have (linux/tools/fs2tar/tree.c). */
	if (t.tv_sec == -1 || without & NO_NSEC)
		t.tv_nsec = 0;
	if (without & NO_ODD_SECONDS)
		t.tv_sec &= ~1LL;
	return t;
}

static void set_times(int dir, const char *name)
{
	struct timespec times[2];

	times[0] = random_time();
	times[1] = random_time();
	CHECK_EQ(utimensat(dir, name, times, AT_SYMLINK_NOFOLLOW), 0);
}

/* u::rw-,u:1234:r-x,g::r--,g:99:rw-,m::rwx,o::-w-, on little-endian machines. */
static const struct {
	struct posix_acl_xattr_header header;
	struct posix_acl_xattr_entry entries[6];
} acl = {
	{ POSIX_ACL_XATTR_VERSION },
	{
		{ ACL_USER_OBJ, 6, -1 }, { ACL_USER, 5, 1234 },
		{ ACL_GROUP_OBJ, 4, -1 }, { ACL_GROUP, 6, 99 },
		{ ACL_MASK, 7, -1 }, { ACL_OTHER, 2, -1 },
	},
};

/* Owner, mode, extended attributes and times. */
static void set_attributes(int dir, const char *name, bool is_link)
{
	char value[300];
	uint32_t r = random_number();

	if (!(without & NO_OWNERS) && !geteuid())
		CHECK_EQ(fchownat(dir, name, r % 70000, r % 60000,
				  AT_SYMLINK_NOFOLLOW), 0);
	if (!is_link && !(without & NO_MODES))
		CHECK_EQ(fchmodat(dir, name, (r & 07777) | (geteuid() ? 0700 : 0),
				  0), 0);
	if (!is_link && !(without & NO_XATTRS) && r % 10 == 0) {
		CHECK_EQ(fchdir(dir), 0);
		memset(value, 'v', sizeof(value));
		CHECK_EQ(lsetxattr(name, "user.lkl-test", value,
				   r % sizeof(value), 0), 0);
		CHECK_EQ(lsetxattr(name, "user.another", "\0\xff", 2,
				   0), 0);
	}
	if (!is_link && !(without & (NO_XATTRS | NO_ACLS)) && r % 50 == 1) {
		CHECK_EQ(fchdir(dir), 0);
		CHECK_EQ(lsetxattr(name, "system.posix_acl_access", &acl,
				   sizeof(acl), 0), 0);
	}
	set_times(dir, name);
}

static int make_dir(int dir, const char *name)
{
	int fd;

	CHECK_EQ(mkdirat(dir, name, 0700), 0);
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHECK(fd >= 0);
	return fd;
}

static void make_file(int dir, const char *name, size_t size)
{
	static char data[1 << 20];
	size_t i, len;
	uint32_t *word = (uint32_t *)data;
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL, 0600);

	CHECK(fd >= 0);
	for (; size; size -= len) {
		len = size < sizeof(data) ? size : sizeof(data);
		for (i = 0; i < (len + 3) / 4; i++)
			word[i] = random_number();
		CHECK_EQ(write(fd, data, len), len);
	}
	close(fd);
	set_attributes(dir, name, false);
}

/* Sizes around blocks, most of them small; some empty. */
static size_t random_size(void)
{
	uint32_t r = random_number();

	switch (r % 64) {
	case 0: return 65536 + r % 200000;
	case 1: return 4096;
	case 2: return 4095;
	case 3: return 4097;
	default: return r >> 8 & 1023;
	}
}

static void random_name(char *name, unsigned int i)
{
	uint32_t r = random_number();
	unsigned int len;

	if (r % 100 == 0) {
		/* 255 bytes, and 255 of UTF-16 as well. */
		len = sprintf(name, "%u-", i);
		memset(name + len, 'n', 255 - len);
		name[without & NO_LONG_NAMES ? 250 : 255] = '\0';
	} else if (r % 100 == 1 && !(without & NO_MODES)) {
		sprintf(name, "%u \\ \"quoted\" *?[x]|<>:\t\n-", i);
	} else if (r % 100 < 10) {
		sprintf(name, "%u Gr\xc3\xbc\xc3\x9f-\xe6\x97\xa5\xe6\x9c\xac-\xf0\x9f\x90\xa7", i);
	} else {
		sprintf(name, "file-%u.%x", i, r & 0xfff);
	}
}

static void make_files(int dir)
{
	char name[256], other[300];
	unsigned int i;

	for (i = 0; i < FILES_EACH; i++) {
		random_name(name, i);
		if (i % 8 == 5 && !(without & NO_SYMLINKS)) {
			snprintf(other, sizeof(other), "../%s", name);
			CHECK_EQ(symlinkat(other, dir, name), 0);
			set_attributes(dir, name, true);
			continue;
		}
		make_file(dir, name, random_size());
		if (i == 3 && !(without & NO_LINKS)) {
			CHECK_EQ(linkat(dir, name, dir, "link", 0), 0);
			CHECK_EQ(linkat(dir, name, dir, "a-link", 0), 0);
			set_times(dir, name);
		}
	}
}

static void make_specials(int root)
{
	int dir = make_dir(root, "specials");

	CHECK_EQ(mkfifoat(dir, "fifo", 0600), 0);
	set_attributes(dir, "fifo", true);
	if (!geteuid()) {
		CHECK_EQ(mknodat(dir, "null", S_IFCHR | 0600, makedev(1, 3)), 0);
		CHECK_EQ(mknodat(dir, "big", S_IFBLK | 0600,
				 makedev(259, without & NO_BIG_MINORS ? 70 :
					      70000)), 0);
		set_attributes(dir, "null", true);
		set_attributes(dir, "big", true);
	}
	close(dir);
	set_attributes(root, "specials", false);
}

/* 10 GiB of which next to nothing is there, and 1 GiB of nothing. */
static void make_sparse(int root)
{
	const off_t size = 10LL << 30;
	const off_t data[] = { 0, 4 << 20, size / 2, size - 4096 };
	int dir = make_dir(root, "sparse"), fd;
	size_t i;

	fd = openat(dir, "file", O_WRONLY | O_CREAT, 0600);
	for (i = 0; i < sizeof(data) / sizeof(data[0]); i++)
		CHECK_EQ(pwrite(fd, "data", 4, data[i]), 4);
	CHECK_EQ(ftruncate(fd, size), 0);
	close(fd);
	fd = openat(dir, "empty", O_WRONLY | O_CREAT, 0600);
	CHECK_EQ(ftruncate(fd, 1LL << 30), 0);
	close(fd);
	set_attributes(dir, "file", false);
	set_attributes(dir, "empty", false);
	close(dir);
	set_attributes(root, "sparse", false);
}

static void make_deep(int dir, unsigned int levels)
{
	int below = make_dir(dir, "deep-down-in-the-tree");

	if (levels)
		make_deep(below, levels - 1);
	else
		make_file(below, "bottom", 100);
	close(below);
	set_attributes(dir, "deep-down-in-the-tree", false);
}

void tree_make(const char *path, unsigned int omit)
{
	char name[64];
	unsigned int i;
	int root, dir;

	without = omit;
	umask(0);
	root = make_dir(AT_FDCWD, path);
	for (i = 0; i < DIRECTORIES; i++) {
		sprintf(name, "directory-%u", i);
		dir = make_dir(root, name);
		make_files(dir);
		close(dir);
		set_attributes(root, name, false);
	}
	make_deep(root, DEEP);
	make_file(root, "large", 24 << 20);
	if (!(without & NO_SPECIALS))
		make_specials(root);
	if (!(without & NO_SPARSE))
		make_sparse(root);
	set_attributes(root, ".", false);
	close(root);
}
