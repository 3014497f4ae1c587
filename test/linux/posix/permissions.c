// SPDX-License-Identifier: GPL-2.0-or-later
/* chmod(2), chown(2), and what modes permit. For an ordinary user. */
#include <dirent.h>
#include <grp.h>
#include "posix.h"

void test_chmod(void)
{
	static const mode_t modes[] = { 0, 0400, 0644, 0755, 0777, 01777,
					04755, 06711 };
	struct stat st;
	size_t i;
	int fd;

	make_file("file", "");
	OK(mkdir("dir", 0755));
	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		OK(chmod("file", modes[i]));
		EQ(stat_of("file").st_mode, S_IFREG | modes[i]);
		OK(chmod("dir", modes[i]));
		EQ(stat_of("dir").st_mode, S_IFDIR | modes[i]);
	}
	OK(chmod("file", 0644));
	fd = OK(open("file", O_RDONLY));
	OK(fchmod(fd, 0640));
	OK(fstat(fd, &st));
	EQ(st.st_mode & 07777, 0640);
	OK(close(fd));
	FAILS(ENOENT, chmod("absent", 0644));
	FAILS(ENOTDIR, chmod("file/below", 0644));
	FAILS(ENAMETOOLONG, chmod(name_256, 0644));
	OK(symlink("file", "link"));
	OK(chmod("link", 0600));
	EQ(stat_of("file").st_mode & 07777, 0600);

	/* A write takes the set-id bits away. */
	if (geteuid()) {
		OK(chmod("file", 06777));
		fd = OK(open("file", O_WRONLY));
		EQ(write(fd, "x", 1), 1);
		OK(close(fd));
		EQ(stat_of("file").st_mode & 07777, 0777);
		OK(chmod("file", 04777));
		OK(truncate("file", 0));
		EQ(stat_of("file").st_mode & 07777, 0777);
	}

	/* What is made in a set-group-id directory. */
	OK(mkdir("shared", 0755));
	OK(chmod("shared", 02775));
	OK(mkdir("shared/dir", 0755));
	EQ(stat_of("shared/dir").st_mode & 07777, 02755);
	EQ(stat_of("shared/dir").st_gid, stat_of("shared").st_gid);
	make_file("shared/file", "");
	EQ(stat_of("shared/file").st_mode & 07777, 0644);
}

void test_chown(void)
{
	uid_t me = geteuid();
	gid_t group = getegid();
	int fd;

	make_file("file", "");
	OK(chown("file", me, group));
	OK(chown("file", -1, -1));
	OK(chown("file", -1, group));
	EQ(stat_of("file").st_uid, me);
	EQ(stat_of("file").st_gid, group);
	fd = OK(open("file", O_RDWR));
	OK(fchown(fd, me, -1));
	OK(close(fd));
	OK(symlink("absent", "link"));
	OK(lchown("link", me, group));
	FAILS(ENOENT, chown("link", me, group));
	FAILS(ENOENT, chown("absent", me, group));
	FAILS(ENOTDIR, chown("file/below", me, group));
	if (!me)
		return;
	FAILS(EPERM, chown("file", 0, -1));
	FAILS(EPERM, chown("file", me + 1, -1));
	FAILS(EPERM, chown("file", -1, 0));
	FAILS(EPERM, lchown("link", 0, -1));
	OK(chmod("file", 06755));
	OK(chown("file", me, group));
	EQ(stat_of("file").st_mode & 07777, 0755);
}

void test_access(void)
{
	struct stat st;
	int fd;

	make_file("file", "text");
	OK(access("file", R_OK | W_OK));
	FAILS(ENOENT, access("absent", F_OK));
	FAILS(ENOTDIR, access("file/below", F_OK));
	if (!geteuid())
		return;
	FAILS(EACCES, access("file", X_OK));
	OK(chmod("file", 0));
	OK(access("file", F_OK));
	FAILS(EACCES, access("file", R_OK));
	FAILS(EACCES, access("file", W_OK));
	FAILS(EACCES, open("file", O_RDONLY));
	FAILS(EACCES, open("file", O_WRONLY));
	FAILS(EACCES, truncate("file", 0));
	OK(chmod("file", 0400));
	fd = OK(open("file", O_RDONLY));
	OK(close(fd));
	FAILS(EACCES, open("file", O_RDWR));
	/* The owner's bits are the owner's, whatever others may. */
	OK(chmod("file", 0077));
	FAILS(EACCES, open("file", O_RDONLY));
	/* A descriptor keeps what it was opened for. */
	OK(chmod("file", 0600));
	fd = OK(open("file", O_RDWR));
	OK(chmod("file", 0));
	EQ(write(fd, "more", 4), 4);
	OK(ftruncate(fd, 2));
	OK(close(fd));
	fd = OK(open("new", O_RDWR | O_CREAT, 0));
	EQ(write(fd, "x", 1), 1);
	OK(close(fd));

	OK(mkdir("dir", 0755));
	make_file("dir/file", "text");
	OK(chmod("dir", 0600));
	FAILS(EACCES, open("dir/file", O_RDONLY));
	FAILS(EACCES, lstat("dir/file", &st));
	FAILS(EACCES, unlink("dir/file"));
	FAILS(EACCES, chmod("dir/file", 0600));
	FAILS(EACCES, chdir("dir"));
	OK(chmod("dir", 0300));
	FAILS(EACCES, opendir("dir") ? 0 : -1);
	fd = OK(open("dir/file", O_RDONLY));
	OK(close(fd));
	OK(chmod("dir", 0500));
	FAILS(EACCES, open("dir/new", O_WRONLY | O_CREAT, 0644));
	FAILS(EACCES, mkdir("dir/new", 0755));
	FAILS(EACCES, symlink("x", "dir/new"));
	FAILS(EACCES, link("dir/file", "dir/new"));
	FAILS(EACCES, mkfifo("dir/new", 0644));
	FAILS(EACCES, unlink("dir/file"));
	FAILS(EACCES, rename("dir/file", "out"));
	FAILS(EACCES, rename("new", "dir/new"));
	OK(chmod("dir", 0755));
	OK(unlink("dir/file"));
	OK(rmdir("dir"));
}
