// SPDX-License-Identifier: GPL-2.0-or-later
/* Directories: mkdir(2), rmdir(2), reading. */
#include <dirent.h>
#include <stdlib.h>
#include "posix.h"

#define ENTRIES 1500

void test_mkdir(void)
{
	char deep[4096] = "deep", *end = deep + 4;
	int fd, i;

	OK(mkdir("dir", 0750));
	EQ(stat_of("dir").st_mode, S_IFDIR | 0750);
	EQ(stat_of("dir").st_uid, geteuid());
	umask(077);
	OK(mkdir("private", 0777));
	EQ(stat_of("private").st_mode, S_IFDIR | 0700);
	umask(022);
	OK(mkdir("sticky", 01777));
	EQ(stat_of("sticky").st_mode, S_IFDIR | 01755);
	FAILS(EEXIST, mkdir("dir", 0755));
	FAILS(EEXIST, mkdir(".", 0755));
	FAILS(ENOENT, mkdir("absent/dir", 0755));
	make_file("file", "");
	FAILS(EEXIST, mkdir("file", 0755));
	FAILS(ENOTDIR, mkdir("file/dir", 0755));
	FAILS(ENAMETOOLONG, mkdir(name_256, 0755));
	OK(mkdir(name_255, 0755));
	OK(rmdir(name_255));
	OK(symlink("absent", "link"));
	FAILS(EEXIST, mkdir("link", 0755));

	if (!lacks("dir-nlink")) {
		EQ(stat_of("dir").st_nlink, 2);
		OK(mkdir("dir/sub", 0755));
		EQ(stat_of("dir").st_nlink, 3);
		OK(rmdir("dir/sub"));
		EQ(stat_of("dir").st_nlink, 2);
	}
	OK(mkdir("dir/sub", 0755));
	FAILS_EITHER(ENOTEMPTY, EEXIST, rmdir("dir"));
	OK(rmdir("dir/sub"));
	make_file("dir/file", "");
	FAILS_EITHER(ENOTEMPTY, EEXIST, rmdir("dir"));
	OK(unlink("dir/file"));
	OK(rmdir("dir"));
	FAILS(ENOENT, rmdir("dir"));
	FAILS(ENOTDIR, rmdir("file"));
	FAILS(ENOTDIR, rmdir("link"));
	FAILS(EINVAL, rmdir("sticky/."));
	FAILS(ENAMETOOLONG, rmdir(name_256));

	/* One that somebody is in. */
	OK(mkdir("gone", 0755));
	fd = OK(open("gone", O_RDONLY | O_DIRECTORY));
	OK(rmdir("gone"));
	FAILS(ENOENT, openat(fd, "file", O_WRONLY | O_CREAT, 0644));
	FAILS(ENOENT, mkdirat(fd, "dir", 0755));
	OK(close(fd));

	/* Deep, to the longest path. */
	OK(mkdir(deep, 0755));
	for (i = 0; i < 15; i++) {
		*end++ = '/';
		memset(end, 'a' + i, 250);
		end += 250;
		if (mkdir(deep, 0755))
			break;
	}
	EQ(i, 15);
	OK(access(deep, F_OK));
	while (i--) {
		rmdir(deep);
		*strrchr(deep, '/') = 0;
	}
	OK(rmdir("deep"));
}

/* How often each file of fill() is listed; others count as -1. */
static int listed[ENTRIES];

static void fill(void)
{
	char name[32];
	int i;

	for (i = 0; i < ENTRIES; i++) {
		snprintf(name, sizeof(name), "many/entry-%d", i);
		make_file(name, "");
	}
}

static int list(DIR *dir, int most)
{
	struct dirent *entry;
	int n = 0, number;

	while (n < most && (entry = readdir(dir))) {
		if (sscanf(entry->d_name, "entry-%d", &number) != 1)
			continue;
		if (number < 0 || number >= ENTRIES)
			return -1;
		listed[number]++;
		n++;
	}
	return n;
}

static int count_listed(int times)
{
	int i, n = 0;

	for (i = 0; i < ENTRIES; i++)
		n += listed[i] == times;
	return n;
}

void test_readdir(void)
{
	bool dot = false, dots = false, type = true;
	struct dirent *entry;
	struct stat st;
	char name[32];
	long place;
	DIR *dir;
	int i;

	OK(mkdir("many", 0755));
	fill();
	dir = opendir("many");
	IS(dir != NULL);
	EQ(list(dir, ENTRIES * 2), ENTRIES);
	EQ(count_listed(1), ENTRIES);
	rewinddir(dir);
	EQ(list(dir, ENTRIES / 2), ENTRIES / 2);
	place = telldir(dir);
	EQ(list(dir, ENTRIES * 2), ENTRIES - ENTRIES / 2);
	EQ(count_listed(2), ENTRIES);
	seekdir(dir, place);
	EQ(list(dir, ENTRIES * 2), ENTRIES - ENTRIES / 2);
	EQ(count_listed(3), ENTRIES - ENTRIES / 2);

	rewinddir(dir);
	while ((entry = readdir(dir))) {
		dot |= !strcmp(entry->d_name, ".");
		dots |= !strcmp(entry->d_name, "..");
		if (entry->d_name[0] == '.')
			continue;
		type &= entry->d_type == DT_REG;
		snprintf(name, sizeof(name), "many/%.20s", entry->d_name);
		type &= !lstat(name, &st) && st.st_ino == entry->d_ino;
	}
	IS(dot && dots);
	IS(type);

	/* Removed while it is read: each is listed once at most. */
	memset(listed, 0, sizeof(listed));
	rewinddir(dir);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		if (unlinkat(dirfd(dir), entry->d_name, 0))
			break;
		listed[atoi(entry->d_name + 6)]++;
	}
	IS(entry == NULL);
	EQ(count_listed(1), ENTRIES);
	OK(closedir(dir));
	OK(rmdir("many"));
	FAILS(ENOENT, opendir("many") ? 0 : -1);
	make_file("file", "");
	FAILS(ENOTDIR, opendir("file") ? 0 : -1);

	for (i = 0; i < 3; i++) {
		static const char *const names[] = {
			"with space", "\xc3\xa4\xc3\xb6\xe2\x82\xac\xf0\x9f\x98\x80",
			"back\\slash\"quote",
		};

		make_file(names[i], names[i]);
		IS(holds(names[i], names[i]));
	}
}
