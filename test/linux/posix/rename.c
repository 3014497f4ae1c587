// SPDX-License-Identifier: GPL-2.0-or-later
/* rename(2) and renameat2(2). */
#include "posix.h"

static ino_t ino_of(const char *path)
{
	return stat_of(path).st_ino;
}

static void onto_what_exists(void)
{
	ino_t ino;
	int fd;
	char buf[8];
	struct stat st;

	make_file("file", "text");
	make_file("victim", "victim");
	fd = OK(open("victim", O_RDONLY));
	ino = ino_of("file");
	OK(rename("file", "victim"));
	EQ(ino_of("victim"), ino);
	IS(holds("victim", "text"));
	OK(fstat(fd, &st));
	EQ(st.st_nlink, 0);
	EQ(read(fd, buf, 8), 6);
	OK(close(fd));

	OK(mkdir("folder", 0755));
	OK(mkdir("empty", 0755));
	OK(mkdir("full", 0755));
	make_file("full/file", "");
	FAILS(EISDIR, rename("victim", "folder"));
	FAILS(ENOTDIR, rename("folder", "victim"));
	FAILS_EITHER(ENOTEMPTY, EEXIST, rename("folder", "full"));
	OK(rename("folder", "empty"));
	FAILS(ENOENT, lstat("folder", &st));
	OK(symlink("absent", "link"));
	OK(rename("link", "victim"));
	IS(S_ISLNK(stat_of("victim").st_mode));
	OK(rename("full/file", "victim"));
	IS(S_ISREG(stat_of("victim").st_mode));
	OK(rmdir("full"));
	OK(rmdir("empty"));
}

void test_rename(void)
{
	struct stat st;
	ino_t ino;

	make_file("a", "text");
	ino = ino_of("a");
	OK(rename("a", "b"));
	FAILS(ENOENT, lstat("a", &st));
	EQ(ino_of("b"), ino);
	EQ(stat_of("b").st_nlink, 1);
	OK(rename("b", "b"));
	OK(link("b", "c"));
	/* Two names of one inode: nothing happens. */
	OK(rename("b", "c"));
	EQ(ino_of("b"), ino);
	EQ(stat_of("c").st_nlink, 2);
	FAILS(ENOENT, rename("absent", "d"));
	FAILS(ENOENT, rename("b", "absent/d"));
	FAILS(ENOTDIR, rename("b", "c/d"));
	FAILS(ENOTDIR, rename("b/d", "d"));
	FAILS(ENAMETOOLONG, rename("b", name_256));
	FAILS(ENAMETOOLONG, rename(name_256, "b"));

	OK(mkdir("dir", 0755));
	OK(mkdir("dir/sub", 0755));
	OK(mkdir("target", 0755));
	FAILS(EINVAL, rename("dir", "dir/sub/dir"));
	FAILS(EINVAL, rename("dir", "dir/dir"));
	FAILS_EITHER(ENOTEMPTY, EEXIST, rename("target", "dir"));
	make_file("dir/sub/file", "deep");
	OK(rename("dir/sub", "target/moved"));
	IS(holds("target/moved/file", "deep"));
	FAILS(ENOENT, lstat("dir/sub", &st));
	if (!lacks("dir-nlink")) {
		EQ(stat_of("dir").st_nlink, 2);
		EQ(stat_of("target").st_nlink, 3);
	}
	OK(rename("b", "target/moved/b"));
	EQ(ino_of("target/moved/b"), ino);
	OK(rename("target", name_255));
	OK(access(name_255, F_OK));
	OK(rename(name_255, "target"));
	IS(holds("target/moved/b", "text"));
	OK(unlink("target/moved/b"));
	OK(unlink("target/moved/file"));
	OK(rmdir("target/moved"));
	onto_what_exists();
}

void test_rename_flags(void)
{
	struct stat st;
	ino_t a, b;

	make_file("a", "first");
	make_file("b", "second");
	FAILS(EEXIST, renameat2(AT_FDCWD, "a", AT_FDCWD, "b",
				RENAME_NOREPLACE));
	OK(renameat2(AT_FDCWD, "a", AT_FDCWD, "new", RENAME_NOREPLACE));
	IS(holds("new", "first"));
	FAILS(ENOENT, lstat("a", &st));
	FAILS(EINVAL, renameat2(AT_FDCWD, "new", AT_FDCWD, "b", 0x80));
	FAILS(EINVAL, renameat2(AT_FDCWD, "new", AT_FDCWD, "b",
				RENAME_NOREPLACE | RENAME_EXCHANGE));
	FAILS(ENOENT, renameat2(AT_FDCWD, "new", AT_FDCWD, "absent",
				RENAME_EXCHANGE));
	a = ino_of("new");
	b = ino_of("b");
	OK(renameat2(AT_FDCWD, "new", AT_FDCWD, "b", RENAME_EXCHANGE));
	EQ(ino_of("new"), b);
	EQ(ino_of("b"), a);
	IS(holds("new", "second"));
	IS(holds("b", "first"));
	OK(mkdir("dir", 0755));
	make_file("dir/in", "inside");
	OK(renameat2(AT_FDCWD, "dir", AT_FDCWD, "b", RENAME_EXCHANGE));
	IS(holds("dir", "first"));
	IS(holds("b/in", "inside"));
	FAILS(EINVAL, renameat2(AT_FDCWD, "b", AT_FDCWD, "b/in",
				RENAME_EXCHANGE));
}
