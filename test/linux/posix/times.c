// SPDX-License-Identifier: GPL-2.0-or-later
/* The times of files: which call changes which, and utimensat(2). */
#include <dirent.h>
#include <time.h>
#include "posix.h"

static bool later(struct timespec a, struct timespec b)
{
	return a.tv_sec > b.tv_sec ||
	       (a.tv_sec == b.tv_sec && a.tv_nsec > b.tv_nsec);
}

/* What a change is expected to move: of the file, and of its directory. */
enum { CTIME = 1, MTIME = 2, DIR_TIMES = 4 };

static const char *const path = "dir/file";

static int change_chmod(void)
{
	return chmod(path, 0600);
}

static int change_chown(void)
{
	return chown(path, geteuid(), getegid());
}

static int change_write(void)
{
	int fd = open(path, O_WRONLY);

	return write(fd, "x", 1) == 1 ? close(fd) : -1;
}

static int change_truncate(void)
{
	return truncate(path, 0);
}

static int change_grow(void)
{
	return truncate(path, 1000);
}

static int change_link(void)
{
	return link(path, "dir/other");
}

static int change_unlink(void)
{
	return unlink("dir/other");
}

static int change_rename(void)
{
	return rename(path, "dir/renamed") || rename("dir/renamed", path);
}

static int change_read(void)
{
	char buf[8];
	int fd = open(path, O_RDONLY);

	return read(fd, buf, 8) >= 0 ? close(fd) : -1;
}

static int change_mkdir(void)
{
	return mkdir("dir/sub", 0755);
}

static int change_rmdir(void)
{
	return rmdir("dir/sub");
}

static int change_symlink(void)
{
	return symlink("x", "dir/link");
}

static int change_failed(void)
{
	return truncate("dir/file/below", 0) == -1 ? 0 : -1;
}

static const struct {
	const char *name;
	int (*change)(void);
	int moves;
} changes[] = {
	{ "chmod", change_chmod, CTIME },
	{ "chown", change_chown, CTIME },
	{ "write", change_write, CTIME | MTIME },
	{ "truncate", change_truncate, CTIME | MTIME },
	{ "truncate to more", change_grow, CTIME | MTIME },
	{ "link", change_link, CTIME | DIR_TIMES },
	{ "unlink of a second name", change_unlink, CTIME | DIR_TIMES },
	{ "rename", change_rename, CTIME | DIR_TIMES },
	{ "read", change_read, 0 },
	{ "mkdir beside", change_mkdir, DIR_TIMES },
	{ "rmdir beside", change_rmdir, DIR_TIMES },
	{ "symlink beside", change_symlink, DIR_TIMES },
	{ "a call that fails", change_failed, 0 },
};

void test_times(void)
{
	struct stat file, dir, new_file, new_dir;
	struct timespec now, start;
	size_t i;

	clock_gettime(CLOCK_REALTIME, &start);
	start.tv_sec--;
	OK(mkdir("dir", 0755));
	make_file(path, "text");
	file = stat_of(path);
	clock_gettime(CLOCK_REALTIME, &now);
	now.tv_sec++;
	IS(later(file.st_mtim, start) && later(now, file.st_mtim));
	IS(later(file.st_ctim, start) && later(now, file.st_ctim));
	IS(later(file.st_atim, start) && later(now, file.st_atim));

	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		const char *name = changes[i].name;

		file = stat_of(path);
		dir = stat_of("dir");
		wait_tick();
		EQ(changes[i].change(), 0);
		new_file = stat_of(path);
		new_dir = stat_of("dir");
		check(later(new_file.st_ctim, file.st_ctim) ==
		      !!(changes[i].moves & CTIME), __FILE__, __LINE__,
		      "ctime after %s", name);
		check(later(new_file.st_mtim, file.st_mtim) ==
		      !!(changes[i].moves & MTIME), __FILE__, __LINE__,
		      "mtime after %s", name);
		check(later(new_dir.st_mtim, dir.st_mtim) ==
		      !!(changes[i].moves & DIR_TIMES), __FILE__, __LINE__,
		      "the directory's mtime after %s", name);
	}
}

static bool same(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

void test_utimens(void)
{
	static const struct timespec points[] = {
		{ 0, 0 }, { 1, 1 }, { 1234567890, 123456789 },
		{ 0x7fffffff, 999999999 },
		/* After 2038 and before 1970. */
		{ 0x80000000, 1 }, { 4102444800, 5 }, { -86400, 250000000 },
	};
	struct timespec set[2], before;
	struct stat st;
	size_t i;
	int fd;

	make_file("file", "");
	OK(mkdir("dir", 0755));
	OK(symlink("absent", "link"));
	for (i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		set[0] = points[i];
		set[1] = points[(i + 1) % (sizeof(points) / sizeof(points[0]))];
		OK(utimensat(AT_FDCWD, "file", set, 0));
		IS(same(stat_of("file").st_atim, set[0]));
		IS(same(stat_of("file").st_mtim, set[1]));
		OK(utimensat(AT_FDCWD, "link", set, AT_SYMLINK_NOFOLLOW));
		IS(same(stat_of("link").st_mtim, set[1]));
		OK(utimensat(AT_FDCWD, "dir", set, 0));
		IS(same(stat_of("dir").st_mtim, set[1]));
	}
	set[0] = (struct timespec){ 5, UTIME_OMIT };
	set[1] = (struct timespec){ 77, 88 };
	before = stat_of("file").st_atim;
	OK(utimensat(AT_FDCWD, "file", set, 0));
	IS(same(stat_of("file").st_atim, before));
	IS(same(stat_of("file").st_mtim, set[1]));
	set[0] = (struct timespec){ 0, UTIME_NOW };
	set[1] = (struct timespec){ 0, UTIME_OMIT };
	OK(utimensat(AT_FDCWD, "file", set, 0));
	IS(stat_of("file").st_atim.tv_sec > 1000000000);
	EQ(stat_of("file").st_mtim.tv_sec, 77);
	fd = OK(open("file", O_RDWR));
	OK(futimens(fd, NULL));
	OK(fstat(fd, &st));
	IS(st.st_mtim.tv_sec > 1000000000);
	OK(close(fd));
	set[0] = (struct timespec){ 0, 1000000000 };
	FAILS(EINVAL, utimensat(AT_FDCWD, "file", set, 0));
	FAILS(ENOENT, utimensat(AT_FDCWD, "absent", NULL, 0));
	FAILS(ENOENT, utimensat(AT_FDCWD, "link", NULL, 0));
}
